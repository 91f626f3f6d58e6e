"""Every sweep once: what waits is found, whoever died; and anything in any order."""

from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.service.chaos import Chaos
from tests.service.decision.deciding import DUE, called_case, terms
from tests.service.lines import CALLER, OTHER, Line
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.decision_term import TermState
from voicebot.errors import Unavailable
from voicebot.service.background.clock_watch import ClockWatch
from voicebot.service.background.sweeps import LONGEST_TURN_S, carry_on, run_due, watch_promises
from voicebot.service.call.turn import end_call
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.keep import log_callback


@pytest.mark.requirement("S0-11")
@pytest.mark.requirement("S0-12")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("examples", [15, pytest.param(100, marks=pytest.mark.long)])
def test_nothing_is_lost_or_doubled_whatever_comes_in_whatever_order(
    migrated_file: Path, definitions: FlowFiles, examples: int
) -> None:
    class Settled(Chaos):
        def teardown(self) -> None:
            if hasattr(self, "line"):
                self.settle()
                super().teardown()

    Settled.migrated_file, Settled.definitions = migrated_file, definitions
    run_state_machine_as_test(
        Settled,
        settings=settings(
            max_examples=examples, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_of_two_calls_of_one_number_that_are_lost_at_once_each_leaves_the_text_that_is_true_of_it(line: Line) -> None:
    """Staff called about the second, so the first joins its case with the words that were told there."""
    told = line.reach("ask_story")
    silent = line.ring(carrier_call_id="CA2")
    log_callback(line.hotline, line.ticket(silent).case_number, reason="spoke", actor="owner_1")
    line.step(minutes=1)
    line.say(told, "my parcel came broken")
    for _ in range(3):
        line.step(minutes=6)
        line.sweep()
    with line.work() as work:
        (case,) = (ticket for ticket in work.tickets.all() if not ticket.merged_into)
        ends = [sms.body for sms in work.sms.of_ticket(case.id) if sms.purpose.startswith("call_end")]
    assert len(ends) == 2
    assert "could not hear you" in ends[0]
    assert "what you said is safe" in ends[1]


def test_a_quiet_line_has_nothing_to_sweep(line: Line) -> None:
    assert run_due(line.hotline) == 0


def test_a_worker_with_nothing_to_do_looks_in_one_transaction_for_promises_and_in_one_for_all_else(line: Line) -> None:
    """It looks twice a second, and on SQLite nobody writes while somebody else's transaction is open."""
    line.told_call()
    line.settle()
    begun, whole = 0, line.hotline.unit_of_work

    def counted(**details: str) -> AbstractContextManager[UnitOfWork]:
        nonlocal begun
        begun += 1
        return whole(**details)

    line.use(unit_of_work=counted)
    assert (run_due(line.hotline), begun) == (0, 2)


@pytest.mark.requirement("S0-11")
def test_a_call_that_shows_no_sign_of_life_is_ended_and_leaves_what_every_call_leaves(line: Line) -> None:
    answer = line.reach("ask_story")
    line.step(minutes=5)
    assert run_due(line.hotline) == 0
    line.step(seconds=1)
    line.sweep()
    assert line.call(answer).end is CallEnd.LOST
    line.settle()
    assert len(line.sender.to(CALLER)) == 1


def test_one_poisoned_item_never_stops_the_others(line: Line) -> None:
    for carrier_call_id, caller in (("CA1", CALLER), ("CA2", OTHER)):
        line.ring(caller, carrier_call_id)
        end_call(line.hotline, carrier_call_id, CallEnd.CALLER_HUNG_UP)
    line.jobs.waiting.clear()
    line.step(seconds=5)
    line.sender.trouble = [RuntimeError("a bug that only this text meets")]
    run_due(line.hotline)
    assert (len(line.sender.to(CALLER)), len(line.sender.to(OTHER))) in ((0, 1), (1, 0))
    line.step(minutes=2)
    run_due(line.hotline)
    run_due(line.hotline)
    assert (len(line.sender.to(CALLER)), len(line.sender.to(OTHER))) == (1, 1)


@pytest.mark.requirement("S0-12")
def test_the_watch_over_promises_needs_neither_carrier_nor_recogniser(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3)
    line.jobs.waiting.clear()
    line.sender.sent.clear()
    assert watch_promises(line.hotline) > 0
    assert watch_promises(line.hotline) == 0
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
        assert breach.id in {step.subject_id for step in work.promises.steps(answer.call.ticket_id)}
    assert line.sender.sent == []


def test_what_takes_long_leaves_the_other_kinds_their_turn(line: Line) -> None:
    callers = [CALLER, "+12025550160", OTHER]
    for number, caller in enumerate(callers):
        line.ring(caller, f"CA{number}")
        end_call(line.hotline, f"CA{number}", CallEnd.CALLER_HUNG_UP)
    line.jobs.waiting.clear()
    line.step(seconds=5)
    assert carry_on(line.hotline, elapsed_s=lambda: LONGEST_TURN_S * len(line.sender.sent) + 1) > 0
    assert len(line.sender.sent) == 1, "the first text took the whole turn"
    while run_due(line.hotline):
        pass
    assert sorted(recipient for recipient, _ in line.sender.sent) == callers


def test_a_spool_that_cannot_be_looked_into_is_told_after_all_else_was_done(line: Line) -> None:
    answer = line.go_to(line.say(line.reach("ask_story"), "it broke"), "tell_case_number")

    def away() -> list[str]:
        raise Unavailable("the disk is away")

    line.spool.names = away  # type: ignore[method-assign]
    line.step(minutes=6)
    line.jobs.waiting.clear()
    with pytest.raises(Unavailable):
        run_due(line.hotline)
    assert line.call(answer).end is CallEnd.LOST


def test_two_warnings_missed_by_an_absent_worker_are_both_given_at_its_return(line: Line) -> None:
    answer = line.told_call()
    line.clock.at = line.promise(answer.call.ticket_id).window_closes_at - timedelta(minutes=1)
    line.sweep()
    with line.work() as work:
        assert len(work.promises.steps(answer.call.ticket_id)) == 2


def test_after_the_clock_was_set_no_call_counts_as_lost_until_it_is_steady_again(line: Line) -> None:
    elapsed_s = 0.0
    watch = ClockWatch(line.clock, elapsed_s=lambda: elapsed_s, distrust=timedelta(minutes=5))
    answer = line.reach("ask_story")
    line.step(minutes=6)
    carry_on(line.hotline, watch=watch)
    assert line.call(answer).end is None
    elapsed_s = 301.0
    line.step(seconds=301)
    carry_on(line.hotline, watch=watch)
    assert line.call(answer).end is CallEnd.LOST


def test_a_decision_that_fell_due_while_the_worker_was_away_is_late_at_its_first_look(line: Line) -> None:
    case = called_case(line)
    line.clock.at = DUE + timedelta(minutes=1)
    watch_promises(line.hotline)
    assert terms(line, case)[0].state is TermState.LATE
    assert watch_promises(line.hotline) == 0, "and nothing of it was left over"
