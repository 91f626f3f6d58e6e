"""The machine's clock is set by an hour, either way, while callers talk and promises are open."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.chaos.quarters import Quarters
from tests.chaos.report import differing

PACE = 3.0
HOUR = timedelta(hours=1)
LAST_WORDS = {"say_goodbye", "no_input_3", "tell_time_up"}
"""An hour that seems to have gone by ends a call by words too, and its case stands."""


@pytest.mark.requirement("S0-11")
@pytest.mark.requirement("S0-12")
@pytest.mark.parametrize("jumps", [(HOUR, -HOUR), (-HOUR, HOUR)], ids=["ahead and back", "back and ahead"])
def test_a_clock_that_jumps_cuts_nobody_off_and_breaks_no_promise_twice(
    open_house: OpenHouse, speech_dir: Path, jumps: tuple[timedelta, timedelta]
) -> None:
    house = open_house(pace=PACE)
    quarters = Quarters(house, speech_dir, pace=PACE)
    with quarters.worker():
        guests = quarters.crowd.ring_many(3, ("keys", "keys", "silent"))
        for jump in jumps:
            house.wait_for(
                lambda: all("greet_caller" in guest.call.heard for guest in guests), "everybody to be greeted"
            )
            house.clock.step(jump)
            quarters.carrier.clock.sleep_until(quarters.carrier.clock.elapsed_s() + 10)
        quarters.crowd.wait(120)
        house.await_calls_ended()
    assert differing(quarters.settle()) == []
    for guest in guests:
        assert guest.call.heard[-1] in LAST_WORDS, "nobody was cut off"
        assert guest.call.ended_by == "hotline"
    _miss_every_promise(quarters)
    assert differing(quarters.settle()) == []


def _miss_every_promise(quarters: Quarters) -> None:
    """Go to the end of the last window by jumps that overshoot and are taken back."""
    with quarters.work() as work:
        closes = max(each.window_closes_at for t in work.tickets.all() for each in work.promises.of_ticket(t.id))
    house = quarters.house
    house.clock.step(closes - house.clock.now())
    for jump in (HOUR, -HOUR, HOUR):
        house.clock.step(jump)
        house.work_off()
    with quarters.work() as work:
        for ticket in work.tickets.all():
            breaches = [breach.promise_id for breach in work.promises.breaches_of_ticket(ticket.id)]
            assert breaches
            assert len(breaches) == len(set(breaches))
