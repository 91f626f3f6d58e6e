"""Which of the numbers that may have been said is taken.

A recogniser is sure of a number far less often than it has the right one among its guesses. What it cannot tell others
can. A number has so many digits, a case number has a check digit (domain/case_number.py), a caller who says no to what
was read back did not say that one, and who says a number once more says the same one. Whether a number exists is asked
afterwards, of all that are left.

A guess that is far less likely than the best one is not what was said, whatever speaks for it. So a wrong number is not
turned into one that exists (`voicebot bench digits`).

Knows: numbers with their costs. Must not know: words, which numbers exist.
"""

from collections.abc import Collection, Sequence

from voicebot.domain.case_number import is_valid
from voicebot.domain.utterance import HeardNumber
from voicebot.flow.nodes import DigitAnswer, NumberForm

FARTHEST = 5.0
"""Numbers that cost more than this above the best guess are none. Natural logarithm of the odds.

Of 100 case numbers 94 arrive with 3, 97 with 4 to 8. Of 300 wrong numbers two open a case with 8, and none with 6 or
less (docs/figures.md).
"""
NOT_HEARD = 12.0
"""The cost of a number in a hearing that did not have it among its guesses."""
MOST_CHOICES = 8
"""So many are kept, the likeliest first."""


def choices(
    numbers: Sequence[HeardNumber],
    wanted: DigitAnswer,
    *,
    earlier: Sequence[HeardNumber] = (),
    refused: Collection[str] = (),
) -> tuple[str, ...]:
    """Return the numbers that may be meant, the likeliest first, and none where nothing fits what is wanted.

    `earlier` are those of the same number said before, `refused` those to which the caller said no.
    """
    costs = _costs(numbers, earlier)
    left = {digits: cost for digits, cost in costs.items() if digits not in refused}
    nearest = min(left.values(), default=0.0)
    fits = [
        digits
        for digits, cost in sorted(left.items(), key=lambda each: each[1])
        if cost <= nearest + FARTHEST and may_be(digits, wanted)
    ]
    return tuple(fits[:MOST_CHOICES])


def may_be(digits: str, wanted: DigitAnswer) -> bool:
    """Whether digits have the form that is wanted."""
    if not wanted.min_digits <= len(digits) <= wanted.max_digits:
        return False
    return wanted.form is not NumberForm.CASE_NUMBER or is_valid(digits)


def _costs(numbers: Sequence[HeardNumber], earlier: Sequence[HeardNumber]) -> dict[str, float]:
    """Return the cost of each number, of both hearings together where there are two."""
    now = {number.digits: number.cost for number in numbers}
    if not (numbers and earlier):
        return now
    before = {number.digits: number.cost for number in earlier}
    return {
        digits: now.get(digits, NOT_HEARD) + before.get(digits, NOT_HEARD) for digits in dict.fromkeys((*now, *before))
    }
