"""Text of strangers with what cannot be seen in it shown as a mark, such as `[U+202E]`.

A text message, a note or a name may hold characters that nobody sees and that change what is read. They turn a line
around, hide words in it, or move a terminal's cursor. What people need to write their own script or an emoji stays.
Source: Unicode Technical Report 36, 2.10 (bidirectional text spoofing), ECMA-48 (C0 and C1 control functions), Unicode
Technical Standard 51 (joiners and tags in emoji).
Knows: characters. Must not know: pages, terminals, mails.
"""

import re
import unicodedata

_FLAG = "\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f"
"""A flag of a part of a country, whose letters are tags."""
_HIDDEN = re.compile(
    f"({_FLAG})"
    # Control characters but tab and line feed, and the carriage return that stands before a line feed.
    "|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)"
    # Hyphens, fillers and separators without a shape, what overrides, embeds or isolates a direction, tags.
    "|[\u00ad\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]"
    "|[\U000e0000-\U000e007f]"
    # Joiners, but within emoji and in scripts that are written with them.
    "|(?:(?<=[\x00-\u024f])|^)[\u200c\u200d]"
)
_DIRECTION = re.compile("[\u061c\u200e\u200f]")
"""Marks of direction, which belong into a text with letters from right to left, and into no other."""


def visible(text: str) -> str:
    """Return the text with a mark for each character that nobody sees.

    >>> visible("pay\\u202eyap"), visible("שלום\\u200f!") == "שלום\\u200f!"
    ('pay[U+202E]yap', True)
    """
    if text.isascii() and text.isprintable():
        return text
    shown = _HIDDEN.sub(lambda found: found[1] or _mark(found[0]), text)
    if _DIRECTION.search(shown) is None or _is_from_right_to_left(shown):
        return shown
    return _DIRECTION.sub(lambda found: _mark(found[0]), shown)


def _is_from_right_to_left(text: str) -> bool:
    return any(each.isalpha() and unicodedata.bidirectional(each) in ("R", "AL") for each in text)


def _mark(character: str) -> str:
    return f"[U+{ord(character):04X}]"
