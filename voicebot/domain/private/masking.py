"""A text as whoever may not see private numbers reads it, and so for words with times.

The code of the case is blotted out first, since it proves who complains. A mark that was found to stand for nothing
private is lifted by the key of its number (`lift_key`), however the number is said.
Knows: the finders. Must not know: where texts come from, who may see the original.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import accumulate

from voicebot.domain.case_number import BLOT, places_of_pins
from voicebot.domain.number_words import languages_of, most_digits, tokens_of
from voicebot.domain.private.account import accounts_of
from voicebot.domain.private.birth_date import birth_dates_of, names_birth
from voicebot.domain.private.card import cards_of, codes_of, names_card
from voicebot.domain.private.national import national_numbers_of
from voicebot.domain.private.spans import EVERY_KIND, MAIN_LANGUAGE, PrivateKind, PrivateSpan, Reading, read

_MARKS = frozenset({"", BLOT, *(kind.mark for kind in PrivateKind)})
_FEWEST = 2
"""Digits in one run. With fewer nothing is private but a date of birth without its year."""


@lru_cache(maxsize=256)
def private_spans(text: str) -> tuple[PrivateSpan, ...]:
    """Return what is private in a text, in its order. Where two finders see one place, the first one counts.

    The text is read in each language of which it holds numbers, in English where it holds none.

    >>> [span.kind.value for span in private_spans("my card is four two four two 4242 4242 4242")]
    ['card number']
    """
    if most_digits(text) < _FEWEST and not names_birth(text):
        return ()
    languages = languages_of(tokens_of(text)) or (MAIN_LANGUAGE,)
    found = (span for language in languages for span in _spans_read(read(text, language)))
    return tuple(sorted(_apart(found), key=lambda span: span.begin))


def _spans_read(reading: Reading) -> Iterator[PrivateSpan]:
    cards = tuple(cards_of(reading))
    yield from cards
    yield from accounts_of(reading)
    yield from national_numbers_of(reading)
    yield from codes_of(reading, is_card_named=bool(cards) or names_card(reading))
    yield from birth_dates_of(reading)


Lifted = Callable[[], Collection[str]]
"""Keys of numbers whose mark was lifted, which are asked for where something private is found."""


def none_lifted() -> Collection[str]:
    """Return no key."""
    return ()


def lift_key(said: str) -> str:
    """Return by what a number is known whose mark is lifted, however it is said.

    It is short enough to tell nobody which number it was, since millions of cards have the same, and long enough that
    no other number of one case has it.

    >>> lift_key("forty two forty two, uh, double five oh nine one") == lift_key("4242 55 091")
    True
    """
    tokens = tokens_of(said)
    reading = read(said, next(iter(languages_of(tokens)), MAIN_LANGUAGE))
    digits = "".join(number.digits for run in reading.runs for number in run)
    letters = "" if len(digits) >= _SURELY_A_NUMBER else " ".join(token.text for token in tokens)
    return hashlib.sha256(f"{digits}{letters}".encode()).hexdigest()[:_KEY_LENGTH]


_SURELY_A_NUMBER = 9
"""With so many digits the words between them do not matter."""
_KEY_LENGTH = 6
"""Hexadecimal digits."""

Beside = tuple[str, str]
"""What the same person said just before a text, and just after it."""
ALONE: Beside = ("", "")


FEWEST_OF_A_PART = 4
"""Digits in one run of a text that may be a part of a number whose rest was said before or after."""
MOST_PARTS = 3
"""Answers before one and after it over which a number may be spread."""


def beside_of(told: Sequence[str], at: int) -> Beside:
    """Return what stands beside one of the texts that somebody said one after the other, where a number may go on."""
    if most_digits(told[at]) < FEWEST_OF_A_PART:
        return ALONE
    return " ".join(told[max(0, at - MOST_PARTS) : at]), " ".join(told[at + 1 : at + 1 + MOST_PARTS])


def masked_told(
    told: Sequence[str],
    *,
    pins: Iterable[str] = (),
    kinds: Collection[PrivateKind] = EVERY_KIND,
    lifted: Lifted = none_lifted,
) -> Iterator[str]:
    """Yield each of the texts that somebody said one after the other, with its marks (`masked`)."""
    codes = tuple(pins)
    for at, text in enumerate(told):
        yield masked(text, pins=codes, kinds=kinds, beside=beside_of(told, at), lifted=lifted)


def masked(
    text: str,
    *,
    pins: Iterable[str] = (),
    kinds: Collection[PrivateKind] = EVERY_KIND,
    beside: Beside = ALONE,
    lifted: Lifted = none_lifted,
) -> str:
    """Return the text with a mark for each private number, and without these codes of cases.

    Only these kinds of numbers are marked. For who may see the original it is none of them. A number that begins in
    what stands beside the text, or ends there, is marked as far as it stands in the text.

    >>> masked("born on the third of May nineteen eighty")
    'born on the [birth date]'
    """
    if not text:
        return text
    return _replaced(text, _marks(text, pins, kinds=kinds, beside=beside, lifted=lifted))


def masked_words(
    words: Sequence[str],
    *,
    pins: Iterable[str] = (),
    kinds: Collection[PrivateKind] = EVERY_KIND,
    beside: Beside = ALONE,
    lifted: Lifted = none_lifted,
) -> tuple[str, ...]:
    """Return words as they are shown, as many as there were. The first one of a private number is its mark.

    >>> masked_words(["my", "code", "eight", "five", "fifty", "eight"], pins=["8558"])
    ('my', 'code', '****', '', '', '')
    """
    shown = list(words)
    for mark, places in masked_places(words, pins=pins, kinds=kinds, beside=beside, lifted=lifted):
        for at in places:
            shown[at] = mark if at == places.start else ""
    return tuple(shown)


def is_masked(word: str) -> bool:
    """Tell whether a word of `masked_words` stands for a private number, or for nothing behind its mark."""
    return word in _MARKS


def masked_places(
    words: Sequence[str],
    *,
    pins: Iterable[str] = (),
    kinds: Collection[PrivateKind] = EVERY_KIND,
    beside: Beside = ALONE,
    lifted: Lifted = none_lifted,
) -> Iterator[tuple[str, range]]:
    """Yield each mark with the words that it stands for."""
    ends = list(accumulate(len(word) + 1 for word in words))
    for begin, end, mark in _marks(" ".join(words), pins, kinds=kinds, beside=beside, lifted=lifted):
        first, last = bisect_right(ends, begin), bisect_right(ends, end - 1)
        yield mark, range(first, last + 1)


def _marks(
    text: str, pins: Iterable[str], *, kinds: Collection[PrivateKind], beside: Beside, lifted: Lifted
) -> Iterator[tuple[int, int, str]]:
    """Yield from where to where each mark stands, in order."""
    marks = [(begin, end, BLOT) for begin, end in places_of_pins(text, pins)]
    found = [(span, number) for span, number in _numbers_in(text, beside) if span.kind in kinds] if kinds else []
    keys = lifted() if found else ()
    marks += [
        (span.begin, span.end, span.kind.mark) for span, number in found if not keys or lift_key(number) not in keys
    ]
    behind = 0
    for begin, end, mark in sorted(marks, key=lambda each: (each[0], -each[1])):
        if begin >= behind:
            yield begin, end, mark
            behind = end


def _numbers_in(text: str, beside: Beside) -> Iterator[tuple[PrivateSpan, str]]:
    """Yield each place in a text where something private stands, with the whole of it as it was said."""
    for span in private_spans(text):
        yield span, text[span.begin : span.end]
    if any(beside):
        yield from _across(text, beside)


def _across(text: str, beside: Beside) -> Iterator[tuple[PrivateSpan, str]]:
    """Yield the parts of numbers that stand in the text, and begin before it or end behind it, with the whole ones."""
    before, after = beside
    first, whole = len(before) + 1, f"{before} {text} {after}"
    last = first + len(text)
    for span in private_spans(whole):
        if span.begin < first < span.end or span.begin < last < span.end:
            begin, end = max(span.begin, first) - first, min(span.end, last) - first
            if begin < end:
                yield replace(span, begin=begin, end=end), whole[span.begin : span.end]


def _apart(found: Iterable[PrivateSpan]) -> Iterator[PrivateSpan]:
    taken: list[PrivateSpan] = []
    for span in found:
        if all(span.end <= other.begin or other.end <= span.begin for other in taken):
            taken.append(span)
            yield span


def _replaced(text: str, marks: Iterable[tuple[int, int, str]]) -> str:
    parts, at = list[str](), 0
    for begin, end, mark in marks:
        parts += [text[at:begin], mark]
        at = end
    return "".join((*parts, text[at:]))
