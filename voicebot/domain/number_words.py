"""Numbers as people say and write them, read as digits, with the place in the text where each stands.

"eighty-five", "double five", "8" and "nineteen hundred" are numbers. So are "to" and "for", because a recogniser writes
them for "two" and "four". Whoever looks for a number of some kind decides which of these belong together.

English is the one language that the hotline speaks (flow/spoken.py). Another one becomes one more of `LANGUAGES`.
Knows: words of digits, tens and hundreds. Must not know: what a number stands for, prompts.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple


@dataclass(frozen=True, kw_only=True)
class NumberWords:
    """How a language names numbers."""

    small: Sequence[str]
    """Words of 0 to 19."""
    tens: Sequence[str]
    """Words of 20, 30 … 90."""
    digit_synonyms: Mapping[str, str]
    """Other words for a digit, to the digit."""
    repeats: Mapping[str, int]
    """Words that say the next number so many times."""
    heard_for: Mapping[str, str]
    """Words that a recogniser writes for a digit, to the digit."""
    hundred: str
    thousand: str
    joins: frozenset[str]
    """Words within a number, as in "eight hundred and five"."""
    between: frozenset[str]
    """Words of somebody who thinks, between parts of one number."""

    @cached_property
    def below_twenty(self) -> Mapping[str, str]:
        """Digits of every word for 0 to 19."""
        return {**self.heard_for, **self.digit_synonyms, **{word: str(at) for at, word in enumerate(self.small)}}

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Digits of what may follow a word of tens."""
        return {word: str(at) for at, word in enumerate(self.small[:10]) if at}


