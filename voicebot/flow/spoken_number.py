"""A number said digit by digit. What was heard becomes the digits that may have been meant.

"oh" is a zero, "double five" is 55, "triple" is three times. A stammered "f-f-five" is one five, while "five five" is
two. The pause and the length tell which, for a digit that is begun and broken off is short, and the whole one follows
at once. Where that is not sure both numbers are kept, each with what speaks against it. The check digit, the cases
that exist and the caller decide (`number_choice.py`).

Knows: words with their times, the words of a language. Must not know: which numbers exist, nodes.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise, product

from voicebot.domain.utterance import Alternative, HeardNumber, Word
from voicebot.flow.grammar import UNKNOWN, plain
from voicebot.flow.spoken import SpokenLanguage

MOST_READINGS = 16
"""So many ways to read one string of words are followed, since each doubtful repetition doubles them."""
_BROKEN_OFF = 0.5
"""A digit shorter than this part of a usual one of the same number was begun and broken off …"""
_AT_ONCE_S = 0.3
"""… if the whole one follows within this."""
_PAUSE_S = 0.6
"""After so long a pause whoever thinks may have begun again with the digit said last."""
_AGAINST_BROKEN_OFF = 3.0
_AGAINST_SAID_AGAIN = 4.0
_AGAINST_TWO = 8.0
"""What speaks against keeping a digit that was broken off, against leaving out one that was said again after a pause,
and against leaving out one of two that were said in a row. As the costs of alternatives."""
_STUTTER = re.compile(r"\b(?:\w{1,3}-\s*)+(?=\w)")
"""The beginning of a word, said once or more before the word itself ("f-f-five", complaints.md V-02)."""


def digit_phrases(language: SpokenLanguage) -> tuple[str, ...]:
    """Return what may be heard for a number. That is the digits, their other names, and words like "double"."""
    return (*language.digit_words, *language.digit_synonyms, *language.repeat_words)


def keyed_number(keys: str) -> str:
    """Return the digits keyed. A `*` in between starts the number again."""
    return re.sub(r"\D", "", keys.rsplit("*", 1)[-1])


def spoken_number(text: str, language: SpokenLanguage) -> str | None:
    """Return the digits of a number that is only known as a text, or None when another word stands among them."""
    words = (Word(text=word, start_s=0, end_s=0, confidence=1) for word in _STUTTER.sub("", plain(text)).split())
    return "".join(digit.text for digit in _digits_said(words, language) or ()) or None


def numbers_in(alternatives: Iterable[Alternative], language: SpokenLanguage) -> tuple[HeardNumber, ...]:
    """Return the numbers that may have been said, the likeliest first. What is heard in several ways is likelier."""
    odds: dict[str, float] = {}
    for one in alternatives:
        for number in _readings(one.words, language):
            odds[number.digits] = odds.get(number.digits, 0.0) + math.exp(-one.cost - number.cost)
    best = max(odds.values(), default=1.0)
    found = [HeardNumber(digits=digits, cost=math.log(best / each)) for digits, each in odds.items() if each]
    return tuple(sorted(found, key=lambda number: number.cost))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Digit:
    """A digit that was said, so many times if it was "double" or "triple"."""

    text: str
    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        return self.end_s - self.start_s


def _digits_said(words: Iterable[Word], language: SpokenLanguage) -> list[_Digit] | None:
    """Return the digits of words, or None when another word stands among them."""
    digits = {**language.digit_synonyms, **{word: str(value) for value, word in enumerate(language.digit_words)}}
    found, times, start_s = list[_Digit](), 1, None
    for word in words:
        if word.text in language.repeat_words:
            times, start_s = language.repeat_words[word.text], word.start_s
        elif word.text in digits:
            begins_s = word.start_s if start_s is None else start_s
            found.append(_Digit(text=digits[word.text] * times, start_s=begins_s, end_s=word.end_s))
            times, start_s = 1, None
        elif word.text != UNKNOWN:
            return None
    return found


def _readings(words: Iterable[Word], language: SpokenLanguage) -> Iterator[HeardNumber]:
    """Yield the numbers that these words may be, with and without each repetition that may be a stammer."""
    said = _digits_said(words, language)
    if not said:
        return
    usual_s = sorted(digit.length_s for digit in said)[len(said) // 2]
    ways = product(*(_ways(one, then, usual_s) for one, then in pairwise(said)))
    for way in islice(ways, MOST_READINGS):
        kept = [digit.text for digit, (is_kept, _) in zip(said, (*way, _KEPT), strict=True) if is_kept]
        yield HeardNumber(digits="".join(kept), cost=sum(cost for _, cost in way))


_Way = tuple[bool, float]
"""Whether a digit is kept, and what speaks against it."""
_KEPT: _Way = (True, 0.0)


def _ways(one: _Digit, then: _Digit, usual_s: float) -> tuple[_Way, ...]:
    """Return the ways to read a digit before another one. Only one that is said again may be a stammer."""
    if one.text != then.text or len(one.text) > 1:
        return (_KEPT,)
    gap_s = then.start_s - one.end_s
    if one.length_s < _BROKEN_OFF * usual_s and gap_s < _AT_ONCE_S:
        return ((False, 0.0), (True, _AGAINST_BROKEN_OFF))
    return (_KEPT, (False, _AGAINST_SAID_AGAIN if gap_s >= _PAUSE_S else _AGAINST_TWO))
