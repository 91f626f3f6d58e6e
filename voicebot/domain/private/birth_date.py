"""A date of birth, which is a date near a word such as "born". Other dates stay readable, since complaints are full of
them.

Knows: names of months, words for days and years. Must not know: whether the date exists, masks.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby

from voicebot.domain.language_words import words_of_dates
from voicebot.domain.number_words import MONTHS, ORDINALS, Number, Token, tokens_of
from voicebot.domain.private.spans import PrivateKind, PrivateSpan, Reading

_BIRTH = frozenset({"born", "birth", "birthdate", "dob", "birthday"}) | words_of_dates("birth")
_BIRTHDAY = "birthday"
_SAYS_WHEN = frozenset({"is", "was", "on", "s"})
"""Beside "birthday" where its date is said. A birthday present has a date of another kind."""
_BEFORE, _AFTER = 8, 6
"""Words between such a word and its date."""
_WITHIN = frozenset({"the", "of", "in", "on", "st", "nd", "rd", "th", "month", "day", "year"}) | words_of_dates(
    "within"
)
"""Words that may stand within a date."""
_CENTURIES = ("19", "20")
_DIGIT_BY_DIGIT: Mapping[int, Sequence[Sequence[int]]] = {4: [(2, 2)], 6: [(2, 2, 2)], 8: [(2, 2, 4), (4, 2, 2)]}
"""By how many digits are said one by one, how many of them are day, month and year."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """A part of a date, which is a month by name, a day by name, or a number."""

    first: int
    behind: int
    kind: str
    """"month", "day" or "number"."""
    digits: str = ""


def birth_dates_of(reading: Reading) -> Iterator[PrivateSpan]:
    """Yield the dates of birth, each with day and month, and a year where one is said."""
    cues = [at for at, token in enumerate(reading.tokens) if token.text in _BIRTH and _says_when(reading.tokens, at)]
    parts = list(_parts(reading)) if cues else []
    at = 0
    while at < len(parts):
        end = _end(reading.tokens, parts, at)
        first, behind = parts[at].first, parts[max(end, at + 1) - 1].behind
        is_near = any(0 < first - cue <= _BEFORE or 0 <= cue - behind < _AFTER for cue in cues)
        if end > at and is_near:
            yield reading.place(PrivateKind.BIRTH_DATE, first, behind)
        at = max(end, at + 1)


def _says_when(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word of birth is about its date."""
    if tokens[at].text != _BIRTHDAY:
        return True
    behind = tokens[at + 1].text if at + 1 < len(tokens) else ""
    is_said_before = any(token.text in _SAYS_WHEN for token in tokens[max(0, at - 2) : at])
    return behind in _SAYS_WHEN or behind in _MONTHS or behind.isdecimal() or is_said_before


def names_birth(text: str) -> bool:
    """Tell whether a word of birth stands in a text."""
    return not _BIRTH.isdisjoint(token.text for token in tokens_of(text))


def _together(run: Sequence[Number]) -> Iterator[Number]:
    """Yield the numbers of a run, with those that are said digit by digit put together, as "zero three zero five"."""
    for is_digit, group in groupby(run, key=lambda number: len(number.digits) == 1):
        numbers = tuple(group)
        lengths = _lengths("".join(number.digits for number in numbers)) if is_digit else ()
        for length in lengths or [1] * len(numbers):
            parts, numbers = numbers[:length], numbers[length:]
            digits = "".join(part.digits for part in parts)
            yield replace(parts[0], end=parts[-1].end, behind=parts[-1].behind, digits=digits)


def _lengths(digits: str) -> Sequence[int]:
    """Return how many digits are day, month and year each, in the order in which they are said, or none."""
    for lengths in _DIGIT_BY_DIGIT.get(len(digits), ()):
        ends = list(accumulate(lengths))
        parts = [digits[end - length : end] for end, length in zip(ends, lengths, strict=True)]
        if _is_in_numbers(parts if len(parts) > 2 else [*parts, "00"]):
            return lengths
    return (2,) if len(digits) == 2 and digits[0] == "0" else ()


