"""The number a complainant is given. It has eight random digits and a check digit, said and written in threes.

Random, so that nobody guesses a neighbour's case. It has digits only, so that every telephone and every language can
carry it, and the check digit finds every single wrong digit and every swap of two neighbours. A PIN goes beside it by
text, since a number alone opens too much.

Knows: digits, numbers in texts. Must not know: which numbers were used before (the store refuses those; mint again).
Source: H. M. Damm's totally anti-symmetric quasigroup of order 10 (2004), by python-stdnum; complaints.md 5,
script.md 0.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise

from stdnum import damm

from voicebot.domain.number_words import Number, runs_in

LENGTH = 9
GROUP = 3
PIN_LENGTH = 4

BLOT = "****"
"""What staff see in place of a PIN."""

_MOST_TRIES = 1000
"""Fewer than one body in eight is refused. So many in a row means that the source is not random."""


def mint_case_number(random_digits: Callable[[int], str]) -> str:
    """Return a fresh case number of nine digits. `random_digits(n)` gives n digits from a cryptographic source.

    The first digit is never 0 (a lone 0 means "a person" on every telephone), and no body is a sequence that somebody
    would try, such as one or two digits repeated, or counting up or down.
    """
    for _ in range(_MOST_TRIES):
        body = random_digits(LENGTH - 1)
        if body[0] != "0" and not _is_guessable(body):
            return body + damm.calc_check_digit(body)
    raise AssertionError("the source of random digits gives only refused ones")


def mint_pin(random_digits: Callable[[int], str]) -> str:
    """Return a fresh PIN of four digits, not all alike and not counting up or down."""
    for _ in range(_MOST_TRIES):
        pin = random_digits(PIN_LENGTH)
        if not _is_counting(pin):
            return pin
    raise AssertionError("the source of random digits gives only refused ones")


def without_pin(text: str, pin: str) -> str:
    """Return a text with the PIN blotted out, however it is written or said. As part of a longer number it is none.

    >>> without_pin("Case 482-719-300. Code 8558, that is eighty-five 58.", "8558")
    'Case 482-719-300. Code ****, that is ****.'
    """
    parts, at = list[str](), 0
    for begin, end in places_of_pins(text, (pin,)):
        if begin >= at:
            parts += [text[at:begin], BLOT]
            at = end
    return "".join((*parts, text[at:]))


def places_of_pins(text: str, pins: Iterable[str]) -> list[tuple[int, int]]:
    """Return from where to where any of the PINs stands in a text, by where they begin. Places may overlap.

    It may be in figures or words, in one or in parts, with a few sounds, letters or signs between. The text is looked
    through once, however many PINs there are.
    """
    wanted = frozenset(pin for pin in pins if pin.isdecimal())
    longest = max(map(len, wanted), default=0)
    return [place for run in runs_in(text) for place in _places(run, wanted, longest)] if wanted else []


def _places(run: Sequence[Number], wanted: frozenset[str], longest: int) -> Iterator[tuple[int, int]]:
    for first in range(len(run)):
        digits = ""
        for number in run[first : first + longest]:
            digits += number.digits
            if digits in wanted:
                yield run[first].begin, number.end
            if len(digits) >= longest:
                break


def is_valid(number: str) -> bool:
    """Tell whether nine digits can be a case number. They must not start with 0, and the check digit must be right."""
    return (
        len(number) == LENGTH and number.isascii() and number.isdecimal() and number[0] != "0" and damm.is_valid(number)
    )


def read_case_number(text: str) -> str | None:
    """Return the nine digits of a case number as people write it (hyphens, spaces), or None when it is none."""
    digits = "".join(character for character in text if character not in "- \u2013\u00a0")
    return digits if is_valid(digits) else None


def written(number: str) -> str:
    """Return the number as it stands in texts. The hyphens keep the groups in order in right-to-left scripts too.

    >>> written("482719300")
    '482-719-300'
    """
    return "-".join(spoken_groups(number))


def spoken_groups(number: str) -> tuple[str, ...]:
    """Return the groups in which the number is said, digit by digit, with a pause between groups."""
    return tuple(number[at : at + GROUP] for at in range(0, len(number), GROUP))


def _is_guessable(body: str) -> bool:
    return len(set(body)) <= 2 or _is_counting(body)


def _is_counting(digits: str) -> bool:
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    return len(steps) == 1 and steps <= {0, 1, 9}
