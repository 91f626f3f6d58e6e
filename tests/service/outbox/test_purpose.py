"""Whether a text is still true when it leaves."""

from datetime import timedelta

import pytest

from tests.builders import an_sms
from tests.service.lines import Line
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import TicketStatus
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.purpose import (
    MORNING_GOES_WITHIN,
    NEVER_HELD_BACK,
    TextKind,
    is_for_staff,
    is_of_case,
    purpose,
    why_no_longer_true,
)
from voicebot.service.promise.breach import breach_if_closed
from voicebot.service.promise.escalation import climb
from voicebot.service.promise.keep import log_callback


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
