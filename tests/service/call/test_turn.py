"""The life of a call, as a conversation with the use cases."""

from collections import Counter

import pytest

from tests.service.lines import CALLER, Line, node_of
from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.domain.ticket import AnswerState
from voicebot.errors import CarrierFault
from voicebot.flow.events import CallerHungUp, FinishedBy, KeysPressed, NoInput, UtteranceHeard
from voicebot.flow.instructions import HangUp, Listen
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.stream import open_stream
from voicebot.service.call.turn import apologise, end_call, fail_hearing, take_call_turn


def stream_of(line: Line, answer: CallAnswer) -> CallAnswer:
    """Open the stream that an answer offers."""
    token = line.call(answer).stream_token
    assert token is not None
    opened = open_stream(line.hotline, answer.call.id, token, answer.call.carrier_call_id)
    assert opened is not None
    return opened


def test_a_call_by_voice_and_keys_ends_with_everything_on_the_ticket(line: Line) -> None:
    answer = line.reach("ask_story")
    answer = line.say(answer, "my parcel came broken")
    answer = line.say(answer, "a refund please")
    for _ in range(3):
        answer = line.key(answer, "1")
    answer = line.go_to(answer, "hang_up")
    end_call(line.hotline, answer.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    ticket = line.ticket(answer)
    assert (ticket.problem, ticket.demand, ticket.complainant_number) == (
        "my parcel came broken",
        "a refund please",
        CALLER,
    )
    call = line.call(answer)
    assert (call.status, call.end) == (CallStatus.ENDED, CallEnd.COMPLETED)
    assert len(line.sender.to(CALLER)) == 1
    assert "11:00-13:00" in line.sender.to(CALLER)[0]


def test_a_turn_delivered_twice_gets_the_stored_answer(line: Line) -> None:
    notice = line.ring()
    story = line.go_on(notice)
    again = line.tell(notice, NoInput())
    assert (again.turn_number, again.wait) == (story.turn_number, story.wait)
    assert line.call(notice).turn_number == 1


def test_a_turn_nobody_was_asked_gets_the_present_question(line: Line) -> None:
    notice = line.ring()
    ahead = take_call_turn(line.hotline, notice.call.id, 7, NoInput())
    assert (ahead.turn_number, ahead.wait) == (0, notice.wait)


def test_a_call_that_was_never_answered_here_is_the_carriers_fault(line: Line) -> None:
    with pytest.raises(CarrierFault):
        take_call_turn(line.hotline, "nobody", 0, NoInput())


@pytest.mark.requirement("S0-11")
def test_words_that_come_after_the_status_callback_are_kept(line: Line) -> None:
    story = line.reach("ask_story")
    utterance = line.spoken(story, "i was saying")
    end_call(line.hotline, story.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    line.tell(story, CallerHungUp(utterance=utterance))
    line.tell(story, CallerHungUp(utterance=utterance))
    line.run_jobs()
    line.step(seconds=40)
    line.sweep()
    line.settle()
    with line.work() as work:
        (answer,) = work.tickets.answers(story.call.ticket_id)
    assert (answer.text, answer.state, answer.turn_number) == ("i was saying", AnswerState.DONE, story.turn_number)
    assert line.ticket(story).problem == "i was saying"
    assert len(line.sender.sent) == 1


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize(
    "node",
    ["say_recording_notice", "ask_story", "ask_remedy", "confirm_number", "announce_text", "offer_windows"],
)
def test_hang_up_at_any_question_leaves_ticket_promise_and_one_text(line: Line, node: str) -> None:
    answer = line.ring()
    while node_of(answer) != node:
        answer = line.say(answer, "it broke") if node_of(answer) in ("ask_story", "ask_remedy") else line.go_on(answer)
    line.tell(answer, CallerHungUp())
    end_call(line.hotline, answer.call.carrier_call_id, CallEnd.CALLER_HUNG_UP)
    end_call(line.hotline, answer.call.carrier_call_id, CallEnd.CARRIER)
    line.settle()
    with line.work() as work:
        assert len(work.tickets.all()) == 1
        assert work.promises.open_of_ticket(answer.call.ticket_id) is not None
    assert line.ticket(answer).owner_id == "owner_1"
    assert len(line.sender.to(CALLER)) == 1
    assert line.call(answer).end is CallEnd.CALLER_HUNG_UP


def test_the_end_of_an_unknown_call_is_nothing(line: Line) -> None:
    end_call(line.hotline, "CA-unknown", CallEnd.CARRIER)
    with line.work() as work:
        assert work.tickets.all() == []


def test_failed_hearing_goes_on_by_record_and_the_worker_listens_to_what_was_said(line: Line) -> None:
    story = line.go_to(stream_of(line, line.ring()), "ask_story")
    half_heard = line.spoken(story, "my parcel")
    answer = fail_hearing(line.hotline, story.call.id, story.turn_number, half_heard)
    assert answer.call.way is Way.RECORD
    assert isinstance(answer.wait, Listen)
    with line.work() as work:
        (kept,) = work.tickets.answers(story.call.ticket_id)
    assert (kept.text, kept.state) == ("", AnswerState.SPOOLED)
    line.run_jobs()
    assert line.ticket(answer).problem == "my parcel"


def test_our_fault_is_apologised_for_and_the_apology_can_be_heard(line: Line) -> None:
    story = line.go_to(stream_of(line, line.ring()), "ask_story")
    answer = apologise(line.hotline, story.call.id)
    assert isinstance(answer.wait, HangUp)
    assert "apologise_failure" in [prompt.key for prompt in answer.wait.prompts]
    assert line.call(answer).status is CallStatus.LIVE
    end_call(line.hotline, "CA1", CallEnd.COMPLETED)
    line.run_jobs()
    assert "your call broke off" in line.sender.to(CALLER)[0]


def test_an_apology_for_a_turn_that_has_moved_on_gets_the_stored_answer(line: Line) -> None:
    notice = line.ring()
    story = line.go_on(notice)
    late = apologise(line.hotline, notice.call.id, notice.turn_number)
    assert (late.turn_number, late.wait) == (story.turn_number, story.wait)
    assert line.call(notice).turn_number == story.turn_number


def test_a_goodbye_that_is_rendered_whole_ends_the_call_without_any_callback(line: Line) -> None:
    line.recognisers.limit = 0
    goodbye = line.reach("hang_up")
    assert goodbye.call.status is CallStatus.ENDED
    late = line.tell(goodbye, NoInput())
    assert late.wait == goodbye.wait


def test_a_caller_who_hangs_up_during_the_goodbye_has_heard_the_call(line: Line) -> None:
    goodbye = line.go_to(stream_of(line, line.ring()), "hang_up")
    line.tell(goodbye, CallerHungUp())
    assert line.call(goodbye).end is CallEnd.COMPLETED


def test_what_the_carrier_ended_is_said_to_be_its_doing(line: Line) -> None:
    goodbye = line.go_to(stream_of(line, line.ring()), "hang_up")
    end_call(line.hotline, "CA1", CallEnd.CARRIER)
    assert line.call(goodbye).end is CallEnd.CARRIER


def test_the_end_key_is_no_utterance(line: Line) -> None:
    story = line.reach("ask_story")
    heard = UtteranceHeard(utterance=line.spoken(story, "all of it"), finished_by=FinishedBy.KEY)
    assert node_of(line.tell(story, heard)) == "ask_remedy"


def test_keys_without_meaning_hold_a_caller_at_no_question_for_ever(line: Line) -> None:
    line.recognisers.limit = 0
    answer, asked = line.ring(), Counter[str]()
    while isinstance(answer.wait, Listen):
        asked[answer.wait.node] += 1
        assert max(asked.values()) <= 4, asked
        answer = line.tell(answer, KeysPressed(keys="6"))
    assert answer.call.status is CallStatus.ENDED
    assert "confirm_number" in asked
