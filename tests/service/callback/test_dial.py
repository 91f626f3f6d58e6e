"""A call is dialled once, whatever the carrier says and wherever a worker dies."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.builders import a_drill, at
from tests.fakes_outside import FakeCalls, SteppedClock
from tests.service.callback.callers import CA, a_case, calls_of, the_call
from tests.service.callback.surveys import AFTER, a_kept_case, question_of
from tests.service.chaos import BOTH_IN_LONG, Death, Dying, DyingWork, Fate
from tests.service.lines import CALLER, DEPUTY, FLOWS_DIR, OTHER, OWNER, Line, a_policy_dir, with_flows
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState
from voicebot.domain.ticket import Ticket
from voicebot.service.background.sweeps import run_due
from voicebot.service.callback import hops
from voicebot.service.callback.dial import APART, LOOK_UP_AFTER, MOST_TRIES, RUNG_WITHIN, dial, end_unmade, meet
from voicebot.service.callback.order import CallOrder, order_callback, write_order
from voicebot.service.callback.voice_channel import VoiceChannel
from voicebot.service.hotline import context_of
from voicebot.service.outbox.text_channel import TextChannel
from voicebot.service.ports import CallBusy, CallRefused, CallUncertain, UnitOfWork
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import acknowledge


def waiting(line: Line) -> StaffCall:
    return order_callback(line.hotline, a_case(line).case_number, actor="owner_1")


def test_who_comes_second_dials_nobody(line: Line) -> None:
    call = waiting(line)
    dial(line.hotline, call.id)
    dial(line.hotline, call.id)
    run_due(line.hotline)
    assert len(line.calls.rung) == 1
    assert the_call(line, call.id).state is StaffCallState.RINGING


def test_a_busy_carrier_is_asked_again_and_a_refusal_ends_it(line: Line) -> None:
    call = waiting(line)
    line.calls.trouble = [CallBusy(), CallRefused(21215)]
    dial(line.hotline, call.id)
    assert the_call(line, call.id).state is StaffCallState.WAITING
    line.step(minutes=1)
    run_due(line.hotline)
    assert the_call(line, call.id).result == "the carrier refused to ring them (error 21215)"
    assert line.calls.rung == []


@pytest.mark.parametrize("is_there", [True, False])
def test_who_is_uncertain_asks_the_carrier_after_a_while(line: Line, *, is_there: bool) -> None:
    call = waiting(line)
    line.calls.trouble, line.calls.keeps_uncertain = [CallUncertain()], is_there
    dial(line.hotline, call.id)
    run_due(line.hotline)
    assert the_call(line, call.id).state is StaffCallState.DIALLING
    line.clock.step(LOOK_UP_AFTER)
    run_due(line.hotline)
    run_due(line.hotline)
    assert (the_call(line, call.id).state, len(line.calls.rung)) == (StaffCallState.RINGING, 1)


def test_a_carrier_that_never_has_it_is_not_asked_for_ever(line: Line) -> None:
    call = waiting(line)
    line.calls.trouble = [CallUncertain()] * MOST_TRIES
    for _ in range(3 * MOST_TRIES):
        line.clock.step(LOOK_UP_AFTER)
        run_due(line.hotline)
    assert the_call(line, call.id).result == "the carrier never had this call"
    assert "call_not_made" in line.verbs(call.ticket_id)


def test_the_first_question_of_a_call_tells_which_it_is_and_a_second_call_is_ended(line: Line) -> None:
    call = waiting(line)
    line.calls.trouble, line.calls.keeps_uncertain = [CallUncertain()], True
    dial(line.hotline, call.id)
    hops.greet(line.hotline, call.id, CA)
    assert the_call(line, call.id).carrier_call_id == CA
    assert hops.greet(line.hotline, call.id, "CA" + "f" * 32) == hops.HangUpLeg()
    assert meet(line.hotline, "unknown", CA) is None


def test_calls_are_a_second_apart(line: Line) -> None:
    first, second = (line.ticket(line.told_call(sid, number)) for sid, number in (("CA1", CALLER), ("CA2", OTHER)))
    for ticket, member in ((first, "owner_1"), (second, "deputy_1")):
        order_callback(line.hotline, ticket.case_number, actor=member)
    line.run_jobs()
    assert len(line.calls.rung) == 1
    line.clock.step(APART)
    run_due(line.hotline)
    assert len(line.calls.rung) == 2


def test_the_complainant_who_rings_us_meanwhile_is_waited_for(line: Line) -> None:
    call = waiting(line)
    line.ring(CALLER, "CA9")
    line.run_jobs()
    assert line.calls.rung == []
    assert the_call(line, call.id).state is StaffCallState.WAITING


def order_of_ladder(line: Line, ticket: Ticket, member_id: str, purpose: str) -> None:
    """Let a ladder order a call, and the worker look."""
    with line.work() as work:
        member = next(each for each in line.policy.staff if each.id == member_id)
        order = CallOrder(ticket=ticket, member=member, ordered_by="worker", kind=StaffCallKind.LADDER, purpose=purpose)
        write_order(context_of(line.hotline, work), order)
        work.commit()
    line.clock.step(APART)
    line.sweep()


@pytest.mark.requirement("S0-12")
def test_the_third_call_of_both_ladders_in_an_hour_rings_when_the_hour_is_over_and_the_case_says_so(line: Line) -> None:
    first, second = (line.ticket(line.told_call(sid, number)) for sid, number in (("CA1", CALLER), ("CA2", OTHER)))
    for ticket, purpose in ((first, "step:b:missed:x"), (second, "decision_step:t:late:x"), (first, "step:b:heads:x")):
        order_of_ladder(line, ticket, "owner_1", purpose)
    assert [number for number, _ in line.calls.rung] == [OWNER, OWNER]
    with line.work() as work:
        said = [entry.after for entry in work.tickets.history(first.id) if entry.verb == "call_put_off"]
    assert said == ["rung 2 times in the last hour already: rings at Wed 18 Nov 2026, 11:00:01 EST"]
    line.clock.step(timedelta(minutes=59))
    line.sweep()
    assert len(line.calls.rung) == 2
    line.clock.step(timedelta(minutes=1))
    line.sweep()
    assert len(line.calls.rung) == 3


def begin_drill(line: Line, ticket: Ticket) -> None:
    began_at = line.clock.now()
    with line.work() as work:
        work.watch.add_drill(
            a_drill(id="m", ticket_id=ticket.id, began_at=began_at, ends_at=began_at + timedelta(hours=9))
        )
        work.commit()


@pytest.mark.requirement("D-10")
def test_a_drill_yields_its_calls_keep_none_of_a_ladder_back_and_wait_for_those(line: Line) -> None:
    ticket = a_case(line)
    begin_drill(line, ticket)
    for purpose in ("drill:m:missed:x", "step:b:missed:x", "drill:m:heads:x", "step:b:heads:x", "step:b:area:x"):
        order_of_ladder(line, ticket, "owner_1", purpose)
    rung = [call.purpose for call in calls_of(line, ticket) if call.dialled_at is not None]
    assert rung == ["drill:m:missed:x", "step:b:missed:x", "step:b:heads:x"]
    line.clock.step(timedelta(hours=1))
    for _ in range(3):
        line.clock.step(APART)
        line.sweep()
    assert all(call.dialled_at is not None for call in calls_of(line, ticket))


def test_calls_made_while_the_clock_was_ahead_keep_none_back(line: Line) -> None:
    ticket, now = a_case(line), line.clock.now()
    line.clock.step(timedelta(days=300))
    for purpose in ("step:b:missed:x", "step:b:heads:x"):
        order_of_ladder(line, ticket, "owner_1", purpose)
    line.clock.at = now
    order_of_ladder(line, ticket, "owner_1", "step:b:area:x")
    assert len(line.calls.rung) == 3


def test_two_people_with_one_telephone_are_not_rung_more_often_than_one(line: Line, tmp_path: Path) -> None:
    with_flows(line, FlowFiles(FLOWS_DIR, a_policy_dir(tmp_path / "shared", supervisor_1=OWNER)))
    ticket = a_case(line)
    for member_id in ("owner_1", "supervisor_1", "deputy_1"):
        order_of_ladder(line, ticket, member_id, f"step:b:missed:{member_id}")
    order_of_ladder(line, ticket, "owner_1", "step:b:heads:owner_1")
    assert [number for number, _ in line.calls.rung] == [OWNER, OWNER, DEPUTY]


def test_a_ladder_rings_nobody_about_what_is_over_and_waits_while_somebody_is_on_it(line: Line) -> None:
    line.use(staff_channels=(TextChannel(), VoiceChannel(TextChannel())))
    ticket = a_case(line)
    line.clock.at = line.promise(ticket.id).window_closes_at
    line.sweep()
    acknowledge(line.hotline, ticket.case_number, actor="owner_1")
    line.step(minutes=2)
    line.sweep()
    assert line.calls.rung == []
    assert [call.not_before for call in calls_of(line, ticket)] == [at("Wednesday 18 November 2026 14:30:00")] * 2
    log_callback(line.hotline, ticket.case_number, reason="spoke", actor="owner_1")
    line.clock.at = at("Wednesday 18 November 2026 14:30:00")
    for _ in range(3):
        line.sweep()
        line.clock.step(APART)
    assert line.calls.rung == []
    assert {call.result for call in calls_of(line, ticket)} == {"the complainant was called meanwhile"}


@BOTH_IN_LONG
@pytest.mark.parametrize("dies_in", range(24))
def test_a_worker_that_dies_anywhere_rings_once(line_on_both: Line, dies_in: int) -> None:
    """Killed between any two steps, the next worker neither rings a second time nor never."""
    line, fate = line_on_both, Fate()
    call, whole = waiting(line), line.hotline
    line.use(
        unit_of_work=lambda: DyingWork(whole.unit_of_work(), fate),
        calls=Dying(line.calls, fate),
    )
    fate.dies_in = dies_in
    with suppress(Death):
        dial(line.hotline, call.id)
    fate.dies_in = None
    line.use(unit_of_work=whole.unit_of_work, calls=whole.calls)
    for _ in range(4):
        line.hotline = whole
        line.clock.step(LOOK_UP_AFTER)
        run_due(line.hotline)
    rung = whole.calls.rung  # type: ignore[attr-defined]
    assert (len(rung), the_call(line, call.id).state) == (1, StaffCallState.RINGING)


class Meanwhile(FakeCalls):
    """A carrier that is too busy to ring, and while it says so the telephone rings all the same and asks."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def ring(self, number: str, call_id: str, *, ring_for: timedelta, longest: timedelta) -> str:
        hops.greet(self._line.hotline, call_id, CA)
        raise CallBusy


