"""How much strangers may make us pay for."""

import doctest

import pytest

from voicebot.domain import limits
from voicebot.domain.limits import Scope, TextLimits, TextsLeft, limit_reached, prefix_of

SMALL = TextLimits(per_number=2, per_prefix=3, per_country=4, in_all=5)


@pytest.mark.parametrize(
    ("number", "prefix", "country", "every", "reached"),
    [
        (0, 0, 0, 0, None),
        (1, 2, 3, 4, None),
        (2, 2, 3, 4, Scope.NUMBER),
        (1, 3, 3, 4, Scope.PREFIX),
        (1, 2, 4, 4, Scope.COUNTRY),
        (1, 2, 3, 5, Scope.ALL),
        (2, 3, 4, 5, Scope.NUMBER),
        (99, 0, 0, 0, Scope.NUMBER),
    ],
)
def test_the_narrowest_limit_without_room_is_named(
    number: int, prefix: int, country: int, every: int, reached: Scope | None
) -> None:
    left = TextsLeft(to_number=number, to_prefix=prefix, to_country=country, in_all=every)
    assert limit_reached(SMALL, left) is reached


def test_numbers_of_one_block_share_their_beginning() -> None:
    assert {prefix_of(f"+1202555{last:04}") for last in (0, 9999)} == {"1202555"}
    assert prefix_of("+12025560000") != prefix_of("+12025550000")


def test_what_is_kept_of_a_number_is_too_short_to_ring() -> None:
    assert all(len(number.lstrip("+")) - len(prefix_of(number)) >= 3 for number in ("+38591123456", "+37061234567"))


def test_examples_in_the_docstrings_hold() -> None:
    assert doctest.testmod(limits).failed == 0
