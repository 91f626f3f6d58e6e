"""Numbers of payment cards, and the code of three or four digits that is said after one.

A number counts with the beginning and length of a scheme and a right check digit. Behind the word "card" one with a
wrong check digit counts, too, because a recogniser mishears a digit, and all others of it are right. So does one that
is said digit by digit and has as many digits as a card, for the same reason: few callers say "card" just before, and of
numbers of that length that people say over a telephone most are cards. What is written has no such excuse, and needs
its check digit. What is named as an order, a parcel or the like is none, and a mark that is wrong can be lifted.
Knows: schemes, check digits. Must not know: masks.
Source: ISO/IEC 7812-1 (length up to 19, Luhn's check digit), the schemes' published ranges, by python-stdnum.
"""

import re
from collections.abc import Iterator, Sequence

from stdnum import luhn

from voicebot.domain.language_words import words_beside
from voicebot.domain.number_words import Number
from voicebot.domain.private.spans import OTHER_NUMBERS, PrivateKind, PrivateSpan, Reading, span_of

_SCHEMES = re.compile(
    r"4\d{15}(?:\d{3})?"  # Visa
    r"|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|3(?:0[0-5]|[689]\d)\d{11}"  # Diners Club
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|6(?:011|4[4-9]\d|5\d\d)\d{12}"  # Discover, RuPay
    r"|62\d{14}(?:\d{3})?"  # UnionPay
    r"|220[0-4]\d{12}(?:\d{3})?"  # Mir
    r"|(?:50\d\d|5[678]\d\d|6304|6759|676[1-3])\d{12}(?:\d\d\d?)?"  # Maestro
)
"""Beginnings with the lengths that are given out. Each more of them hides one more order number in ten."""
_LONGEST = 19
_COMMON_FIRST = (16, 15, 14, 19, 18)
"""Lengths in the order in which they are believed. Digits that follow a number must not be taken for its end."""
_SHORTEST = 13
_PAIR = 2
_SURELY_ONE = 12
"""So many digits behind the word "card" are one, right or misheard."""
_CARD = frozenset({"card", "cards", "visa", "mastercard", "amex", "maestro", "debit", "credit"}) | words_beside("card")
_TELEPHONE = frozenset(
    {"call", "ring", "reach", "text", "phone", "telephone", "mobile", "cell", "whatsapp"}
) | words_beside("telephone")
_NO_PAYMENT = frozenset({"sim", "loyalty", "membership", "club", "library", "visitor", "business"}) | words_beside(
    "no_payment"
)
"""Words beside "card" for one that pays nothing."""
_NUMBERS_WITH_SIGNS = re.compile(r"\d{4}-\d\d-\d\d(?!\d)|\d[.,]\d\d(?!\d)")
"""Days and prices, which stand in a row as the digits of a card do."""
_FIRST_OF_A_CARD = ("2", "3", "4", "5", "6")
_NAMED_WITHIN, _OTHER_WITHIN = 8, 3
"""Words before a number among which its name may stand."""
_CODE = re.compile(
    r"\b(?:c\W?v\W?(?:c|v|n)?2?|card code|код карты|šifra kartice|kod kartice|kód karty)\b", re.IGNORECASE
)
_CODE_OF_A_CARD = re.compile(
    r"\b(?:security (?:code|number)|verification (?:code|number)|(?:three|3|four|4|last) (?:digits|numbers) on the back"
    r"|(?:code|number|digits|numbers) on the back)\b",
    re.IGNORECASE,
)
"""What may name another code where no card is spoken of."""
_CODE_LENGTHS = (3, 4)
_GOES_ON = re.compile(r"[./-]\d")
"""Behind what is the beginning of a date."""
_CODE_WITHIN = 6
"""Words between the name of a code and the code."""


def cards_of(reading: Reading) -> Iterator[PrivateSpan]:
    """Yield the numbers of payment cards."""
    for run in reading.runs:
        if sum(len(number.digits) for number in run) < _SURELY_ONE:
            continue
        found = list(_within(reading, run))
        if not found and (_may_be_misheard(reading, run) or _is_said_as_one(reading, run)):
            found = [span_of(PrivateKind.CARD, run)]
        yield from found


