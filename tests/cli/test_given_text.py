"""Text in another encoding than ours is refused with a sentence, whichever command it was meant for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from voicebot.cli import COMMANDS
from voicebot.cli.given_text import not_text, refuse_unreadable
from voicebot.errors import Refused

LATIN = b"spoke with Mrs M\xfcller"


def run(folder: Path, *words: str | bytes, typed: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    settings = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "VOICEBOT_DATA_DIR": str(folder)}
    command = [sys.executable, "-m", "voicebot", *words]
    return subprocess.run(command, env=settings, input=typed, capture_output=True, check=False, cwd=folder)


def test_letters_of_every_script_are_text_and_half_a_letter_is_none() -> None:
    assert not any(map(not_text, ("Mrs Müller", "чайник", "קומקום", "😀", "")))
    assert not_text(LATIN.decode("utf-8", "surrogateescape"))


def test_the_word_is_shown_with_a_mark_for_what_cannot_be_read() -> None:
    with pytest.raises(Refused, match="Mrs M\ufffdller") as refused:
        refuse_unreadable(["fine", LATIN.decode("utf-8", "surrogateescape")])
    assert refused.value.code == "text-unreadable"


def test_reason_in_latin_1_is_refused_with_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "tickets", "called", "482-719-300", "--next", "stands", "--reason", LATIN)
    told = done.stderr.decode()
    assert done.returncode == 1
    assert told.startswith("voicebot: reading what was typed")
    assert len(told.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [], "nothing was done"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_no_command_is_handed_what_cannot_be_read(command: str) -> None:
    from click.testing import CliRunner

    from voicebot.cli import main

    done = CliRunner().invoke(main, [command, LATIN.decode("utf-8", "surrogateescape")])
    assert done.exit_code == 1
    assert "not UTF-8" in done.output


def test_password_in_latin_1_is_refused_with_one_sentence(migrated_file: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_file, tmp_path / "voicebot.db")
    add = ("staff", "add", "a@firm.example", "--name", "A", "--role", "handler")
    done = run(tmp_path, *add, typed=b"a quiet h\xe4rbour at dawn\n")
    assert done.returncode == 1
    assert "not UTF-8" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
