"""The forms in which a telephone number comes. It may be written, inside an address, or not at all because the caller
hides it.

Knows: what carriers and people write, the carrier's stand-ins for a withheld number. Must not know: numbering plans.
Source: twilio.md 1.1 (November 2026), with RFC 3261 (sip:) and RFC 3966 (tel:).
"""

import re
from urllib.parse import unquote

# What the carrier sends in place of a withheld number: the letters of a word keyed as digits.
_WITHHELD_DIGITS = frozenset({"266696687", "7378742833", "2562533", "8656696", "86282452253"})
_WITHHELD_WORDS = frozenset(
    {"", "anonymous", "restricted", "unknown", "unavailable", "private", "blocked", "withheld", "no caller id"}
)
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
# sip:user;parameters:password@host and tel:number;parameters.
_TELEPHONE_ADDRESS = re.compile(r"(?:sips?|tel):(?P<user>[^@;:?]+)(?P<rest>.*)", re.IGNORECASE)
# A number and nothing else. The parser would find one inside a sentence, and read letters as the keys they stand on.
_WRITTEN = re.compile(r"\s*\+?[\d\s().\-/]+")


def is_written(text: str) -> bool:
    """Tell whether a text is digits with what people write between them, and nothing else."""
    return _WRITTEN.fullmatch(text) is not None


def bare_number(raw: str) -> str:
    """Return the number inside a telephone address (sip:, tel:), or anything else as it is.

    An address with an extension is left alone, because the number without it would ring somebody else.
    """
    found = _TELEPHONE_ADDRESS.fullmatch(raw.strip())
    if found is None or ";ext=" in found["rest"].lower():
        return raw
    user = unquote(found["user"])
    return user if is_written(user) else raw


def is_withheld(raw: str) -> bool:
    """Tell whether a caller ID stands for "not shown", or is an address without a number (client:, sip:bob@…)."""
    text = bare_number(raw).strip().lower()
    return text in _WITHHELD_WORDS or text.lstrip("+") in _WITHHELD_DIGITS or _ADDRESS.match(text) is not None
