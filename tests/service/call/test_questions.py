"""What a caller is still asked: by what their words suggest clearly, and never what is known."""

import pytest

from tests.case_fields import a_field_entry
from tests.customers import a_customer
from tests.service.lines import CALLER, Line, node_of
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.flow.events import FinishedBy, UtteranceHeard
from voicebot.flow.instructions import FindQuestions
from voicebot.service.call.questions import find_questions
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of

UNREACHABLE = "at branch nine nobody answers and i cannot get through"
LATE = "it was delayed and then never arrived"


def asked(line: Line, answer: CallAnswer, *, at_most: int = 2) -> tuple[str, ...]:
    call = line.call(answer)
    with line.work() as work:
        context = call_context_of(context_of(line.hotline, work), call)
        return find_questions(context, FindQuestions(at_most=at_most)).fields


def told(line: Line, words: str) -> CallAnswer:
    """Tell a story, up to the question what would put it right."""
    return line.say(line.reach("ask_story"), words)


@pytest.mark.requirement("S0-15")
@pytest.mark.requirement("S0-10")
def test_what_the_kind_asks_that_the_words_suggest(line: Line) -> None:
    answer = told(line, UNREACHABLE)
    assert asked(line, answer) == ("branch", "minutes_tried")
    assert asked(line, answer, at_most=1) == ("branch",)


def test_nothing_is_asked_where_one_word_or_none_suggests_a_kind(line: Line) -> None:
    assert asked(line, told(line, "nobody answers")) == ()
    assert asked(line, line.reach("ask_story")) == ()


@pytest.mark.requirement("V-08")
def test_nothing_is_asked_where_the_words_were_hard_to_hear(line: Line) -> None:
    story = line.reach("ask_story")
    heard = line.spoken(story, UNREACHABLE)
    doubtful = tuple(word.model_copy(update={"confidence": 0.79}) for word in heard.words)
    utterance = heard.model_copy(update={"words": doubtful})
    answer = line.tell(story, UtteranceHeard(utterance=utterance, finished_by=FinishedBy.SILENCE))
    assert asked(line, answer) == ()


def test_nothing_is_asked_of_whom_a_person_listens_to_first(line: Line) -> None:
    answer = told(line, UNREACHABLE)
    line.change_ticket(answer, is_listen_first=True)
    assert asked(line, answer) == ()


def test_what_the_books_or_an_entry_or_an_answer_say_is_not_asked_again(line: Line) -> None:
    answer = told(line, LATE)
    assert asked(line, answer) == ("order_number", "promised_on")
    with line.work() as work:
        work.customers.keep([a_customer(numbers=(CALLER,))], line.clock.now())
        work.commit()
    assert asked(line, answer) == ("promised_on",)
    ticket_id = line.ticket(answer).id
    with line.work() as work:
        work.fields.add(a_field_entry(ticket_id=ticket_id, field="promised_on", value="2026-11-02"))
        work.commit()
    assert asked(line, answer) == ()


@pytest.mark.requirement("S0-13")
@pytest.mark.requirement("S0-15")
def test_an_answer_is_heard_into_its_field_with_its_voice(line: Line) -> None:
    question = line.say(told(line, UNREACHABLE), "ring the branch for me")
    assert node_of(question) == "ask_question"
    second = line.say(question, "branch nine at the harbour")
    line.run_jobs()
    (heard,) = [answer for answer in _answers(line, second) if answer.slot == "branch"]
    assert (heard.text, heard.state) == ("branch nine at the harbour", AnswerState.DONE)
    assert heard.audio_key is not None
    assert node_of(second) == "ask_question"
    assert node_of(line.go_on(second)) == "confirm_number", "silence goes on"


def _answers(line: Line, answer: CallAnswer) -> list[Answer]:
    ticket_id = line.ticket(answer).id
    with line.work() as work:
        return list(work.tickets.answers(ticket_id))
