"""What somebody typed into the one box, read as what is to be looked for.

Nothing of it is ever a language: signs are dropped, words are compared. A word is found by its beginning from three
letters on, for in most languages its end changes. Digits are the last ones of a telephone number, or a word.

Knows: how people write numbers. Must not know: databases, cases.
"""

from dataclasses import dataclass

from voicebot.domain.case_number import LENGTH, read_case_number
from voicebot.domain.phone_forms import is_written
from voicebot.domain.search_words import NUMBER_MARK, digits_of, number_word, words_of

LONGEST_QUESTION = 200
"""Characters that are read. Our judgement: longer than any sentence that somebody remembers."""
MOST_WORDS = 12
_DASHES = dict.fromkeys(range(0x2010, 0x2016), "-")
BEGINNING_FROM = 3
"""Letters from which on a word is taken for the beginning of one. So many last digits may be a telephone number."""
LOCAL_FROM = 7
"""Digits from which on a number counts as whole. Zeros before it are then keyed, and no part of it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One word that is to be there."""

    word: str
    is_beginning: bool

    def is_met_by(self, word: str) -> bool:
        """Tell whether a folded word is the one."""
        return word.startswith(self.word) if self.is_beginning else word == self.word


Term = tuple[tuple[Wanted, ...], ...]
"""One of these ways is to be met, each by all of its words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchQuestion:
    """What is looked for."""

    text: str
    """As it was typed, without blanks around it, cut to `LONGEST_QUESTION`."""
    terms: tuple[Term, ...] = ()
    """Each is to be met. Empty when there is nothing to look for."""
    case_number: str | None = None
    """Nine digits, when a case number was typed whole and its check digit is right."""
    is_mistyped: bool = False
    """Whether it has the length of a case number, and is none because a digit is wrong."""

    def words(self) -> tuple[Wanted, ...]:
        """Return every word that may be met, for showing where."""
        return tuple(wanted for term in self.terms for way in term for wanted in way)


def read_question(typed: str) -> SearchQuestion:
    """Return what somebody looks for.

    >>> read_question("482-719-301").is_mistyped
    True
    """
    text = " ".join(typed.replace("\x00", " ").split())[:LONGEST_QUESTION]
    if text and is_written(text.translate(_DASHES)):
        return _of_digits(text)
    words = words_of(text)[:MOST_WORDS]
    return SearchQuestion(text=text, terms=tuple(_term(word) for word in dict.fromkeys(words)))


def _of_digits(text: str) -> SearchQuestion:
    digits, case_number = digits_of(text), read_case_number(text.translate(_DASHES))
    words = tuple(_wanted(word) for word in words_of(text)[:MOST_WORDS])
    together = (_wanted(digits),)
    ways = [words] if words == together else [words, together]
    number = digits.lstrip("0") if len(digits) >= LOCAL_FROM else digits
    if len(number) >= BEGINNING_FROM:
        ways.insert(0, (_ending(number),))
    return SearchQuestion(
        text=text,
        terms=(tuple(ways),) if digits else (),
        case_number=case_number,
        is_mistyped=len(digits) == LENGTH and "+" not in text and case_number is None,
    )


def _ending(number: str) -> Wanted:
    return Wanted(number_word(number), is_beginning=True)


def _term(word: str) -> Term:
    alone = (_wanted(word),)
    return (alone, (_ending(word),)) if word.isdecimal() and len(word) >= BEGINNING_FROM else (alone,)


def _wanted(word: str) -> Wanted:
    return Wanted(word, is_beginning=len(word) >= BEGINNING_FROM)


def is_number(wanted: Wanted) -> bool:
    """Tell whether it is the end of a telephone number that is looked for."""
    return wanted.word.startswith(NUMBER_MARK)
