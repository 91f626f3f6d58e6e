"""The machine's clock is set by an hour, either way, while callers talk and promises are open."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.calls.conftest import OpenHouse
from tests.chaos.crowd import Guest
from tests.chaos.quarters import Quarters, open_quarters
from tests.chaos.report import differing

pytestmark = pytest.mark.heavy

HOUR = timedelta(hours=1)


@pytest.mark.requirement("S0-11")
@pytest.mark.requirement("S0-12")
@pytest.mark.parametrize("jumps", [(HOUR, -HOUR), (-HOUR, HOUR)], ids=["ahead and back", "back and ahead"])
def test_a_clock_that_jumps_cuts_nobody_off_and_breaks_no_promise_twice(
    open_house: OpenHouse, speech_dir: Path, jumps: tuple[timedelta, timedelta]
) -> None:
    quarters = open_quarters(open_house, speech_dir)
    house = quarters.house
    with quarters.worker():
        guests = quarters.crowd.ring_many(3, ("keys", "keys", "silent"))
        house.wait_for(lambda: all("greet_caller" in guest.call.heard for guest in guests), "everybody to be greeted")
        for jump in jumps:
            _live_through(quarters, guests, jump)
        quarters.crowd.wait(120)
        house.await_calls_ended()
    assert differing(quarters.settle()) == []
    assert [guest.kind for guest in guests if not guest.has_heard_goodbye] == [], "nobody was cut off"
    _miss_every_promise(quarters)
    assert differing(quarters.settle()) == []


def _live_through(quarters: Quarters, guests: list[Guest], jump: timedelta) -> None:
    """Set the clock, until the worker has swept and everybody has heard something in the new time."""
    rounds, heard = quarters.rounds, [len(guest.call.heard) for guest in guests]

    def was_lived_through() -> bool:
        calls = [guest.call for guest in guests]
        has_gone_on = all(call.is_over or len(call.heard) > before for call, before in zip(calls, heard, strict=True))
        return has_gone_on and quarters.rounds > rounds + 1

    quarters.house.clock.step(jump)
    quarters.house.wait_for(was_lived_through, "calls and sweeps to go on in the new time")


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
