"""The test call is placed once each working morning, whoever dies, and judged by what stands of it."""

from datetime import timedelta

import pytest

from tests.builders import at
from tests.fakes_outside import FakeCalls
from tests.service.chaos import Death, Dying, DyingWork, Fate
from tests.service.lines import OTHER, OWN, Line, with_rules
from tests.service.watch.canaries import EIGHT, SAID, Canaries
from voicebot.domain.call import CallEnd
from voicebot.domain.canary import LOOKED_UP_AFTER, MOST_TRIES, CanaryResult, CanarySpeech
from voicebot.errors import Refused
from voicebot.service.call.turn import end_call
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain
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


def test_a_policy_without_a_test_call_each_morning_still_has_one_for_whom_asks(canaries: Canaries, line: Line) -> None:
    with_rules(line, canary_number="")
    canaries.look(minutes=3)
    assert (canaries.placed, canaries.result()) == (0, None)
    with pytest.raises(Refused) as refused:
        begin_now(line.hotline)
    assert refused.value.code == "no-canary-number"


def test_a_caller_who_was_never_told_the_case_number_fails_it(canaries: Canaries, line: Line) -> None:
    canaries.look()
    answer = line.reach("ask_story", OTHER, "CB1")
    line.say(answer, SAID)
    end_call(line.hotline, "CB1", CallEnd.CALLER_HUNG_UP)
    canaries.look(minutes=15)
    assert canaries.result() is CanaryResult.NO_NUMBER
    assert "not told its case number" in canaries.told()[0]


@pytest.mark.parametrize("last", [CallBusy(), CallUncertain()])
def test_a_carrier_that_never_takes_it_is_asked_so_often_and_no_more(
    canaries: Canaries, line: Line, last: Exception
) -> None:
    line.calls.trouble = [*(CallBusy() for _ in range(MOST_TRIES - 1)), last, CallBusy()]
    begin_now(line.hotline)
    for _ in range(3 * MOST_TRIES):
        carry_on(line.hotline)
        line.step(seconds=10)
    assert (canaries.placed, len(line.calls.trouble)) == (0, 1)
    line.step(minutes=15)
    carry_on(line.hotline)
    assert canaries.result() is CanaryResult.NOT_PLACED


def test_an_answer_that_comes_after_a_second_order_changes_nothing(canaries: Canaries, line: Line) -> None:
    """A worker that was halted while the carrier answered must not undo what the next one wrote."""

    class Halting(FakeCalls):
        """Calls whose answer comes when the test call is over already."""

        def ring_self(self, number: str, *, sender: str, speech: CanarySpeech) -> str:
            canaries.arrive()
            carry_on(line.hotline)
            return super().ring_self(number, sender=sender, speech=speech)

    line.use(calls=Halting())
    canaries.look()
    assert canaries.result() is CanaryResult.PASSED
    with line.work() as work:
        judged = work.watch.newest_canary(line.clock.now())
    assert judged is not None
    assert judged.carrier_call_id is None


def test_a_carrier_that_refuses_is_told_at_once(canaries: Canaries) -> None:
    canaries.line.calls.trouble = [CallRefused(21210)]
    canaries.look(minutes=3)
    assert (canaries.result(), canaries.placed) == (CanaryResult.REFUSED, 0)
    assert "error 21210" in canaries.told()[0]
