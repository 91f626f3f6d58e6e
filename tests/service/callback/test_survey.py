"""Who is asked whether it is settled, when, and who is left in peace."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.callback.callers import with_callbacks
from tests.service.callback.surveys import AFTER, a_kept_case, question_of
from tests.service.lines import CALLER, Line
from tests.service.ticket.test_inbound_text import text
from voicebot.domain.staff_call import StaffCallState
from voicebot.domain.ticket import CloseReason, Ruling, Ticket, ToldBy
from voicebot.service.callback.hops import end
from voicebot.service.hotline import context_of
from voicebot.service.promise.confirmation import promise_anew
from voicebot.service.promise.keep import log_callback
from voicebot.service.promise.take_back import taking_back
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import answering, closing


def sweep_when_due(line: Line) -> None:
    line.clock.step(AFTER)
    line.sweep()


@pytest.mark.requirement("S2-08")
def test_the_complainant_is_rung_once_when_it_is_time(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    line.sweep()
    assert line.calls.rung == []
    for _ in range(2):
        sweep_when_due(line)
    assert line.calls.rung == [(CALLER, question_of(line, ticket).id)]


def test_a_case_whose_decision_was_told_is_asked_about_too(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    told = answering(ruling=Ruling.GRANTED, told_by=ToldBy.CALL, words="a refund", actor="owner_1")
    act(line.hotline, ticket.case_number, told)
    sweep_when_due(line)
    assert len(line.calls.rung) == 1


def test_outside_the_hours_in_which_people_are_rung_the_question_waits(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy", survey_after="14 hours")
    line.step(hours=14)
    line.sweep()
    question = question_of(line, ticket)
    assert (line.calls.rung, question.state) == ([], StaffCallState.WAITING)
    line.clock.at = question.not_before
    line.sweep()
    assert line.calls.rung == [(CALLER, question.id)]


def closes(line: Line, ticket: Ticket) -> None:
    act(line.hotline, ticket.case_number, closing(reason=CloseReason.AGREED, words="all is well", actor="owner_1"))


def is_promised_another(line: Line, ticket: Ticket) -> None:
    line.step(minutes=1)
    with line.work() as work:
        promise_anew(context_of(line.hotline, work), ticket)
        work.commit()


def stops_texts(line: Line, _: Ticket) -> None:
    text(line, "STOP", sender=CALLER)


def loses_its_number(line: Line, ticket: Ticket) -> None:
    with line.work() as work:
        kept = work.tickets.get(ticket.id)
        assert kept is not None
        work.tickets.save(replace(kept, complainant_number=None))
        work.commit()


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (closes, "the case is closed"),
        (is_promised_another, "another call was promised since"),
        (stops_texts, "they want no texts or messages"),
        (loses_its_number, "the case has no number to ring"),
    ],
)
def test_who_need_not_or_would_not_be_asked_is_left_in_peace(
    line: Line, tmp_path: Path, what: Callable[[Line, Ticket], None], why: str
) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    what(line, ticket)
    sweep_when_due(line)
    question = question_of(line, ticket)
    assert (line.calls.rung, question.state) == ([], StaffCallState.ENDED)
    assert why in question.result


def test_after_a_talk_that_was_taken_back_it_is_asked_about_the_next(line: Line, tmp_path: Path) -> None:
    """It was asked two hours after the talk that was none, or not at all."""
    ticket = a_kept_case(line, tmp_path / "policy")
    line.step(minutes=10)
    act(line.hotline, ticket.case_number, taking_back(words="another case", actor="owner_1"))
    line.step(minutes=10)
    log_callback(line.hotline, ticket.case_number, reason="spoke with them", actor="owner_1")
    line.clock.step(AFTER - timedelta(minutes=20))
    line.sweep()
    assert line.calls.rung == []
    line.step(minutes=20)
    line.sweep()
    assert len(line.calls.rung) == 1


def test_a_policy_that_asks_no_more_asks_nobody_who_waits(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    with_callbacks(line, tmp_path / "later", survey_after="never")
    sweep_when_due(line)
    assert (line.calls.rung, question_of(line, ticket).result) == ([], "nobody is asked any more (survey_after)")


def test_who_does_not_pick_up_is_not_rung_again(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    sweep_when_due(line)
    end(line.hotline, question_of(line, ticket).id, status="no-answer")
    line.clock.step(timedelta(days=1))
    line.sweep()
    assert (len(line.calls.rung), question_of(line, ticket).result) == (1, "their telephone: no-answer")
    assert "call_not_made" not in line.verbs(ticket.id)
