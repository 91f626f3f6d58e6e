"""Only the complainant's own yes closes a case; a no opens it and owes a call; anything else changes nothing."""

from pathlib import Path

import pytest

from tests.service.call.test_effects import carried
from tests.service.callback.callers import CA
from tests.service.callback.surveys import a_kept_case, picked_up, question_of
from tests.service.lines import CALLER, Line, node_of
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import CloseReason, Ruling, TicketStatus, ToldBy
from voicebot.flow.instructions import CloseCase, RefuseCalls, ReopenCase
from voicebot.service.call.survey_answer import end_survey
from voicebot.service.call.turn import end_call
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of
from voicebot.service.staff.decision import act
from voicebot.service.ticket.ending import answering


def over(line: Line) -> None:
    end_call(line.hotline, CA, CallEnd.CALLER_HUNG_UP)


@pytest.mark.requirement("S1-17")
def test_a_yes_closes_the_case_as_agreed_and_a_text_says_so(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    settled = line.key(line.key(picked_up(line, ticket), "1"), "1")
    over(line)
    closed = line.ticket(settled)
    assert (closed.status, closed.close_reason) == (TicketStatus.CLOSED, CloseReason.AGREED)
    assert question_of(line, ticket).result == "settled"
    line.run_jobs()
    assert "is settled, and we close it" in line.sender.to(CALLER)[-1]


@pytest.mark.requirement("S1-17")
@pytest.mark.parametrize("keys", ["", "1"])
def test_silence_closes_nothing_and_promises_nothing(line: Line, tmp_path: Path, keys: str) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = picked_up(line, ticket)
    before = (line.ticket(answer).status, len(line.promises(ticket.id)), len(line.texts(answer)))
    answer = line.key(answer, keys) if keys else answer
    line.go_to(answer, "hang_up")
    over(line)
    assert (line.ticket(answer).status, len(line.promises(ticket.id)), len(line.texts(answer))) == before
    assert question_of(line, ticket).result == "not answered"


@pytest.mark.requirement("S2-08")
@pytest.mark.parametrize("is_answered", [True, False])
def test_a_no_opens_the_case_promises_a_call_and_a_text_names_it(
    line: Line, tmp_path: Path, *, is_answered: bool
) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    if is_answered:
        told = answering(ruling=Ruling.PARTLY, told_by=ToldBy.CALL, words="half of it", actor="owner_1")
        act(line.hotline, ticket.case_number, told)
    window = line.key(line.key(picked_up(line, ticket), "1"), "2")
    assert node_of(window) == "tell_window"
    over(line)
    assert line.ticket(window).status in (TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED)
    promise = line.promise(ticket.id)
    assert (promise.target, question_of(line, ticket).result) == ("standard", "not settled")
    assert [sms.template for sms in line.texts(window)][-1] == "sms_reopened"


def test_a_no_where_no_window_could_be_named_owes_a_call_all_the_same(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = picked_up(line, ticket)
    carried(line, answer, ReopenCase())
    over(line)
    assert line.promise(ticket.id).target == "standard"
    assert [sms.template for sms in line.texts(answer)][-1] == "sms_reopened"


def test_a_no_of_somebody_without_a_number_leaves_staff_to_find_one(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = picked_up(line, ticket)
    line.change_ticket(answer, complainant_number=None)
    carried(line, answer, RefuseCalls())
    carried(line, answer, ReopenCase())
    over(line)
    assert line.promise(ticket.id).target == "find_number"
    assert "sms_reopened" not in [sms.template for sms in line.texts(answer)]


def test_a_yes_for_a_case_that_was_closed_meanwhile_changes_nothing(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = picked_up(line, ticket)
    carried(line, answer, CloseCase())
    closed = line.ticket(answer)
    carried(line, answer, CloseCase())
    assert line.ticket(answer) == closed


def test_a_call_of_the_flow_that_nobody_ordered_leaves_nothing(line: Line) -> None:
    answer = line.reach("ask_story")
    with line.work() as work:
        end_survey(call_context_of(context_of(line.hotline, work), answer.call))
        work.commit()
    assert line.ticket(answer).status is TicketStatus.OPEN


def test_a_number_that_did_not_ask_for_the_call_is_not_rung_again(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = line.key(picked_up(line, ticket), "9")
    over(line)
    assert line.ticket(answer).complainant_number is None
    assert question_of(line, ticket).result == "refused"


def test_a_call_that_comes_in_closes_nothing_whatever_number_it_shows(line: Line) -> None:
    answer = line.reach("ask_story")
    carried(line, answer, CloseCase())
    assert line.ticket(answer).status is TicketStatus.OPEN
