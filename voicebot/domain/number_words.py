"""Numbers as people say and write them, read as digits, with the place in the text where each stands.

"eighty-five", "double five", "8" and "nineteen hundred" are numbers. So are "to" and "for", because a recogniser writes
them for "two" and "four". Whoever looks for a number of some kind decides which of these belong together.

English is the one language that the hotline speaks (flow/spoken.py), which says its words from here. Words of the
others are files in `words/` (language_words.py). A text is read in each language of which it has words, since nobody
says which it is in, and words that one language has for a number mean something else in another.
Knows: words of digits, tens and hundreds. Must not know: what a number stands for, prompts.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from voicebot.domain.language_words import FILES, folded, forms_of

_NONE: Mapping[str, str] = MappingProxyType({})


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
    hundred: Collection[str]
    """Words that make hundreds of what stands before them."""
    thousand: Collection[str]
    joins: frozenset[str]
    """Words within a number, as in "eight hundred and five"."""
    between: frozenset[str]
    """Words of somebody who thinks, between parts of one number."""
    tens_joins: frozenset[str] = frozenset()
    """Words between tens and what follows, as in "treinta y cuatro"."""
    more_tens: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """Other forms of words of tens, to their first digit."""
    more_units: Mapping[str, str] = field(default_factory=lambda: _NONE)
    """Other words for 1 to 9 that stand behind tens, hundreds and thousands alone."""
    hundreds: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Words that are hundreds of themselves, and what they are worth."""
    teen: frozenset[str] = frozenset()
    """Words that make 11 to 19 of the digit before them."""
    is_thousand_alone: bool = False
    """Whether a word for a thousand is one of itself."""

    @cached_property
    def below_twenty(self) -> Mapping[str, str]:
        """Digits of every word for 0 to 19."""
        return {**self.heard_for, **self.digit_synonyms, **{word: str(at) for at, word in enumerate(self.small)}}

    @cached_property
    def units(self) -> Mapping[str, str]:
        """Digits of what may follow a word of tens."""
        return {**self.more_units, **{word: str(at) for at, word in enumerate(self.small[:10]) if at}}

    @cached_property
    def all_tens(self) -> Mapping[str, str]:
        """First digits of the words of tens."""
        return {**self.more_tens, **{word: str(at) for at, word in enumerate(self.tens, start=2)}}

    @cached_property
    def said(self) -> frozenset[str]:
        """Words that are numbers of themselves. A text without any has no number worth looking for."""
        return frozenset((*self.small, *self.all_tens, *self.digit_synonyms, *self.hundreds))

    @cached_property
    def first(self) -> frozenset[str]:
        """Words with which a number may begin. Most words of a text are none of them."""
        large = self.thousand if self.is_thousand_alone else ()
        return self.said.union(self.heard_for, self.repeats, large)


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
    hundred=("hundred",),
    thousand=("thousand",),
    joins=frozenset({"and"}),
    between=frozenset({"and", "then", "uhm", "erm", "hmm", "dash", "hyphen", "space", "dot", "point", "sorry"}),
)
MONTHS = tuple(_MONTH_WORDS.split())
ORDINALS = tuple(_ORDINAL_WORDS.split())
"""English words of the days of a month."""


def _of_file(language: str) -> NumberWords:
    """Return the words of a language that has a file."""
    told = FILES[language]["numbers"]
    cardinals, tens, hundreds = (forms_of(told.get(name, ())) for name in ("small", "tens", "hundreds"))
    more = {folded(word): str(number) for word, number in told.get("other", {}).items()}
    ordinals = forms_of(FILES[language]["dates"]["days"])
    units = {word: str(at) for form in ordinals for at, word in enumerate(form[:9], start=1)}
    prefixed = (
        {folded(told["prefix"] + word): digit for word, digit in _digits(cardinals, more)} if "prefix" in told else {}
    )
    return NumberWords(
        small=cardinals[0],
        tens=tens[0],
        digit_synonyms=more | {word: str(at) for form in cardinals[1:] for at, word in enumerate(form)} | _glued(told),
        repeats={folded(word): times for word, times in told.get("repeats", {}).items()},
        heard_for=_NONE,
        hundred=_set(told, "hundred"),
        thousand=_set(told, "thousand"),
        joins=_set(told, "joins"),
        between=_set(told, "between"),
        tens_joins=_set(told, "tens_joins"),
        more_tens={word: str(at) for form in tens[1:] for at, word in enumerate(form, start=2)},
        more_units=units | dict(_digits(cardinals, more)) | prefixed,
        hundreds={word: 100 * at for form in hundreds for at, word in enumerate(form, start=1)},
        teen=_set(told, "teen"),
        is_thousand_alone=True,
    )