def test_a_call_that_asks_us_though_the_carrier_was_too_busy_is_not_rung_again(line: Line) -> None:
    call = waiting(line)
    line.use(calls=Meanwhile(line))
    dial(line.hotline, call.id)
    hops.greet(line.hotline, call.id, CA)
    assert the_call(line, call.id).state is StaffCallState.RINGING


def test_a_carrier_that_stays_too_busy_is_not_asked_for_ever(line: Line) -> None:
    call = waiting(line)
    line.calls.trouble = [CallBusy()] * MOST_TRIES
    for _ in range(MOST_TRIES):
        line.step(minutes=2)
        run_due(line.hotline)
    assert the_call(line, call.id).result == "the carrier stayed too busy to ring them"
    end_unmade(line.hotline, call.id, "said a second time")
    assert line.verbs(call.ticket_id).count("call_not_made") == 1


def test_who_left_the_firm_before_it_was_dialled_is_not_rung(line: Line) -> None:
    call = waiting(line)
    with line.work() as work:
        work.staff_calls.save(replace(call, member_id="gone_1"))
        work.commit()
    dial(line.hotline, call.id)
    assert (line.calls.rung, the_call(line, call.id).result) == ([], "nobody goes by that name any more")


def halted(line: Line, call: StaffCall, *, after: int, meanwhile: Callable[[], object]) -> None:
    """Let a worker dial that is halted when it looks for the nth time, and something happen meanwhile."""
    whole, looks = line.hotline, count(1)

    def look() -> UnitOfWork:
        if next(looks) == after:
            meanwhile()
        return whole.unit_of_work()

    dial(replace(whole, unit_of_work=look), call.id)


