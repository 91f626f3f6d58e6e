"""Who picks up hears the flow that asks, in a call of the case; whatever comes twice gets the same answer."""

from pathlib import Path

from tests.service.callback.callers import CA, calls_of, ordered
from tests.service.callback.surveys import a_kept_case, picked_up, question_of
from tests.service.lines import CALLER, Line, node_of
from voicebot.domain.call import CallEnd, Way
from voicebot.service.call.survey_call import answer_survey
from voicebot.service.call.turn import end_call
from voicebot.service.callback.dial import end_unmade
from voicebot.service.callback.hops import HangUpLeg
from voicebot.service.queries.figures import view_figures


def test_the_call_belongs_to_the_case_and_follows_the_flow_that_asks(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = picked_up(line, ticket)
    assert node_of(answer) == "ask_willing"
    assert (answer.call.ticket_id, answer.call.flow_name) == (ticket.id, "callback_survey")
    assert (answer.call.caller_number, answer.call.way) == (CALLER, Way.STREAM)


def test_the_question_of_the_carrier_that_comes_twice_gets_the_same_answer(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    answer = picked_up(line, ticket)
    again = answer_survey(line.hotline, question_of(line, ticket).id, CA)
    assert again == answer


def test_a_second_call_of_one_order_is_ended(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    question = question_of(line, ticket)
    picked_up(line, ticket)
    assert answer_survey(line.hotline, question.id, "CA-another") == HangUpLeg()


def test_a_call_that_was_given_up_before_anybody_picked_up_is_ended(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    question = question_of(line, ticket)
    end_unmade(line.hotline, question.id, "given up")
    assert answer_survey(line.hotline, question.id, CA) == HangUpLeg()


def test_calls_ordered_for_something_else_are_none_of_it(line: Line) -> None:
    case = line.ticket(line.told_call())
    line.clock.at = line.promise(case.id).window_opens_at
    call = ordered(line, case)
    assert answer_survey(line.hotline, call.id, CA) is None
    assert answer_survey(line.hotline, "nobody ordered this", CA) is None
    assert len(calls_of(line, case)) == 1


def test_a_full_house_asks_by_keys_and_recorded_words(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    line.recognisers.limit = 0
    assert picked_up(line, ticket).call.way is Way.RECORD


def test_a_call_of_ours_is_no_call_that_came_in_nor_one_that_was_given_up(line: Line, tmp_path: Path) -> None:
    ticket = a_kept_case(line, tmp_path / "policy")
    before = view_figures(line.hotline).total
    picked_up(line, ticket)
    end_call(line.hotline, CA, CallEnd.CALLER_HUNG_UP)
    after = view_figures(line.hotline).total
    assert (after.calls, after.abandoned) == (before.calls, before.abandoned) == (1, 0)
