"""Places in a text that are masked, by kind, and a text as the finders read it.

Knows: words and numbers with their places. Must not know: how a kind is recognised.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from voicebot.domain.language_words import words_beside
from voicebot.domain.number_words import LANGUAGES, Number, Token, runs_of, tokens_of


class PrivateKind(StrEnum):
    """What is masked. The value stands in the mark."""

    CARD = "card number"
    CARD_CODE = "card code"
    ACCOUNT = "bank account"
    BIRTH_DATE = "birth date"
    NATIONAL = "national number"

    @property
    def mark(self) -> str:
        """What is shown in its place."""
        return f"[{self.value}]"


OF_CARDS = frozenset({PrivateKind.CARD, PrivateKind.CARD_CODE})
"""What nobody may keep who takes no payments. A policy may have it destroyed."""
EVERY_KIND = frozenset(PrivateKind)
MAIN_LANGUAGE = "en"
"""In this one a text is read that has no words of any."""
OTHER_NUMBERS = frozenset(
    {"order", "parcel", "tracking", "invoice", "reference", "booking", "serial", "meter", "imei", "case", "phone"}
) | words_beside("other")
"""Words before a number that name it as one that stays readable."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateSpan:
    """One place in a text."""

    kind: PrivateKind
    begin: int
    end: int
    """The character behind it."""


_LONGEST_GROUP = 4
"""Letters that stand together in a number at most. A longer word ends it."""
_SOUNDS = frozenset({"uh", "um", "er", "ah", "erm", "then"})
"""Of somebody who thinks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A text with its words and its runs of numbers."""

    text: str
    tokens: Sequence[Token]
    runs: Sequence[Sequence[Number]]

    def spelled(self, at: int, *, longest: int) -> Iterator[tuple[str, int]]:
        """Yield what is spelled from a token on, of digits and short groups of letters, each with the token behind.

        Each is longer than the one before, and none longer than `longest`. Sounds of somebody who thinks are left out.
        """
        numbers = {number.first: number for run in self.runs for number in run if number.first >= at}
        spelled, place = "", at
        while place < len(self.tokens):
            number, word = numbers.get(place), self.tokens[place].text
            place = place + 1 if number is None else number.behind
            if number is None and word in _SOUNDS:
                continue
            spelled += word.upper() if number is None else number.digits
            if (number is None and len(word) > _LONGEST_GROUP) or len(spelled) > longest:
                return
            yield spelled, place

    def place(self, kind: PrivateKind, first: int, behind: int) -> "PrivateSpan":
        """Return the place of some tokens."""
        return PrivateSpan(kind=kind, begin=self.tokens[first].begin, end=self.tokens[behind - 1].end)

    def before(self, token: int, most: int) -> frozenset[str]:
        """Return the words before a token, at most so many."""
        return frozenset(each.text for each in self.tokens[max(0, token - most) : token])

    def names(self, words: Collection[str], *, before: int, most: int) -> bool:
        """Tell whether one of these words stands shortly before a token."""
        return not self.before(before, most).isdisjoint(words)


_MARK = re.compile("|".join(re.escape(kind.mark) for kind in PrivateKind))


def has_mark(text: str) -> bool:
    """Tell whether something private stands as a mark in a text."""
    return _MARK.search(text) is not None


def read(text: str, language: str = MAIN_LANGUAGE) -> Reading:
    """Return a text as the finders read it, with the numbers of a language. A mark that stands there names nothing."""
    plain = _MARK.sub(lambda found: "#" * len(found[0]), text)
    tokens = tokens_of(plain)
    return Reading(text=plain, tokens=tokens, runs=runs_of(tokens, LANGUAGES[language]))


def span_of(kind: PrivateKind, numbers: Sequence[Number]) -> PrivateSpan:
    """Return the place of neighbouring numbers, with what stands between them."""
    return PrivateSpan(kind=kind, begin=numbers[0].begin, end=numbers[-1].end)
