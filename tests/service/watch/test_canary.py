"""The test call is placed once each working morning, whoever dies, and judged by what stands of it."""

from datetime import timedelta

import pytest

from tests.builders import at
from tests.fakes_outside import FakeCalls
from tests.service.chaos import Death, Dying, DyingWork, Fate
from tests.service.lines import OWN, Line
from tests.service.watch.canaries import EIGHT, Canaries
from voicebot.domain.canary import LOOKED_UP_AFTER, CanaryResult
from voicebot.errors import Refused
from voicebot.service.ports import CallBusy, CallUncertain
from voicebot.service.watch.canary import begin_now, carry_on

pytestmark = pytest.mark.requirement("D-10")


def test_it_is_placed_once_a_morning_and_passes(canaries: Canaries) -> None:
    canaries.line.clock.at = at("Tuesday 10 November 2026 07:57:00")
    canaries.look(minutes=3)
    assert canaries.placed == 0
    canaries.look()
    assert canaries.line.calls.rung[0][0] == OWN
    canaries.arrive()
    canaries.look(minutes=30)
    assert (canaries.result(), canaries.placed, canaries.told()) == (CanaryResult.PASSED, 1, [])
    assert "came through" in canaries.listed()
    canaries.line.clock.at = at("Thursday 12 November 2026 08:00:00")
    canaries.look(minutes=3)
    assert canaries.placed == 2


def test_a_busy_carrier_is_asked_again(canaries: Canaries) -> None:
    canaries.line.calls.trouble = [CallBusy(), CallBusy()]
    canaries.look(minutes=3)
    assert canaries.placed == 1


@pytest.mark.parametrize("was_taken", [True, False])
def test_an_order_without_an_answer_is_looked_up_before_it_is_given_again(canaries: Canaries, was_taken: bool) -> None:
    canaries.line.calls.trouble, canaries.line.calls.keeps_uncertain = [CallUncertain()], was_taken
    canaries.look()
    assert canaries.placed == int(was_taken)
    canaries.line.clock.step(LOOKED_UP_AFTER)
    canaries.look(minutes=2)
    assert canaries.placed == 1
    canaries.arrive()
    canaries.look()
    assert canaries.result() is CanaryResult.PASSED


def test_somebody_may_ask_for_one_and_the_morning_keeps_its_own(canaries: Canaries) -> None:
    canaries.line.clock.at = at("Tuesday 10 November 2026 07:50:00")
    begin_now(canaries.line.hotline)
    with pytest.raises(Refused) as refused:
        begin_now(canaries.line.hotline)
    assert refused.value.code == "canary-runs"
    carry_on(canaries.line.hotline)
    canaries.arrive()
    canaries.look()
    assert (canaries.result(), canaries.placed) == (CanaryResult.PASSED, 1)
    canaries.line.clock.at = at(EIGHT)
    canaries.look(minutes=2)
    assert canaries.placed == 2


@pytest.mark.parametrize("hours", [2, -2, 24 * 200, -24])
def test_a_clock_that_is_set_while_it_rings_neither_fails_it_nor_rings_again(canaries: Canaries, hours: int) -> None:
    canaries.look()
    canaries.arrive()
    right = canaries.line.clock.now()
    canaries.line.clock.at = right + timedelta(hours=hours)
    canaries.look()
    canaries.line.clock.at = right + timedelta(minutes=2)
    canaries.look(minutes=20)
    with canaries.line.work() as work:
        daily = work.watch.canary("2026-11-10")
    assert daily is not None
    assert (daily.result, canaries.told()) == (CanaryResult.PASSED, [])
    assert canaries.placed == 1


def test_a_clock_set_back_while_it_is_placed_leaves_it_the_test_call(canaries: Canaries) -> None:
    canaries.line.clock.at = at("Tuesday 10 November 2026 11:00:00")
    canaries.look()
    canaries.line.clock.at = at(EIGHT)
    canaries.look()
    canaries.arrive()
    canaries.look(minutes=20)
    assert (canaries.result(), canaries.placed, canaries.told()) == (CanaryResult.PASSED, 1, [])


def test_a_clock_that_was_months_ahead_silences_no_later_morning(canaries: Canaries) -> None:
    canaries.line.clock.at = at("Tuesday 8 June 2027 09:00:00")
    canaries.look()
    canaries.arrive()
    canaries.look()
    canaries.line.clock.at = at(EIGHT)
    canaries.look(minutes=20)
    assert (canaries.placed, canaries.result()) == (2, CanaryResult.NO_CALL)
    assert len(canaries.told()) == 1
    assert "NOT come through" in canaries.listed()


def test_a_worker_that_dies_anywhere_places_one_a_morning(canaries: Canaries, line: Line) -> None:
    whole, fate, deaths = line.hotline, Fate(), 0
    midnight = at("Tuesday 10 November 2026 00:00:00")
    for step in range(20):
        line.clock.at = line.policy.calendar.next_opening(midnight)
        midnight = line.clock.at + timedelta(hours=15)
        calls = FakeCalls()
        line.use(unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate), calls=Dying(calls, fate))
        fate.dies_in = step
        try:
            canaries.look()
        except Death:
            deaths += 1
        fate.dies_in = None
        line.use(unit_of_work=whole.unit_of_work, calls=calls)
        canaries.look(minutes=12)
        assert len(calls.rung) == 1, step
    assert deaths > 8
