"""A media stream that opens, breaks and is taken up again."""

import pytest

from tests.service.call.test_turn import stream_of
from tests.service.lines import Line, node_of
from voicebot.domain.call import CallStatus, Way
from voicebot.flow.events import CallResumed
from voicebot.flow.instructions import HangUp, Listen
from voicebot.service.answer.keep import spool_name
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.speech.audio import silence


def test_a_streams_token_works_once_and_only_for_its_call(line: Line) -> None:
    answer = line.ring()
    token = answer.call.stream_token
    assert token is not None
    assert open_stream(line.hotline, answer.call.id, token, "CA-other") is None
    assert open_stream(line.hotline, answer.call.id, "wrong", "CA1") is None
    assert open_stream(line.hotline, "no-call", token, "CA1") is None
    opened = open_stream(line.hotline, answer.call.id, token, "CA1")
    assert opened is not None
    assert (opened.wait, opened.call.stream_token) == (answer.wait, None)
    assert open_stream(line.hotline, answer.call.id, token, "CA1") is None


def test_first_lost_stream_gets_a_new_one_and_the_second_goes_on_by_record(line: Line) -> None:
    stream_of(line, line.ring())
    first = resume_call(line.hotline, line.ring().call.id)
    assert (first.call.way, first.call.stream_losses) == (Way.STREAM, 1)
    assert first.call.stream_token is not None
    stream_of(line, first)
    second = resume_call(line.hotline, first.call.id)
    assert (second.call.way, second.call.stream_losses) == (Way.RECORD, 2)
    assert node_of(second) == "say_recording_notice"
    third = resume_call(line.hotline, first.call.id)
    assert (third.turn_number, third.wait) == (second.turn_number, second.wait)


def test_a_lost_stream_in_a_full_house_goes_on_by_record(line: Line) -> None:
    answer = stream_of(line, line.ring())
    line.recognisers.limit = 0
    assert resume_call(line.hotline, answer.call.id).call.way is Way.RECORD


def test_a_fetch_delivered_twice_takes_no_second_turn_and_its_stream_may_still_open(line: Line) -> None:
    answer = stream_of(line, line.ring())
    first = resume_call(line.hotline, answer.call.id)
    again = resume_call(line.hotline, answer.call.id)
    assert again.turn_number == first.turn_number
    assert again.call.way is Way.RECORD
    assert first.call.stream_token is not None
    opened = open_stream(line.hotline, answer.call.id, first.call.stream_token, "CA1")
    assert opened is not None
    assert opened.call.way is Way.STREAM


def test_a_fetch_that_says_it_is_a_repeat_gets_the_answer_again_and_loses_no_stream(line: Line) -> None:
    answer = stream_of(line, line.ring())
    again = resume_call(line.hotline, answer.call.id, is_repeat=True)
    assert (again.turn_number, again.wait) == (answer.turn_number, answer.wait)
    assert again.call.stream_losses == 0


def test_a_goodbye_that_broke_off_is_said_again_and_one_that_was_heard_is_not(line: Line) -> None:
    goodbye = line.go_to(stream_of(line, line.ring()), "hang_up")
    line.step(seconds=3)
    resumed = resume_call(line.hotline, goodbye.call.id)
    assert resumed.wait == goodbye.wait
    assert line.call(goodbye).last_heard_at == line.clock.now(), "so that no process waits for this fetch any more"
    assert resumed.call.status is CallStatus.ENDED
    assert resume_call(line.hotline, goodbye.call.id).wait == HangUp()
    line.settle()
    assert len(line.sender.sent) == 1


def test_the_stream_that_noticed_its_own_loss_and_the_fetch_after_it_ask_once(line: Line) -> None:
    story = line.go_to(stream_of(line, line.ring()), "ask_story")
    asked_again = line.tell(story, CallResumed(utterance=line.spoken(story, "half a story")))
    resumed = resume_call(line.hotline, story.call.id)
    assert resumed.wait == asked_again.wait


@pytest.mark.requirement("S0-11")
def test_late_news_of_a_lost_stream_does_not_take_the_answer_to_what_was_asked_after_it(line: Line) -> None:
    story = line.go_to(stream_of(line, line.ring()), "ask_story")
    second = stream_of(line, resume_call(line.hotline, story.call.id))
    asked = resume_call(line.hotline, story.call.id)
    line.tell(second, CallResumed())
    assert node_of(line.say(asked, "my parcel came broken")) == "ask_remedy"


@pytest.mark.parametrize(("sound_s", "asked"), [(2.0, "go_on_speaking"), (0.2, "ask_story")])
def test_a_stream_lost_in_the_story_says_that_what_was_said_is_kept(line: Line, sound_s: float, asked: str) -> None:
    """The carrier may fetch what is next before our own thread has noticed the loss and told what was said."""
    story = line.go_to(stream_of(line, line.ring()), "ask_story")
    quiet, voice = silence(1), line.recognisers.voice.noise(sound_s)
    line.spool.append(spool_name(story.call.id, story.turn_number), quiet + voice + quiet)
    wait = resume_call(line.hotline, story.call.id).wait
    assert isinstance(wait, Listen)
    assert [prompt.key for prompt in wait.prompts][-1] == asked
