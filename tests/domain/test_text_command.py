"""Commands and digits in texts; whatever says more is for a person."""

import pytest

from voicebot.domain.text_command import TextCommand, read_command, read_digit
from voicebot.domain.text_request import read_text_request


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("STATUS", TextCommand.STATUS),
        ("Status, please!", TextCommand.STATUS),
        (" move ", TextCommand.MOVE),
        ("Other time?", TextCommand.MOVE),
        ("Call me", TextCommand.CALL),
        ("please call me back, thank you", TextCommand.CALL),
        ("What is the status of my refund?", None),
        ("Do not call", None),
        ("Move the sofa", None),
        ("", None),
        ("please", None),
        ("YES", None),
        ("HELP", None),
    ],
)
def test_a_command_is_all_that_the_text_says(text: str, command: TextCommand | None) -> None:
    assert read_command(text) is command


@pytest.mark.parametrize("command", ["status", "move", "call", "call me"])
def test_no_command_of_ours_is_a_word_of_the_carrier(command: str) -> None:
    assert read_text_request(command) is None


@pytest.mark.parametrize(
    ("text", "digit"),
    [("1", 1), (" 2. ", 2), ("(3)", 3), ("0", 0), ("12", None), ("2 kettles", None), ("１", None), ("", None)],
)
def test_one_digit_is_an_answer(text: str, digit: int | None) -> None:
    assert read_digit(text) == digit
