"""What a text asks of its case, such as how it stands, another time, a call, or a digit that answers a question of
ours.

Digits work in every language. The carrier's own words (HELP, INFO, START, UNSTOP, YES and those that stop texts) are no
commands of ours, and whatever says more than the command is read by a person.
Knows: how commands are worded. Must not know: what one does.
Source: script.md 2 (words that a reply may have) and twilio.md 1.9 (words that are taken).
"""

import re
from enum import StrEnum


class TextCommand(StrEnum):
    """What a text asks for."""

    STATUS = "status"
    MOVE = "move"
    CALL = "call"


_WORDS = {
    TextCommand.STATUS: ("status", "news", "any news"),
    TextCommand.MOVE: ("move", "other time", "another time", "move it"),
    TextCommand.CALL: ("call", "call me", "call me back"),
}
_COMMANDS = {words: command for command, all_words in _WORDS.items() for words in all_words}
_COURTESY = frozenset({"please", "pls", "thanks", "thank", "you"})


def read_command(text: str) -> TextCommand | None:
    """Return the command that is all a text says.

    >>> read_command("Status, please!")
    <TextCommand.STATUS: 'status'>
    >>> read_command("What is the status of my refund?") is None
    True
    """
    words = [word for word in re.findall(r"\w+", text.casefold()) if word not in _COURTESY]
    return _COMMANDS.get(" ".join(words))


def read_digit(text: str) -> int | None:
    """Return the one digit that is all a text says, brackets and full stops apart.

    >>> read_digit(" 2. ")
    2
    >>> read_digit("2 kettles") is None
    True
    """
    found = re.fullmatch(r"[\s(\[\"']*([0-9])[\s.)\]!\"']*", text, re.ASCII)
    return int(found[1]) if found else None
