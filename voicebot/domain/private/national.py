"""Numbers by which a state knows a person, such as a Social Security number.

Only what is named as one and has that country's form and check digits counts. Nine digits alone are a case number or a
telephone number more often.
Knows: the forms and check digits of some countries. Must not know: masks, where the complainant lives.
Source: python-stdnum, which names each country's rules.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence

from stdnum.de import idnr
from stdnum.es import dni, nie
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.il import idnr as il_idnr
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.us import itin, ssn

from voicebot.domain.private.spans import OTHER_NUMBERS, PrivateKind, PrivateSpan, Reading

_NAMES = re.compile(
    r"\b(?:social security|my social|s\W?s\W?n|tax (?:id|number|identification)|identity (?:number|card)"
    r"|i\W?d number|i\W?d card|national (?:insurance|id|identity)|insurance number|n\W?h\W?s number|health number)\b",
    re.IGNORECASE,
)
_NATIONAL_INSURANCE = re.compile(r"(?![DFIQUV])[A-Z](?![DFIQUVO])[A-Z]\d{6}[A-D]")
"""Of the United Kingdom. It has a form and no check digit. Source: HMRC, NIM39110."""
_RULES: Sequence[Callable[[str], object]] = (
    *(each.is_valid for each in (ssn, itin, nhs, idnr, dni, nie, nir, il_idnr, codicefiscale, bsn)),
    _NATIONAL_INSURANCE.fullmatch,
)
_SHORTEST, _LONGEST = 9, 16
_WITHIN = 6
"""Words between the name and the number."""
_OTHER_WITHIN = 2
"""Words before the name, as in "case ID number"."""
_COMMON_FIRST = (9, 11, 10, 16, 15, 13)
"""Lengths in the order in which they are believed."""


def national_numbers_of(reading: Reading) -> Iterator[PrivateSpan]:
    """Yield the numbers that are named as one, and have a right form."""
    for name in _NAMES.finditer(reading.text):
        first_word = bisect_left(reading.tokens, name.start(), key=lambda token: token.begin)
        if reading.names(OTHER_NUMBERS, before=first_word, most=_OTHER_WITHIN):
            continue
        behind = [at for at, token in enumerate(reading.tokens) if token.begin >= name.end()]
        ends = ((at, _end(reading, at)) for at in behind[: _WITHIN + 1])
        first, end = next(((at, end) for at, end in ends if end > at), (0, 0))
        if end:
            yield reading.place(PrivateKind.NATIONAL, first, end)


def _end(reading: Reading, at: int) -> int:
    """Return the token behind the number that begins with a token, or that token where none does."""
    ends = {
        len(spelled): behind
        for spelled, behind in reading.spelled(at, longest=_LONGEST)
        if len(spelled) >= _SHORTEST and any(is_valid(spelled) for is_valid in _RULES)
    }
    return next((ends[length] for length in _COMMON_FIRST if length in ends), at)