def _parts(reading: Reading) -> Iterator[_Part]:
    numbers = {number.first: number for run in reading.runs for number in _together(run)}
    at = 0
    while at < len(reading.tokens):
        part = _part(reading.tokens, at, numbers)
        if part is not None:
            yield part
        at = at + 1 if part is None else part.behind


def _part(tokens: Sequence[Token], at: int, numbers: Mapping[int, Number]) -> _Part | None:
    text = tokens[at].text
    if text in _MONTHS:
        return _Part(first=at, behind=at + 1, kind="month")
    pair = f"{text}-{tokens[at + 1].text}" if at + 1 < len(tokens) else ""
    if pair in ORDINALS:
        return _Part(first=at, behind=at + 2, kind="day")
    if text in _DAYS:
        return _Part(first=at, behind=at + 1, kind="day")
    number = numbers.get(at)
    if number is None:
        return None
    return _Part(first=at, behind=number.behind, kind="number", digits=number.digits)


def _end(tokens: Sequence[Token], parts: Sequence[_Part], at: int) -> int:
    """Return behind which part a date ends that begins with one, or that part where none does."""
    together = [parts[at]]
    for part in parts[at + 1 :]:
        if any(token.text not in _WITHIN for token in tokens[together[-1].behind : part.first]):
            break
        together.append(part)
    return at + max((length for length in range(2, len(together) + 1) if _is_date(together[:length])), default=0)


def _is_date(parts: Sequence[_Part]) -> bool:
    """Tell whether these parts are a day and a month in any order, with or without a year."""
    kinds = [part.kind for part in parts]
    if kinds.count("month") == 1 and "month" in kinds[:2]:
        rest = [part for part in parts if part.kind != "month"]
        is_day_first = _is_day(rest[0]) and _is_year(rest[1:], may_miss=True)
        return is_day_first or (_is_day(rest[-1]) and _is_year(rest[:-1], may_miss=False))
    if kinds[0] == "day":
        return len(parts) > 1 and _is_day(parts[1]) and _is_year(parts[2:], may_miss=False)
    return _is_in_numbers([part.digits for part in parts])


def _is_day(part: _Part) -> bool:
    return part.kind == "day" or (part.kind == "number" and 1 <= int(part.digits) <= 31)


def _is_year(parts: Sequence[_Part], *, may_miss: bool) -> bool:
    """Tell whether these say a year, as "1980", "nineteen eighty", "nineteen oh five" or "80"."""
    if not parts:
        return may_miss
    digits = "".join(part.digits for part in parts)
    return all(part.kind == "number" for part in parts) and (
        (len(digits) == 4 and digits.startswith(_CENTURIES)) or (len(digits) == 2 and len(parts) == 1)
    )


def _is_in_numbers(digits: Sequence[str]) -> bool:
    """Tell whether these are day, month and year, or the year first."""
    if not all(digits) or len(digits) < 3:
        return False
    if len(digits[0]) == 4:
        return len(digits) == 3 and digits[0].startswith(_CENTURIES) and all(int(each) <= 31 for each in digits[1:])
    year = "".join(digits[2:])
    is_day_and_month = all(1 <= int(each) <= 31 for each in digits[:2]) and min(map(int, digits[:2])) <= 12
    return is_day_and_month and (
        (len(year) == 4 and year.startswith(_CENTURIES)) or (len(year) == 2 and len(digits) == 3)
    )


_MONTHS = (
    frozenset(each.lower() for each in MONTHS)
    | frozenset(each[:3].lower() for each in MONTHS)
    | {"sept"}
    | words_of_dates("months")
)
_DAYS = frozenset(ORDINALS) | words_of_dates("days")
"""Words for the days of a month. Behind tens, where they are a part of a number, other languages say them, too."""
