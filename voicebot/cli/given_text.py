"""Refuses text that the terminal wrote in another encoding than this machine reads, because half of it would be lost
later.

Python takes a byte that is no UTF-8 as a lone surrogate, which neither a database nor JSON can hold.
Knows: text. Must not know: commands.
"""

from collections.abc import Iterable

from voicebot.errors import Refused

_LONE = ("\ud800", "\udfff")


def refuse_unreadable(words: Iterable[str]) -> None:
    """Raise Refused when one of the words holds what could not be read as text, with the word and the cure."""
    for word in words:
        if not_text(word):
            raise unreadable(word)


def not_text(word: str) -> bool:
    """Tell whether a word holds a byte that could not be read."""
    return any(_LONE[0] <= letter <= _LONE[1] for letter in word)


def unreadable(word: str = "") -> Refused:
    """Return the refusal of something typed, where the word is shown with a mark for each byte that is no letter."""
    shown = "".join("\ufffd" if _LONE[0] <= letter <= _LONE[1] else letter for letter in word)
    named = f" ({shown!r})" if shown else ""
    return Refused(
        f"reading what was typed{named}: it holds a byte that is not UTF-8, and nothing was done; let the terminal "
        "write UTF-8 (for example LANG=C.UTF-8), then say it again",
        code="text-unreadable",
    )
