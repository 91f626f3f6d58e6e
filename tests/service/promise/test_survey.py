"""A talk that kept a promise orders one question, where the policy asks."""

from pathlib import Path

from tests.service.callback.callers import a_case, calls_of
from tests.service.callback.surveys import AFTER, a_kept_case, question_of
from tests.service.lines import Line
from voicebot.domain.staff_call import StaffCallState
from voicebot.service.promise.keep import log_callback


def test_the_question_is_due_so_long_after_the_talk(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    question = question_of(line, ticket)
    assert (question.state, question.not_before) == (StaffCallState.WAITING, line.clock.at + AFTER)
    assert question.promise_id == line.promises(ticket.id)[-1].id


def test_a_policy_that_never_asks_orders_nothing(line: Line) -> None:
    ticket = a_case(line)
    log_callback(line.hotline, ticket.case_number, reason="spoke with them", actor="owner_1")
    assert calls_of(line, ticket) == []