def _digits(cardinals: Sequence[Sequence[str]], more: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield words of 1 to 9 in all their forms, each with its digit."""
    yield from ((word, str(at)) for form in cardinals for at, word in enumerate(form[:10]) if at)
    yield from ((word, digits) for word, digits in more.items() if len(digits) == 1 and digits != "0")


def _glued(told: Mapping[str, Any]) -> dict[str, str]:
    """Return numbers that are one word, as "dvadsaťjeden", where the language writes them so."""
    if not told.get("is_glued"):
        return {}
    (small, *_), (tens, *_) = forms_of(told["small"]), forms_of(told["tens"])
    pairs = ((ten + unit, f"{at}{digit}") for at, ten in enumerate(tens, 2) for digit, unit in enumerate(small[:10]))
    return {word: digits for word, digits in pairs if not digits.endswith("0")}


def _set(told: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(folded(word) for text in told.get(name, ()) for word in text.split())


LANGUAGES: Mapping[str, NumberWords] = MappingProxyType({"en": ENGLISH} | {each: _of_file(each) for each in FILES})
"""By language, without region. The first one reads texts that have no word of any, too."""


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
_LONGEST_BETWEEN = 2
"""Letters of a word that may stand between parts of a number, as a stammer or a letter does."""
_MOST_BETWEEN = 3
"""So many words may stand there."""
_BETWEEN = ENGLISH.between
"""English sounds stand in every language, since a recogniser writes them."""


@lru_cache(maxsize=256)
def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the words and digits of a text in their order, in lower case and without accents."""
    lower = _plain(text)
    fold = str if text.isascii() else folded
    return tuple(Token(*found.span(), fold(found[0])) for found in _TOKEN.finditer(lower))


def languages_of(tokens: Sequence[Token]) -> Sequence[str]:
    """Return the languages in which a text may hold numbers, none where it holds none."""
    said = {token.text for token in tokens}
    first, *others = LANGUAGES
    has_digits = any(token.is_written for token in tokens)
    known = [first] if has_digits or not LANGUAGES[first].said.isdisjoint(said) else []
    return known + [each for each in others if not LANGUAGES[each].said.isdisjoint(said)]


def numbers_of(tokens: Sequence[Token], words: NumberWords = ENGLISH) -> Iterator[Number]:
    """Yield every number, in order.

    >>> [each.digits for each in numbers_of(tokens_of("eighty-five, double five or 12"))]
    ['85', '55', '12']
    """
    at = 0
    while at < len(tokens):
        is_one = tokens[at].text in words.first or tokens[at].is_written
        digits, end = _number(tokens, at, words) if is_one else ("", at)
        if digits:
            begin, ends = tokens[at].begin, tokens[end - 1].end
            yield Number(begin=begin, end=ends, first=at, behind=end, digits=digits)
        at = max(end, at + 1)


@lru_cache(maxsize=256)
def runs_in(text: str) -> tuple[tuple[Number, ...], ...]:
    """Return the runs of numbers of a text, which several look through one after another.

    One that is read alike in several languages stands there once, and none that is a part of another.
    """
    tokens = tokens_of(text)
    found = (run for language in languages_of(tokens) for run in runs_of(tokens, LANGUAGES[language]))
    runs = dict.fromkeys(map(tuple, found))
    return tuple(run for run in runs if not any(set(run) < set(other) for other in runs))


def most_digits(text: str) -> int:
    """Return how many digits the longest run of numbers in a text has."""
    return max((sum(len(number.digits) for number in run) for run in runs_in(text)), default=0)


def runs_of(tokens: Sequence[Token], words: NumberWords = ENGLISH) -> list[list[Number]]:
    """Return the numbers in runs, where nothing but a few sounds, letters and signs stands between neighbours."""
    runs: list[list[Number]] = []
    for number in numbers_of(tokens, words):
        if runs and _is_next(tokens, runs[-1][-1], number, words):
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def _is_next(tokens: Sequence[Token], one: Number, other: Number, words: NumberWords) -> bool:
    between = [token.text for token in tokens[one.behind : other.first]]
    return len(between) <= _MOST_BETWEEN and all(
        len(word) <= _LONGEST_BETWEEN or word in _BETWEEN or word in words.between for word in between
    )


def _number(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[str, int]:
    """Return the digits of the number that begins with a token, or none, and the token behind it."""
    token = tokens[at]
    if token.is_written:
        return token.text, at + 1
    times = words.repeats.get(token.text)
    return _said(tokens, at, words) if times is None else _repeated(tokens, at, times, words)


def _repeated(tokens: Sequence[Token], at: int, times: int, words: NumberWords) -> tuple[str, int]:
    if at + 1 == len(tokens) or tokens[at + 1].text in words.repeats:
        return "", at + 1
    digits, end = _number(tokens, at + 1, words)
    return digits * times, end


def _said(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[str, int]:
    """Return the digits of a number in words, with its hundreds and thousands."""
    digits, end = _alone(tokens, at, words) or _below_hundred(tokens, at, words)
    for scale, names in ((100, words.hundred), (1000, words.thousand)):
        if digits and end < len(tokens) and tokens[end].text in names:
            rest, end = _rest(tokens, end + 1, words, below=scale)
            digits = str(int(digits) * scale + rest)
    return digits, end


def _alone(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[str, int] | None:
    """Return the number that begins with a word of hundreds or of a thousand. None where none does."""
    text = tokens[at].text
    if text in words.hundreds:
        rest, end = _rest(tokens, at + 1, words, below=100)
        return str(words.hundreds[text] + rest), end
    if words.is_thousand_alone and text in words.thousand:
        rest, end = _rest(tokens, at + 1, words, below=1000)
        return str(1000 + rest), end
    return None


def _rest(tokens: Sequence[Token], at: int, words: NumberWords, *, below: int) -> tuple[int, int]:
    """Return what is added to hundreds or thousands, and the token behind it."""
    first = at + 1 if at < len(tokens) and tokens[at].text in words.joins else at
    if first == len(tokens):
        return 0, at
    digits, end = _below_hundred(tokens, first, words) if below == 100 else _said(tokens, first, words)
    if not digits and tokens[first].text in words.more_units:
        digits, end = words.more_units[tokens[first].text], first + 1
    return (int(digits), end) if digits and int(digits) < below else (0, at)


def _below_hundred(tokens: Sequence[Token], at: int, words: NumberWords) -> tuple[str, int]:
    text = tokens[at].text
    if text not in words.all_tens:
        digits = words.below_twenty.get(text, "")
        is_teen = len(digits) == 1 and at + 1 < len(tokens) and tokens[at + 1].text in words.teen
        return (f"1{digits}", at + 2) if is_teen else (digits, at + 1)
    tens = words.all_tens[text]
    place = at + 2 if at + 1 < len(tokens) and tokens[at + 1].text in words.tens_joins else at + 1
    unit = words.units.get(tokens[place].text) if place < len(tokens) else None
    return (tens + "0", at + 1) if unit is None else (tens + unit, place + 1)


def _plain(text: str) -> str:
    """Return a text of the same length in lower case, with ASCII digits."""
    if text.isascii():
        return text.lower()
    return "".join(str(unicodedata.digit(one)) if one.isdecimal() else _small(one) for one in text)


def _small(letter: str) -> str:
    lower = letter.lower()
    return lower if len(lower) == 1 else letter
