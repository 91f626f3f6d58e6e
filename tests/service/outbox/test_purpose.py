"""Whether a text is still true when it leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import a_drill, a_notice, an_sms
from tests.service.callback.callers import talk
from tests.service.decision.deciding import DUE, current, pass_until, terms
from tests.service.lines import Line
from tests.service.ticket.test_tasks import ask
from voicebot.domain.call import CallEnd
from voicebot.domain.case_task import TaskKind
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.ticket import NotComplaint, TicketStatus
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.callback.order import order_callback
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import (
    MORNING_GOES_WITHIN,
    NEVER_HELD_BACK,
    TASK_DONE,
    TextKind,
    is_for_staff,
    is_of_case,
    purpose,
    subject_of,
    why_no_longer_true,
    why_notice_untrue,
)
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.escalation import climb
from voicebot.service.promise.keep import log_callback
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import write_note
from voicebot.service.ticket.ending import dismissing
from voicebot.service.ticket.tasks import finishing


@pytest.fixture
def told(line: Line) -> CallAnswer:
    """A whole call with its promise."""
    return line.told_call()


def asked(line: Line, answer: CallAnswer, kind: TextKind, *parts: str) -> str:
    sms = an_sms(ticket_id=answer.call.ticket_id, purpose=purpose(kind, *parts), created_at=line.clock.at)
    with line.work() as work:
        return why_no_longer_true(work, sms, line.clock.at)


def missed(line: Line, answer: CallAnswer) -> tuple[str, str]:
    """Let the newest promise be missed; return its id and its breach's."""
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_closes_at
    breach_if_closed(line.hotline, promise.id)
    with line.work() as work:
        breach = work.promises.breaches_of_ticket(answer.call.ticket_id)[-1]
    climb(line.hotline, breach)
    return promise.id, breach.id


def test_a_confirmation_is_true_until_its_window_has_passed(line: Line, told: CallAnswer) -> None:
    assert asked(line, told, TextKind.CALL_END, told.call.ticket_id) == ""
    line.clock.at = line.promise(told.call.ticket_id).window_closes_at
    assert asked(line, told, TextKind.TEXT_CASE, told.call.ticket_id) == "the window it names has passed"


def test_a_confirmation_of_a_missed_window_is_untrue_though_a_new_window_stands(line: Line, told: CallAnswer) -> None:
    confirmed_at = line.clock.at
    missed(line, told)
    sms = an_sms(
        ticket_id=told.call.ticket_id, purpose=purpose(TextKind.CALL_END, told.call.ticket_id), created_at=confirmed_at
    )
    with line.work() as work:
        assert work.promises.open_of_ticket(told.call.ticket_id) is not None
        assert why_no_longer_true(work, sms, line.clock.at) == "the window it names has passed"


def test_a_text_without_a_promise_stays_true(line: Line) -> None:
    answer = line.ring()
    line.step(days=3)
    assert asked(line, answer, TextKind.CALL_END, answer.call.ticket_id) == ""


def test_a_text_that_names_no_window_stays_true_when_an_unspoken_one_has_passed_until_the_call(line: Line) -> None:
    silent = line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    assert line.promise(silent.call.ticket_id).words == ""
    missed(line, silent)
    (sms,) = [sms for sms in line.texts(silent) if sms.template == Template.SILENT_CALLER]
    with line.work() as work:
        assert why_no_longer_true(work, sms, line.clock.at) == ""
    log_callback(line.hotline, line.ticket(silent).case_number, reason="spoke", actor="owner_1")
    with line.work() as work:
        assert why_no_longer_true(work, sms, line.clock.at) == "the window it names has passed"


def test_no_waiting_text_about_a_settled_case_is_still_true(line: Line, told: CallAnswer) -> None:
    line.change_ticket(told, status=TicketStatus.CLOSED)
    assert asked(line, told, TextKind.CALL_END, told.call.ticket_id) == "the case stands otherwise by now"


def test_a_warning_is_true_while_the_window_is_open(line: Line, told: CallAnswer) -> None:
    promise = line.promise(told.call.ticket_id)
    assert asked(line, told, TextKind.WARNING, promise.id, "half", "owner_1") == ""
    line.clock.at = promise.window_closes_at
    assert asked(line, told, TextKind.WARNING, promise.id, "half", "owner_1") == "the window has closed"
    missed(line, told)
    assert asked(line, told, TextKind.WARNING, promise.id, "half", "owner_1") == "the promise is no longer open"
    assert asked(line, told, TextKind.WARNING, "gone", "half", "owner_1") == "the promise is no longer open"