def names_card(reading: Reading) -> bool:
    """Tell whether a card is spoken of. Its number may have been said in another answer, or not at all."""
    return any(token.text in _CARD for token in reading.tokens)


def codes_of(reading: Reading, *, is_card_named: bool) -> Iterator[PrivateSpan]:
    """Yield what is said after the name of a card's code."""
    for names in (_CODE, _CODE_OF_A_CARD) if is_card_named else (_CODE,):
        for name in names.finditer(reading.text):
            code = _code_behind(reading, name.end())
            if code:
                yield span_of(PrivateKind.CARD_CODE, code)


def _within(reading: Reading, run: Sequence[Number]) -> Iterator[PrivateSpan]:
    at = 0
    while at < len(run):
        end = _end(run, at) if _is_own(reading, run[at]) else at
        if end > at:
            yield span_of(PrivateKind.CARD, run[at:end])
        at = max(end, at + 1)


def _may_be_misheard(reading: Reading, run: Sequence[Number]) -> bool:
    """Tell whether digits are named as a card, and are no telephone number, days or prices that were said after it."""
    window = reading.tokens[max(0, run[0].first - _NAMED_WITHIN - 1) : run[0].first]
    named = max((at for at, token in enumerate(window) if token.text in _CARD), default=-1)
    return (
        named >= 0
        and not any(token.text in _NO_PAYMENT for token in window[max(0, named - 1) : named + 2])
        and all(token.text not in _TELEPHONE for token in window[named:])
        and run[0].digits.startswith(_FIRST_OF_A_CARD)
        and not _NUMBERS_WITH_SIGNS.search(reading.text, run[0].begin, run[-1].end)
        and _is_own(reading, run[0])
    )


def _is_said_as_one(reading: Reading, run: Sequence[Number]) -> bool:
    """Tell whether digits are said one by one or in pairs, as many as a card has, and are named as nothing else."""
    parts, first = [number.digits for number in run], run[0].first
    return (
        _SHORTEST <= sum(map(len, parts)) <= _LONGEST
        and all(len(part) <= _PAIR or len(set(part)) == 1 for part in parts)
        and not any(reading.tokens[number.first].is_written for number in run)
        and parts[0].startswith(_FIRST_OF_A_CARD)
        and not reading.names(_TELEPHONE | {"plus"}, before=first, most=_NAMED_WITHIN)
        and _is_own(reading, run[0])
    )


def _is_own(reading: Reading, number: Number) -> bool:
    """Tell whether a number is named as nothing else, and is none of a telephone in its written form."""
    is_phone = reading.text[max(0, number.begin - 2) : number.begin].strip(" (").endswith("+")
    return not is_phone and not reading.names(OTHER_NUMBERS, before=number.first, most=_OTHER_WITHIN)


def _end(run: Sequence[Number], at: int) -> int:
    """Return behind which number of the run a card ends that begins here, or where it begins when none does."""
    ends, digits = dict[int, int](), ""
    for end, number in enumerate(run[at:], start=at + 1):
        digits += number.digits
        if len(digits) > _LONGEST:
            break
        if _SCHEMES.fullmatch(digits) and luhn.is_valid(digits):
            ends[len(digits)] = end
    return next((ends[length] for length in _COMMON_FIRST if length in ends), at)


def _code_behind(reading: Reading, place: int) -> Sequence[Number]:
    """Return the numbers of the code that is said shortly behind a place, or none."""
    for run in reading.runs:
        begun = [number for number in run if number.begin >= place]
        if not begun:
            continue
        between = sum(place <= token.begin < begun[0].begin for token in reading.tokens)
        return _code(reading.text, begun) if between <= _CODE_WITHIN else ()
    return ()


def _code(text: str, run: Sequence[Number]) -> Sequence[Number]:
    digits = 0
    for end, number in enumerate(run, start=1):
        digits += len(number.digits)
        is_date = _GOES_ON.match(text, number.end)
        is_whole = end == len(run) or (digits + len(run[end].digits) > _CODE_LENGTHS[-1] and not is_date)
        if digits in _CODE_LENGTHS and is_whole:
            return run[:end]
    return ()