def test_a_worker_that_was_halted_after_its_claim_rings_nobody_whom_another_has_rung(line: Line) -> None:
    call = waiting(line)

    def taken_up_by_another() -> None:
        line.clock.step(LOOK_UP_AFTER)
        for _ in range(2):
            run_due(line.hotline)

    halted(line, call, after=2, meanwhile=taken_up_by_another)
    assert (len(line.calls.rung), the_call(line, call.id).tries) == (1, 2)


def test_a_worker_whose_look_is_old_looks_again_before_it_rings(line: Line) -> None:
    call = waiting(line)

    class Halting(SteppedClock):
        """A clock that is read a third time, right after the claim was looked at, when a machine had stood still."""

        asked = 0

        def now(self) -> datetime:
            self.asked += 1
            self.at += RUNG_WITHIN if self.asked == 3 else timedelta(0)
            return self.at

    clock = Halting(line.clock.at)
    dial(replace(line.hotline, clock=clock), call.id)
    assert len(line.calls.rung) == 1
    assert clock.asked > 4, "it was looked at twice"


@pytest.mark.requirement("S2-08")
def test_whether_it_is_settled_is_asked_of_the_complainant_and_given_up_for_a_busy_carrier(
    line: Line, tmp_path: Path
) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    line.clock.step(AFTER)
    line.calls.trouble = [CallBusy()] * MOST_TRIES
    for _ in range(MOST_TRIES + 1):
        line.sweep()
        line.step(minutes=2)
    question = question_of(line, ticket)
    assert (question.state, question.result) == (StaffCallState.ENDED, "the carrier stayed too busy to ring them")
    assert line.verbs(ticket.id).count("call_not_made") == 0, "nobody was promised it"