def test_apology_and_step_are_true_until_the_complainant_was_called(line: Line, told: CallAnswer) -> None:
    promise_id, breach_id = missed(line, told)
    assert asked(line, told, TextKind.MISSED, promise_id) == ""
    assert asked(line, told, TextKind.STEP, breach_id, "missed", "owner_1") == ""
    log_callback(line.hotline, line.ticket(told).case_number, reason="spoke", actor="owner_1")
    assert asked(line, told, TextKind.MISSED, promise_id) == "the complainant was called meanwhile"
    assert asked(line, told, TextKind.STEP, breach_id, "missed", "owner_1") == "the complainant was called meanwhile"


def test_an_apology_that_a_second_miss_overtook_is_not_sent(line: Line, told: CallAnswer) -> None:
    first, _ = missed(line, told)
    second, _ = missed(line, told)
    assert asked(line, told, TextKind.MISSED, first) == "a later miss has its own text"
    assert asked(line, told, TextKind.MISSED, second) == ""


def test_purposes_tell_staff_from_complainants() -> None:
    staff = {kind for kind in TextKind if is_for_staff(an_sms(purpose=purpose(kind, "x", "y", "z")))}
    of_calls, of_decisions = {TextKind.STEP, TextKind.WARNING}, {TextKind.DECISION_STEP, TextKind.DECISION_WARNING}
    assert staff == of_calls | of_decisions | {
        *NEVER_HELD_BACK,
        TextKind.WAITING_OVER,
        TextKind.NOTICE,
        TextKind.TASK,
        TextKind.DRILL,
    }


@pytest.mark.requirement("D-07")
def test_a_morning_list_is_true_until_the_next_day_and_is_not_of_its_case(line: Line, told: CallAnswer) -> None:
    parts = (purpose(TextKind.MORNING, "2026-11-18", "executive_1"), told.call.ticket_id, line.clock.at)
    listed = an_sms(purpose=parts[0], ticket_id=parts[1], created_at=parts[2])
    assert not is_of_case(listed)
    assert is_of_case(an_sms())
    line.change_ticket(told, status=TicketStatus.CLOSED)
    with line.work() as work:
        assert why_no_longer_true(work, listed, parts[2] + MORNING_GOES_WITHIN) == ""
        late = parts[2] + MORNING_GOES_WITHIN + timedelta(seconds=1)
        assert why_no_longer_true(work, listed, late) == "the next day has its own list"


def test_an_alarm_is_true_whatever_became_of_its_case(line: Line, told: CallAnswer) -> None:
    line.change_ticket(told, status=TicketStatus.CLOSED)
    assert asked(line, told, TextKind.ALARM, "call_loop", "2026-11-18", "owner_1") == ""


def so_stands(line: Line, told: CallAnswer, status: TicketStatus, kind: TextKind) -> str:
    """Let the case stand so, and ask whether a text of a kind is true."""
    line.change_ticket(told, status=status)
    return asked(line, told, kind, told.call.ticket_id, "0")


def test_the_letter_of_an_ending_is_true_while_the_case_has_that_ending(line: Line, told: CallAnswer) -> None:
    otherwise = "the case stands otherwise by now"
    assert so_stands(line, told, TicketStatus.ANSWERED, TextKind.ANSWER) == ""
    assert so_stands(line, told, TicketStatus.CLOSED, TextKind.ANSWER) == otherwise
    assert so_stands(line, told, TicketStatus.CLOSED, TextKind.ENDING) == ""
    assert so_stands(line, told, TicketStatus.OPEN, TextKind.ENDING) == otherwise
    assert so_stands(line, told, TicketStatus.CLOSED, TextKind.REPLY) == "", "who wrote gets an answer all the same"


def test_a_text_that_announces_our_call_is_true_until_their_telephone_has_rung(line: Line, told: CallAnswer) -> None:
    call = order_callback(line.hotline, line.ticket(told).case_number, actor="owner_1")
    assert asked(line, told, TextKind.CALL_SOON, call.id) == ""
    line.run_jobs()
    talk(line, call, keyed="1")
    assert asked(line, told, TextKind.CALL_SOON, call.id) == "their telephone has rung"
    assert asked(line, told, TextKind.CALL_SOON, "gone") == "their telephone has rung"


