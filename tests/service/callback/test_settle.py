"""What a call comes to: a promise kept, or a try and what follows it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.service.callback.callers import a_case, calls_of, ordered, talk, the_call
from tests.service.lines import CALLER, OTHER, Line, close_for_a_quarter
from voicebot.domain.call import CallEnd
from voicebot.domain.callback_window import WindowReason
from voicebot.domain.ticket import Ticket
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.turn import end_call
from voicebot.service.callback import hops
from voicebot.service.callback.settle import NOT_A_SUPERVISOR
from voicebot.service.promise.choose import choosing, windows_for
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.splitting import joining

NEW_YORK = ZoneInfo("America/New_York")
pytestmark = pytest.mark.requirement("S2-21")


def test_a_talk_keeps_the_promise_with_what_shows_it(line: Line) -> None:
    ticket = a_case(line)
    talk(line, ordered(line, ticket), keyed="1")
    promise = line.promise(ticket.id)
    assert (promise.state, promise.kept_by) == ("kept", "owner_1")
    assert promise.kept_reason == "connected, and keyed as spoken with"


def join(line: Line, ticket: Ticket, other: Ticket) -> None:
    act(line.hotline, ticket.case_number, joining(other.case_number, words="one person", actor="owner_1"))


def test_what_came_of_a_call_goes_to_the_case_into_which_staff_joined_it_meanwhile(line_on_both: Line) -> None:
    line = line_on_both
    ticket, other = a_case(line), line.ticket(line.told_call("CA2", OTHER))
    call = ordered(line, ticket)
    talk(line, call, keyed="1", meanwhile=lambda: join(line, ticket, other))
    (promise,) = (each for each in line.promises(other.id) if each.state != "moved")
    assert (promise.state, promise.kept_by) == ("kept", "owner_1")
    assert the_call(line, call.id).ticket_id == other.id


@pytest.mark.parametrize("refuses", [True, False])
def test_a_try_goes_there_as_well(line: Line, refuses: bool) -> None:
    ticket, other = a_case(line), line.ticket(line.told_call("CA2", OTHER))
    call, agrees = ordered(line, ticket), "9" if refuses else ""
    talk(line, call, bridged=False, status="no-answer", agrees=agrees, meanwhile=lambda: join(line, ticket, other))
    assert "complainant_tried" in line.verbs(other.id)
    assert "complainant_tried" not in line.verbs(ticket.id)


@pytest.mark.requirement("S3-05")
def test_a_promised_supervisor_is_not_replaced_by_a_handler(line: Line) -> None:
    ticket = line.ticket(line.key(line.reach("ask_story"), "0"))
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    talk(line, ordered(line, ticket), keyed="1")
    with line.work() as work:
        history = work.tickets.history(ticket.id)
    assert line.promise(ticket.id).state == "open"
    assert history[-1].after == NOT_A_SUPERVISOR
    talk(line, ordered(line, ticket, member_id="supervisor_1"), keyed="1")
    assert line.promise(ticket.id).state == "kept"


def test_two_tries_in_a_window_then_another_window_and_each_is_told(line: Line) -> None:
    ticket = a_case(line)
    first = line.promise(ticket.id)
    talk(line, ordered(line, ticket), bridged=False, status="busy")
    line.run_jobs()
    assert "try again Wed 18 Nov" in line.sender.to(CALLER)[-1]
    (_, again) = calls_of(line, ticket)
    assert (again.ordered_by, again.not_before - line.clock.now()) == ("worker", timedelta(minutes=10))
    line.step(minutes=10)
    run_due(line.hotline)
    assert len(line.calls.rung) == 2
    talk_again(line, again.id)
    line.run_jobs()
    then = line.promise(ticket.id)
    assert [promise.state for promise in line.promises(ticket.id)] == ["moved", "open"]
    assert then.window_opens_at > first.window_opens_at
    assert len([body for body in line.sender.to(CALLER) if "did not reach you" in body]) == 2


@pytest.mark.requirement("S1-08")
def test_windows_in_vain_lie_on_other_days_and_at_other_times_and_then_nothing_is_promised(line: Line) -> None:
    ticket = a_case(line)
    for _ in range(3):
        line.clock.at = line.promise(ticket.id).window_closes_at - timedelta(minutes=1)
        call = ordered(line, ticket)
        talk_again(line, call.id, nth=len(line.calls.rung))
    line.run_jobs()
    windows = [f"{promise.window_opens_at.astimezone(NEW_YORK):%a %H:%M}" for promise in line.promises(ticket.id)]
    assert windows == ["Wed 11:00", "Fri 16:00", "Tue 09:00"]
    why = WindowReason.model_validate_json(line.promises(ticket.id)[1].why_json).lines()
    assert any("after one window without an answer" in said for said in why)
    assert [promise.state for promise in line.promises(ticket.id)] == ["moved", "moved", "open"]
    assert len(calls_of(line, ticket)) == 3


def talk_again(line: Line, call_id: str, *, nth: int = 2) -> None:
    """Let a call of a case, the nth that was dialled, meet a busy line."""
    hops.greet(line.hotline, call_id, line.calls.sid(nth))
    hops.accept(line.hotline, call_id, "1")
    hops.close_dial(line.hotline, call_id, status="busy", is_bridged=False, seconds=0)


def test_a_number_that_refused_is_told_and_tried_no_more(line: Line) -> None:
    ticket = a_case(line)
    texts = len(line.sender.to(CALLER))
    talk(line, ordered(line, ticket), agrees="9", bridged=False)
    line.run_jobs()
    assert len(line.sender.to(CALLER)) == texts
    assert len(calls_of(line, ticket)) == 1
    assert "call_refused" in line.verbs(ticket.id)


def test_a_human_who_was_heard_long_enough_is_a_talk_without_a_key(line: Line) -> None:
    call = ordered(line, a_case(line))
    hops.detect(line.hotline, call.id, "human")
    talk(line, call)
    assert (the_call(line, call.id).result, line.promise(call.ticket_id).state) == ("reached", "kept")


@pytest.mark.requirement("D-03")
def test_a_talk_shows_the_promise_kept_that_was_open_then_also_when_the_call_was_ordered_for_another(
    line: Line,
) -> None:
    ticket = a_case(line)
    call = ordered(line, ticket)
    window = windows_for(line.hotline, ticket.case_number)[3]
    act(line.hotline, ticket.case_number, choosing(window.opens_at, words="she is at work before", actor="owner_1"))
    talk(line, call, keyed="1")
    moved, kept = line.promises(ticket.id)
    assert (moved.state, moved.kept_evidence) == ("moved", None)
    assert (kept.state, kept.kept_evidence) == ("kept", "call")


def test_a_try_after_the_promise_was_kept_by_another_call_leads_to_no_further_one(line: Line) -> None:
    ticket = a_case(line)

    def spoken_with() -> None:
        log_callback(line.hotline, ticket.case_number, reason="she rang the shop", actor="owner_1")

    talk(line, ordered(line, ticket), bridged=False, status="busy", meanwhile=spoken_with)
    assert len(calls_of(line, ticket)) == 1
    assert [promise.state for promise in line.promises(ticket.id)] == ["kept"]


def test_nobody_is_ordered_to_try_again_who_left_the_firm_meanwhile_and_the_text_names_the_window(line: Line) -> None:
    ticket = a_case(line)
    call = ordered(line, ticket)

    def left() -> None:
        gone = replace(the_call(line, call.id), member_id="gone_1")
        with line.work() as work:
            work.staff_calls.save(gone)
            work.commit()

    talk(line, call, bridged=False, status="busy", meanwhile=left)
    line.run_jobs()
    assert len(calls_of(line, ticket)) == 1
    assert "try again Wed 18 Nov" in line.sender.to(CALLER)[-1]


def test_a_firm_that_closes_for_a_quarter_promises_no_window_that_nobody_could_keep(line: Line, tmp_path: Path) -> None:
    ticket = a_case(line)
    line.clock.at = line.promise(ticket.id).window_closes_at - timedelta(minutes=1)
    call, texts = ordered(line, ticket), len(line.sender.to(CALLER))
    talk(line, call, bridged=False, status="busy", meanwhile=lambda: close_for_a_quarter(line, tmp_path))
    line.run_jobs()
    assert (len(line.sender.to(CALLER)), len(line.promises(ticket.id))) == (texts, 1)
