"""Who is told of a promise at risk and a promise broken, step by step."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import a_text_request, at
from tests.service.lines import (
    CALLER,
    DEPUTY,
    EXECUTIVE,
    FLOWS_DIR,
    OWNER,
    SECOND_SUPERVISOR,
    SUPERVISOR,
    Line,
    a_policy_dir,
    with_flows,
)
from tests.service.promise.watched import run_until, told
from voicebot.adapters.flow_files import FlowFiles
from voicebot.domain.call import CallEnd
from voicebot.domain.escalation import NOBODY, NOT_KNOWN
from voicebot.domain.promise import Breach
from voicebot.domain.ticket import TicketStatus
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.outbox.compose import Template
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.escalation import climb, pass_over_warnings, rest_climb, warn
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.ticket.hand_over import take_over


@pytest.mark.requirement("S0-12")
def test_owner_is_warned_at_half_and_owner_and_deputy_at_three_quarters(line: Line) -> None:
    line.told_call()
    run_until(line, "Wednesday 18 November 2026 11:59:59")
    assert told(line) == []
    run_until(line, "Wednesday 18 November 2026 12:59:00")
    assert told(line) == [("half_gone", "owner_1"), ("three_quarters_gone", "owner_1,deputy_1")]
    assert (len(line.sender.to(OWNER)), len(line.sender.to(DEPUTY))) == (2, 1)


def test_warnings_of_a_case_taken_over_by_somebody_beside_the_policy_reach_the_first_handler(line: Line) -> None:
    answer = line.told_call()
    take_over(line.hotline, line.ticket(answer).case_number, actor="an_account_beside_the_policy")
    run_until(line, "Wednesday 18 November 2026 12:01:00")
    assert told(line) == [("half_gone", "owner_1")]
    assert len(line.sender.to(OWNER)) == 1


@pytest.mark.requirement("S0-12")
def test_no_step_is_ever_climbed_twice(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_closes_at
    breach_if_closed(line.hotline, promise.id)
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert climb(line.hotline, breach)
    assert not climb(line.hotline, breach)
    line.run_jobs()
    assert len(line.sender.to(SUPERVISOR)) == 1


@pytest.mark.requirement("S0-12")
def test_staff_who_stopped_our_texts_do_not_count_as_told(line: Line) -> None:
    line.told_call()
    with line.work() as work:
        for phone in (SUPERVISOR, SECOND_SUPERVISOR):
            work.sms.add_text_request(a_text_request(recipient=phone, is_out=True))
        work.commit()
    run_until(line, "Wednesday 18 November 2026 14:30:00")
    assert told(line)[2:] == [("missed", "owner_1"), ("second_supervisor", NOBODY)]


@pytest.mark.requirement("S0-12")
def test_for_an_owner_who_stopped_our_texts_the_first_handler_is_warned(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, owner_id="deputy_1")
    with line.work() as work:
        work.sms.add_text_request(a_text_request(recipient=DEPUTY, is_out=True))
        work.commit()
    run_until(line, "Wednesday 18 November 2026 12:01:00")
    assert told(line) == [("half_gone", "owner_1")]
    assert (len(line.sender.to(OWNER)), line.sender.to(DEPUTY)) == (1, [])


@pytest.mark.requirement("S0-12")
def test_a_worker_that_was_away_takes_every_step_it_missed(line: Line) -> None:
    line.told_call()
    line.clock.at = at("Thursday 19 November 2026 18:00:00")
    line.sweep()
    assert [step for step, _ in told(line)] == ["missed", "second_supervisor", "heads", "executive"]
    assert "we did not call you" in line.sender.to(CALLER)[-1]


@pytest.mark.requirement("S0-12")
def test_acknowledging_quiets_the_climb_for_a_while_and_stops_nothing(line: Line) -> None:
    answer = line.told_call()
    run_until(line, "Wednesday 18 November 2026 14:20:00")
    acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")
    assert line.ticket(answer).status is TicketStatus.ACKNOWLEDGED
    run_until(line, "Wednesday 18 November 2026 14:45:00")
    assert not line.sender.to(SECOND_SUPERVISOR)
    run_until(line, "Wednesday 18 November 2026 14:50:00")
    assert len(line.sender.to(SECOND_SUPERVISOR)) == 1
    acknowledge(line.hotline, line.ticket(answer).case_number, actor="owner_1")


@pytest.mark.requirement("S0-12")
def test_a_ladder_that_reaches_nobody_says_so_and_climbs_on(line: Line, tmp_path: Path) -> None:
    policy = a_policy_dir(tmp_path / "policy", supervisor_2="")
    with_flows(line, FlowFiles(FLOWS_DIR, policy))
    answer = line.told_call()
    run_until(line, "Wednesday 18 November 2026 16:00:00")
    assert ("second_supervisor", NOBODY) in told(line)
    with line.work() as work:
        after = [entry.after for entry in work.tickets.history(answer.call.ticket_id)]
    assert "second_supervisor: told nobody" in after
    assert line.sender.to(EXECUTIVE)


def test_a_settled_case_is_neither_warned_about_nor_climbed(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    line.clock.at = promise.window_opens_at + timedelta(minutes=61)
    assert not warn(line.hotline, promise.id)
    line.change_ticket(answer, status=TicketStatus.OPEN)
    line.clock.at = promise.window_closes_at
    breach_if_closed(line.hotline, promise.id)
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert not climb(line.hotline, breach)
    with line.work() as work:
        (over,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert over.ended_at is not None


def test_a_climb_stopped_between_finding_and_taking_is_not_taken(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=3)
    promise = line.promise(answer.call.ticket_id)
    breach_if_closed(line.hotline, promise.id)
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    assert not climb(line.hotline, breach)
    assert not warn(line.hotline, promise.id)
    assert not warn(line.hotline, "no-promise")


# --- after a restore -----------------------------------------------------------------------------------------


def broken(line: Line, answer: CallAnswer) -> Breach:
    """Let the window of a call close; return the breach."""
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_closes_at
    breach_if_closed(line.hotline, promise.id)
    return breach_of(line, answer)


def breach_of(line: Line, answer: CallAnswer) -> Breach:
    with line.work() as work:
        return work.promises.breaches_of_ticket(answer.call.ticket_id)[-1]


@pytest.mark.requirement("S0-12")
def test_of_a_climb_that_a_lost_hotline_may_have_climbed_the_miss_is_told_once_and_after_the_rest(line: Line) -> None:
    breach = broken(line, line.told_call())
    line.clock.at = at("Thursday 19 November 2026 12:00:00")
    until = line.clock.at + timedelta(hours=1)
    rest_climb(line.hotline, breach, until=until)
    line.sweep()
    assert [step for step, who in told(line) if who != NOT_KNOWN] == []
    line.clock.at = until
    line.sweep()
    assert [step for step, who in told(line) if who != NOT_KNOWN] == ["missed"]
    assert len(line.sender.to(SUPERVISOR)) == 1


def test_a_climb_of_which_nothing_is_due_goes_on_as_planned(line: Line) -> None:
    answer = line.told_call()
    line.clock.at = broken(line, answer).at
    line.sweep()
    planned = breach_of(line, answer)
    rest_climb(line.hotline, planned, until=line.clock.at + timedelta(hours=1))
    assert breach_of(line, answer) == planned


def test_a_climb_that_a_call_ended_or_nobody_knows_does_not_begin_again(line: Line) -> None:
    answer = line.told_call()
    breach = broken(line, answer)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    for known in (breach, replace(breach, id="lost"), replace(breach, promise_id="lost")):
        rest_climb(line.hotline, known, until=line.clock.at + timedelta(hours=1))
    assert breach_of(line, answer).next_step_at is None


def test_of_warnings_that_a_lost_hotline_may_have_given_only_the_last_is_given(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_closes_at - timedelta(minutes=10)
    pass_over_warnings(line.hotline, promise.id)
    line.sweep()
    assert told(line) == [("half_gone", NOT_KNOWN), ("three_quarters_gone", "owner_1,deputy_1")]
    assert len(line.sender.to(OWNER)) == 1


def test_of_a_promise_that_was_kept_or_nobody_knows_no_warning_is_passed_over(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    line.clock.at = promise.window_closes_at - timedelta(minutes=10)
    for known in (promise.id, "lost"):
        pass_over_warnings(line.hotline, known)
    assert told(line) == []


@pytest.mark.requirement("S0-12")
def test_staff_who_found_no_number_in_time_read_that_one_is_to_be_found(line: Line) -> None:
    answer = line.reach("ask_story", "")
    line.say(answer, "my parcel came broken, ring my sister")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.settle()
    assert line.promise(answer.call.ticket_id).target == "find_number"
    run_until(line, "Wednesday 18 November 2026 17:00:00")
    assert "missed" in [step for step, _ in told(line)]
    assert {sms.template for sms in line.texts(answer)} == {Template.STAFF_FIND_NUMBER}