def test_a_task_is_told_until_it_is_done_and_that_it_is_done_always(line: Line, told: CallAnswer) -> None:
    case = line.ticket(told)
    task = ask(line, case, TaskKind.CONSULT, "deputy_1")
    assert asked(line, told, TextKind.TASK, task.id, "late", "deputy_1") == ""
    act(line.hotline, case.case_number, finishing(task.id, words="two", actor="deputy_1"))
    assert asked(line, told, TextKind.TASK, task.id, "late", "deputy_1") == "the task is done"
    assert asked(line, told, TextKind.TASK, task.id, TASK_DONE, "owner_1") == ""


@pytest.mark.requirement("D-10")
def test_a_step_of_a_drill_is_true_until_somebody_answers(line: Line, told: CallAnswer) -> None:
    drill = a_drill(ticket_id=told.call.ticket_id)
    with line.work() as work:
        work.watch.add_drill(drill)
        work.commit()
    assert asked(line, told, TextKind.DRILL, drill.id, "missed", "owner_1") == ""
    with line.work() as work:
        work.watch.save_drill(replace(drill, ended_at=line.clock.at))
        work.commit()
    assert asked(line, told, TextKind.DRILL, drill.id, "missed", "owner_1") == "the drill is over"


@pytest.mark.requirement("S0-12")
def test_what_is_said_of_a_decision_is_true_while_its_term_stands_so(line: Line, told: CallAnswer) -> None:
    case = line.ticket(told)
    log_callback(line.hotline, case.case_number, reason="listened", actor="owner_1")
    line.settle()
    term = current(line, case)
    warning = (TextKind.DECISION_WARNING, f"{term.id}.due", "decision_half_gone", "owner_1")
    assert asked(line, told, *warning) == ""
    line.clock.at = DUE
    assert asked(line, told, *warning) == "the decision is late by now"
    pass_until(line, DUE)
    assert asked(line, told, *warning) == "the time to decide no longer runs"
    assert asked(line, told, TextKind.DECISION_LATE, term.id) == ""
    pass_until(line, current(line, case).due_at or DUE)
    assert asked(line, told, TextKind.DECISION_LATE, term.id) == "a later term has its own text"
    second = terms(line, case)[1]
    assert asked(line, told, TextKind.DECISION_STEP, second.id, "late", "owner_1") == ""
    act(line.hotline, case.case_number, dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"))
    line.change_ticket(told, status=TicketStatus.OPEN)
    assert asked(line, told, TextKind.DECISION_STEP, second.id, "late", "owner_1") == "it was decided meanwhile"


def test_a_bundle_is_told_while_one_of_its_notices_still_stands(line: Line, told: CallAnswer) -> None:
    promise = line.promise(told.call.ticket_id)
    warning = purpose(TextKind.WARNING, promise.id, "half_gone", "owner_1")
    new = a_notice(ticket_id=told.call.ticket_id, bundle="b")
    warned = replace(new, id="notice-2", event=NoticeEvent.WARNING, step=warning)
    with line.work() as work:
        for notice in (new, warned):
            assert work.notices.add(notice)
        work.commit()

    def untrue() -> list[str]:
        with line.work() as work:
            return [why_notice_untrue(work, notice, line.clock.at) for notice in (new, warned)]

    assert untrue() == ["", ""]
    line.clock.at = promise.window_closes_at
    assert untrue() == ["", "the window has closed"]
    assert asked(line, told, TextKind.NOTICE, "b", "owner_1") == ""
    line.change_ticket(told, status=TicketStatus.CLOSED)
    assert untrue() == ["the case is closed"] * 2
    assert asked(line, told, TextKind.NOTICE, "b", "owner_1") == "all that it tells of stands otherwise by now"
    assert subject_of(an_sms(purpose=warning)) == promise.id


@pytest.mark.requirement("S1-22")
def test_who_works_on_a_case_need_not_be_told_that_it_is_new(line: Line, told: CallAnswer) -> None:
    notice = a_notice(ticket_id=told.call.ticket_id, at=line.clock.at)
    with line.work() as work:
        assert why_notice_untrue(work, notice, line.clock.at) == ""
    write_note(line.hotline, line.ticket(told).case_number, text="I will ask the shop", actor="owner_1")
    with line.work() as work:
        assert why_notice_untrue(work, notice, line.clock.at) == "they have worked on the case since"
