"""Whole numbers in forms and addresses, which anybody may type.

Knows: digits. Must not know: which number it is, nor what stands for one that is none.
"""

MOST_DIGITS = 6


def whole_number(said: str | None, *, most_digits: int = MOST_DIGITS) -> int | None:
    """Return a number of so many ASCII digits at most, or None for whatever else was typed."""
    is_number = said is not None and said.isascii() and said.isdecimal() and len(said) <= most_digits
    return int(said) if said is not None and is_number else None
