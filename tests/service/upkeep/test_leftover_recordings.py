"""One recording found at the carrier: brought home, or deleted there, by what its answer says."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes_outside import FakeCarrier
from tests.service.books import left
from tests.service.callback.callers import CA, a_case, ordered, with_callbacks
from tests.service.callback.talks import RE, answered, two_voices
from tests.service.lines import Line
from tests.service.recorded import SID, answers, recorded
from voicebot.domain.call import CallEnd
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.callback import hops
from voicebot.service.upkeep.leftover_recordings import RecordingResult, take_home
from voicebot.speech.audio import write_wav


@pytest.fixture
def over(line: Line, story: CallAnswer) -> CallAnswer:
    """A story that was recorded, whose call is over."""
    recorded(line, story)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    return story


def test_a_recording_that_waits_to_be_fetched_is_fetched(line: Line, over: CallAnswer) -> None:
    assert take_home(line.hotline, left(line, SID, "CA1")) is RecordingResult.STORED
    assert answers(line, over)[0].state is AnswerState.AWAITING_TRANSCRIPT
    assert line.carrier.deleted == [SID]


def test_a_recording_that_is_with_us_is_deleted_there(line: Line, over: CallAnswer) -> None:
    line.run_jobs()
    assert answers(line, over)[0].recording_sid is None
    assert take_home(line.hotline, left(line, SID, "CA1")) is RecordingResult.DELETED
    assert line.carrier.deleted == [SID, SID]
    assert line.ticket(over).problem == "my parcel came broken"


def test_a_recording_that_was_destroyed_is_deleted_there(line: Line, over: CallAnswer) -> None:

    (answer,) = answers(line, over)
    with line.work() as work:
        work.tickets.save_answer(replace(answer, state=AnswerState.DESTROYED, recording_sid=None))
        work.commit()
    assert take_home(line.hotline, left(line, SID, "CA1")) is RecordingResult.DELETED
    assert line.audio.files == {}


def test_a_recording_given_up_as_lost_is_found_again(line: Line, over: CallAnswer) -> None:
    listed = left(line, SID, "CA1")
    voice = line.carrier.recordings.pop(SID)
    line.step(days=4)
    line.sweep()
    assert answers(line, over)[0].state is AnswerState.LOST
    with pytest.raises(Unavailable):
        take_home(line.hotline, listed)
    assert answers(line, over)[0].state is AnswerState.LOST
    line.carrier.recordings[SID] = voice
    assert take_home(line.hotline, listed) is RecordingResult.STORED
    line.run_jobs()
    assert line.ticket(over).problem == "please call me"


def test_a_recording_whose_copy_there_cannot_be_deleted_is_safe_and_tried_again(line: Line, over: CallAnswer) -> None:
    listed = left(line, SID, "CA1")
    line.carrier.cannot_delete = True
    assert take_home(line.hotline, listed) is RecordingResult.KEPT_THERE
    assert answers(line, over)[0].audio_key in line.audio.files
    with pytest.raises(Unavailable):
        take_home(line.hotline, listed)
    line.carrier.cannot_delete = False
    assert take_home(line.hotline, listed) is RecordingResult.DELETED


def test_a_recording_of_a_call_nobody_knows_says_so(line: Line) -> None:
    assert take_home(line.hotline, left(line, SID, "CA9")) is RecordingResult.NO_CALL


def test_looking_twice_at_once_stores_it_once(line: Line, over: CallAnswer) -> None:
    listed = left(line, SID, "CA1")
    take_home(line.hotline, listed)
    line.step(seconds=timedelta(hours=1).total_seconds())
    assert take_home(line.hotline, listed) is RecordingResult.DELETED
    assert len(answers(line, over)) == 1


def test_a_recording_still_in_the_making_waits(line: Line) -> None:
    line.ring()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    assert take_home(line.hotline, left(line, SID, "CA1", status="processing")) is RecordingResult.LEFT
    assert line.carrier.deleted == []


def test_a_recording_of_a_call_that_goes_on_here_waits_for_its_own_callback(line: Line) -> None:
    line.ring()
    assert take_home(line.hotline, left(line, SID, "CA1")) is RecordingResult.LEFT
    assert line.carrier.deleted == []


def test_a_recording_whose_answer_is_known_but_which_is_not_ready_waits(line: Line, over: CallAnswer) -> None:
    assert take_home(line.hotline, left(line, SID, "CA1", status="processing")) is RecordingResult.LEFT
    assert answers(line, over)[0].state is AnswerState.AWAITING_RECORDING


def test_a_recording_that_no_turn_told_us_of_is_the_last_thing_its_caller_said(line: Line, story: CallAnswer) -> None:
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    assert take_home(line.hotline, left(line, SID, "CA1")) is RecordingResult.STORED
    line.run_jobs()
    assert (line.ticket(story).problem, line.carrier.deleted) == ("please call me", [SID])


@pytest.mark.parametrize(("status", "seconds"), [("absent", 2), ("completed", 0)])
def test_a_recording_without_a_voice_that_no_turn_told_us_of_is_deleted_there(
    line: Line, story: CallAnswer, status: str, seconds: int
) -> None:
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    listed = replace(left(line, SID, "CA1", status=status), seconds=seconds)
    assert take_home(line.hotline, listed) is RecordingResult.DELETED
    assert (answers(line, story), line.carrier.deleted) == ([], [SID])


def test_a_recording_that_the_list_calls_whole_and_that_cannot_be_had_is_tried_again(
    line: Line, over: CallAnswer
) -> None:
    listed = left(line, SID, "CA1")
    line.carrier.recordings.clear()
    with pytest.raises(Unavailable, match="cannot be had there"):
        take_home(line.hotline, listed)
    assert answers(line, over)[0].state is AnswerState.AWAITING_RECORDING


def test_a_recording_that_two_workers_find_again_at_once_is_stored_once(line: Line, over: CallAnswer) -> None:
    class Twice(FakeCarrier):
        """A carrier during whose first download another worker does the same."""

        has_begun = False

        def download_recording(self, recording_sid: str) -> bytes:
            if not self.has_begun:
                self.has_begun = True
                take_home(line.hotline, listed)
            return write_wav(line.recognisers.voice.says("please call me", 2.0))

    with line.work() as work:
        (answer,) = work.tickets.answers(over.call.ticket_id)
        work.tickets.save_answer(replace(answer, state=AnswerState.LOST))
        work.commit()
    listed = left(line, SID, "CA1")
    line.use(carrier=Twice())
    assert take_home(line.hotline, listed) is RecordingResult.STORED
    line.run_jobs()
    assert line.ticket(over).problem == "please call me"


@pytest.mark.parametrize("is_over", [True, False])
def test_a_recording_of_a_talk_of_ours_comes_home_once_the_talk_is_over(
    line: Line, tmp_path: Path, *, is_over: bool
) -> None:
    with_callbacks(line, tmp_path / "policy", record_talks=True)
    call = ordered(line, a_case(line))
    answered(line, call)
    line.jobs.waiting.clear()  # the worker died, and what the carrier told of it was lost
    if is_over:
        hops.end(line.hotline, call.id, status="completed")
    listed = left(line, RE, CA)
    line.carrier.recordings[RE] = two_voices()
    assert take_home(line.hotline, listed) is (RecordingResult.STORED if is_over else RecordingResult.LEFT)
    assert line.carrier.deleted == ([RE] if is_over else [])
