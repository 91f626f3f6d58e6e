"""The stand-in hotline, and carriers that ring it."""

from collections.abc import Callable, Iterator

import pytest

from tests.simulator.stand_in import ACCOUNT, NUMBER, TOKEN, StandIn
from voicebot.simulator import CarrierOptions, NumberSettings, PacedClock, PretendCarrier

MakeCarrier = Callable[..., PretendCarrier]


@pytest.fixture
def hotline() -> Iterator[StandIn]:
    """A hotline whose answers the test writes."""
    stand_in = StandIn()
    yield stand_in
    stand_in.close()


@pytest.fixture
def make_carrier(hotline: StandIn) -> Iterator[MakeCarrier]:
    """Make carriers with options by name; time runs `pace` times faster."""
    carriers: list[PretendCarrier] = []

    def make(*, pace: float = 40.0, settings: NumberSettings | None = None, **options: object) -> PretendCarrier:
        carrier = PretendCarrier(
            ACCOUNT,
            TOKEN,
            NUMBER,
            hotline.public_url,
            clock=PacedClock(pace),
            options=CarrierOptions(**options),  # type: ignore[arg-type]
            settings=settings,
        )
        carriers.append(carrier)
        return carrier

    yield make
    for carrier in carriers:
        carrier.close()
