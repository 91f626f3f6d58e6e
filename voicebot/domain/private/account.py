"""Numbers of bank accounts in the international form (IBAN), written, or spelled letter by letter.

Knows: the form and its check digits. Must not know: masks.
Source: ISO 13616 by python-stdnum, which knows each country's form.
"""

import re
from collections.abc import Iterator

from stdnum import iban

from voicebot.domain.private.spans import PrivateKind, PrivateSpan, Reading

_SHORTEST, _LONGEST = 15, 34
_COUNTRY = 2
_BEGINNING = re.compile(r"[A-Z]{1,2}|[A-Z]{2}\d(?:\d[\dA-Z]*)?")
"""Of what may become one."""


def accounts_of(reading: Reading) -> Iterator[PrivateSpan]:
    """Yield the numbers of accounts."""
    at = 0
    while at < len(reading.tokens):
        end = _end(reading, at) if len(reading.tokens[at].text) <= _COUNTRY else at
        if end > at:
            yield reading.place(PrivateKind.ACCOUNT, at, end)
        at = max(end, at + 1)


def _end(reading: Reading, at: int) -> int:
    """Return the token behind the account that begins with a token, or that token where none does."""
    found = at
    for spelled, behind in reading.spelled(at, longest=_LONGEST):
        if not _BEGINNING.fullmatch(spelled):
            break
        if len(spelled) >= _SHORTEST and iban.is_valid(spelled):
            found = behind
    return found
