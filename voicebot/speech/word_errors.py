"""How far heard words are from spoken ones. It has the word error rate, and words made comparable.

Source: the usual measure: insertions, deletions and substitutions of the cheapest alignment, per spoken word. Ours,
because `voicebot bench` is for operators too, and jiwer brings 12 MB of compiled code for the ten lines at the end
(tried with 4.0). The tests hold ours to jiwer's figures.
Knows: text. Must not know: where it came from.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TITLES = {"mr": "mister", "mrs": "missis", "dr": "doctor"}
"""One recogniser writes "mister" for what another one writes as "Mr."."""


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Errors among so many spoken words, to be added up before dividing."""

    errors: int = 0
    words: int = 0

    @property
    def rate(self) -> float:
        """Errors per spoken word. 0 when nothing was spoken."""
        return self.errors / self.words if self.words else 0.0

    def __add__(self, other: "WordErrors") -> "WordErrors":
        return WordErrors(self.errors + other.errors, self.words + other.words)


def plain_words(text: str) -> list[str]:
    """Return words as they sound, in lower case, no punctuation, digits one by one and titles in words."""
    spelled = re.sub(r"[0-9]", lambda digit: f" {_DIGITS[int(digit.group())]} ", text.lower())
    return [_TITLES.get(word, word) for word in re.sub(r"[^a-z' ]+", " ", spelled).split()]


def word_errors(spoken: str, heard: str) -> WordErrors:
    """Compare two texts word by word."""
    reference, guess = plain_words(spoken), plain_words(heard)
    row = list(range(len(guess) + 1))
    for word in reference:
        row = _next_row(row, [word != other for other in guess])
    return WordErrors(row[-1], len(reference))


def wrong_words(spoken: Sequence[str], heard: Sequence[str]) -> tuple[bool, ...]:
    """Tell for each heard word whether it was put in, or put instead of another one. Left out words are not there."""
    rows = [list(range(len(heard) + 1))]
    for word in spoken:
        rows.append(_next_row(rows[-1], [word != other for other in heard]))
    wrong, row, place = [True] * len(heard), len(spoken), len(heard)
    while row and place:
        differs = spoken[row - 1] != heard[place - 1]
        if rows[row][place] == rows[row - 1][place - 1] + differs:
            row, place = row - 1, place - 1
            wrong[place] = differs
        elif rows[row][place] == rows[row][place - 1] + 1:
            place -= 1
        else:
            row -= 1
    return tuple(wrong)


def total(errors: Iterable[WordErrors]) -> WordErrors:
    """Add up the errors of many clips."""
    return sum(errors, WordErrors())


def _next_row(above: list[int], differs: list[bool]) -> list[int]:
    row = [above[0] + 1]
    for at, wrong in enumerate(differs):
        row.append(min(above[at + 1] + 1, row[at] + 1, above[at] + wrong))
    return row
