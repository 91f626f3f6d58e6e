"""How much strangers may make us pay for."""

import pytest

from voicebot.domain.budget import Scope
from voicebot.domain.limits import TextLimits, TextsLeft, limit_reached

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
