"""Media sockets are reset, stall and burst, vanish, end within a frame, read nothing: while callers talk."""

from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.chaos.faults import TROUBLES
from tests.chaos.quarters import Quarters
from tests.chaos.report import differing

PACE = 4.0


@pytest.mark.requirement("S0-11")
def test_whatever_networks_do_to_a_stream_nobody_is_lost_and_no_word_of_theirs(
    open_house: OpenHouse, speech_dir: Path
) -> None:
    house = open_house(pace=PACE)
    quarters = Quarters(house, speech_dir, pace=PACE)
    with quarters.worker():
        for number, trouble in enumerate(TROUBLES):
            quarters.crowd.ring("keys" if number % 2 else "leaver", trouble=trouble, at_s=28.0 + 2 * number)
        quarters.crowd.wait(170)
        house.await_calls_ended()
    assert differing(quarters.settle()) == []