_SMALL_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen
"""
_MONTH_WORDS = "January February March April May June July August September October November December"
_ORDINAL_WORDS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth
    twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth
    twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first
"""
ENGLISH = NumberWords(
    small=tuple(_SMALL_WORDS.split()),
    tens=("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
    digit_synonyms=MappingProxyType({"oh": "0", "o": "0", "nought": "0"}),
    repeats=MappingProxyType({"double": 2, "triple": 3}),
    heard_for=MappingProxyType({"to": "2", "too": "2", "for": "4", "fore": "4", "won": "1", "ate": "8"}),
    hundred="hundred",
    thousand="thousand",
    joins=frozenset({"and"}),
    between=frozenset({"and", "then", "uhm", "erm", "hmm", "dash", "hyphen", "space", "dot", "point", "sorry"}),
)
MONTHS = tuple(_MONTH_WORDS.split())
ORDINALS = tuple(_ORDINAL_WORDS.split())
"""English words of the days of a month."""

LANGUAGES: Mapping[str, NumberWords] = MappingProxyType({"en": ENGLISH})
"""By language, without region."""


class Token(NamedTuple):
    """A word, or digits written together."""

    begin: int
    end: int
    """The character behind it."""
    text: str
    """In lower case, with digits as ASCII."""

    @property
    def is_written(self) -> bool:
        """Whether it is of digits."""
        return self.text.isdecimal()


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A number within a text, which may be only a part of a longer one."""

    begin: int
    end: int
    """The character behind it."""
    first: int
    """Its first token."""
    behind: int
    """The token behind it."""
    digits: str


_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_SAID = frozenset(
    chain.from_iterable((*words.small, *words.tens, *words.digit_synonyms) for words in LANGUAGES.values())
)
"""Words that are numbers of themselves. A text without any has no number worth looking for."""
_LONGEST_BETWEEN = 2
"""Letters of a word that may stand between parts of a number, as a stammer or a letter does."""
_MOST_BETWEEN = 3
"""So many words may stand there."""
_BETWEEN = frozenset(chain.from_iterable(words.between for words in LANGUAGES.values()))


def tokens_of(text: str) -> list[Token]:
    """Return the words and digits of a text in their order."""
    lower = _plain(text)
    return [Token(*found.span(), found[0]) for found in _TOKEN.finditer(lower)]


def numbers_of(tokens: Sequence[Token]) -> Iterator[Number]:
    """Yield every number, in order.

    >>> [each.digits for each in numbers_of(tokens_of("eighty-five, double five or 12"))]
    ['85', '55', '12']
    """
    at = 0
    while at < len(tokens):
        is_one = tokens[at].text in _FIRST or tokens[at].is_written
        digits, end = _number(tokens, at) if is_one else ("", at)
        if digits:
            begin, ends = tokens[at].begin, tokens[end - 1].end
            yield Number(begin=begin, end=ends, first=at, behind=end, digits=digits)
        at = max(end, at + 1)


@lru_cache(maxsize=256)
def runs_in(text: str) -> tuple[tuple[Number, ...], ...]:
    """Return the runs of numbers of a text, which several look through one after another."""
    if not _DIGIT.search(text) and _SAID.isdisjoint(_TOKEN.findall(text.lower())):
        return ()
    return tuple(map(tuple, runs_of(tokens_of(text))))


def most_digits(text: str) -> int:
    """Return how many digits the longest run of numbers in a text has."""
    return max((sum(len(number.digits) for number in run) for run in runs_in(text)), default=0)


def runs_of(tokens: Sequence[Token]) -> list[list[Number]]:
    """Return the numbers in runs, where nothing but a few sounds, letters and signs stands between neighbours."""
    runs: list[list[Number]] = []
    for number in numbers_of(tokens):
        if runs and _is_next(tokens, runs[-1][-1], number):
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _is_next(tokens: Sequence[Token], one: Number, other: Number) -> bool:
    words = [token.text for token in tokens[one.behind : other.first]]
    return len(words) <= _MOST_BETWEEN and all(len(word) <= _LONGEST_BETWEEN or word in _BETWEEN for word in words)


def _number(tokens: Sequence[Token], at: int) -> tuple[str, int]:
    """Return the digits of the number that begins with a token, or none, and the token behind it."""
    token = tokens[at]
    if token.is_written:
        return token.text, at + 1
    for words in LANGUAGES.values():
        times = words.repeats.get(token.text)
        if times is not None:
            return _repeated(tokens, at, times)
        digits, end = _said(tokens, at, words)
        if digits:
            return digits, end
    return "", at + 1


def _repeated(tokens: Sequence[Token], at: int, times: int) -> tuple[str, int]:
    if at + 1 == len(tokens) or tokens[at + 1].text in _REPEATS:
        return "", at + 1
    digits, end = _number(tokens, at + 1)
    return digits * times, end


_FIRST = frozenset(
    chain.from_iterable((*words.below_twenty, *words.tens, *words.repeats) for words in LANGUAGES.values())
)
"""Words with which a number may begin. Most words of a text are none of them."""
_REPEATS = frozenset(chain.from_iterable(words.repeats for words in LANGUAGES.values()))


def _said(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[str, int]:
    """Return the digits of a number in words, with its hundreds and thousands."""
    digits, end = _below_hundred(tokens, at, words)
    for scale, name in ((100, words.hundred), (1000, words.thousand)):
        if digits and end < len(tokens) and tokens[end].text == name:
            rest, end = _rest(tokens, end + 1, words, below=scale)
            digits = str(int(digits) * scale + rest)
    return digits, end


def _rest(tokens: Sequence[Token], at: int, words: NumberWords, *, below: int) -> tuple[int, int]:
    """Return what is added to hundreds or thousands, and the token behind it."""
    first = at + 1 if at < len(tokens) and tokens[at].text in words.joins else at
    if first == len(tokens):
        return 0, at
    digits, end = _below_hundred(tokens, first, words) if below == 100 else _said(tokens, first, words)
    return (int(digits), end) if digits and int(digits) < below else (0, at)


def _below_hundred(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[str, int]:
    text = tokens[at].text
    if text not in words.tens:
        return words.below_twenty.get(text, ""), at + 1
    tens = str(words.tens.index(text) + 2)
    unit = words.units.get(tokens[at + 1].text) if at + 1 < len(tokens) else None
    return (tens + "0", at + 1) if unit is None else (tens + unit, at + 2)


def _plain(text: str) -> str:
    """Return a text of the same length in lower case, with ASCII digits."""
    if text.isascii():
        return text.lower()
    return "".join(str(unicodedata.digit(one)) if one.isdecimal() else _small(one) for one in text)


def _small(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else letter
