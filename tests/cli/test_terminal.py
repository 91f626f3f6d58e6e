"""Words of strangers on a terminal."""

import doctest
import json

import pytest
from rich.console import Console
from rich.table import Table

from voicebot.cli import terminal
from voicebot.cli.terminal import harmless, json_text, shown

ATTACKS = {
    "clears the screen": "lamp\x1b[2J\x1b[H",
    "renames the window": "lamp\x1b]0;root\x07",
    "C1 control sequence": "lamp\x9b31m",
    "overwrites the line": "lamp\rpaid",
    "deletes what stands there": "lamp\x08\x08\x08\x08",
    "turns the line around": "lamp\u202etxt.exe",
    "isolates": "lamp\u2066x\u2069",
    "NUL": "lamp\x00",
}


@pytest.mark.danger("stored XSS")
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_character_is_left_that_a_terminal_obeys(attack: str) -> None:
    assert "[U+" in harmless(attack)
    assert all(character.isprintable() for character in harmless(attack))
    assert harmless(attack).startswith("lamp")


@pytest.mark.danger("stored XSS")
@pytest.mark.parametrize("attack", ["[red]angry[/red]", "[link=https://evil.example]press[/link]", "[/]", "\\[red]"])
def test_square_brackets_are_shown_and_not_obeyed(attack: str) -> None:
    table = Table("Said")
    table.add_row(shown(attack))
    console = Console(record=True, width=100, force_terminal=True)
    with console.capture() as captured:
        console.print(table)
    assert "evil.example\x1b\\" not in captured.get()
    assert "\x1b[31m" not in captured.get()
    assert attack in captured.get()


@pytest.mark.danger("stored XSS")
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_json_says_the_same_words_in_characters_that_a_terminal_only_shows(attack: str) -> None:
    written = json_text({"body": attack})
    assert all(character.isprintable() or character == "\n" for character in written)
    assert json.loads(written) == {"body": attack}


@pytest.mark.parametrize("words", ["שלום, המנורה נשברה", "Лампа разбилась", "žalba č ć š đ", "lamp\tand\nbox", "€ 🔥"])
def test_words_of_every_script_stay_as_they_are(words: str) -> None:
    assert harmless(words) == words
    assert words.split()[0].strip(",") in json_text([words])


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(terminal).failed == 0
