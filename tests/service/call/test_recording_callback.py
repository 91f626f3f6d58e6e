"""Whose answer a recording is that the carrier tells of."""

import pytest

from tests.service.lines import OWN, Line
from tests.service.recorded import SID, answers, recorded
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.ticket import AnswerState
from voicebot.domain.utterance import Utterance
from voicebot.errors import Unavailable
from voicebot.flow.events import KeysPressed
from voicebot.service.call.recording_callback import (
    note_recording,
    note_stray_recording,
)
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.turn import end_call
from voicebot.service.lookup import find_call
from voicebot.speech.audio import write_wav


@pytest.mark.requirement("S0-11")
def test_a_recording_whose_turn_never_reached_us_becomes_an_answer(line: Line, story: CallAnswer) -> None:
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("cut off", 1.0))
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    for _ in range(2):
        note_recording(
            line.hotline, story.call.id, story.turn_number, recording_sid=SID, is_available=True, length_s=1.0
        )
    line.run_jobs()
    assert line.ticket(story).problem == "cut off"


def test_whoever_notes_a_recording_does_not_wait_for_the_carrier(line: Line, story: CallAnswer) -> None:
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("cut off", 1.0))
    note_recording(line.hotline, story.call.id, story.turn_number, recording_sid=SID, is_available=True, length_s=1.0)
    assert answers(line, story)[0].state is AnswerState.AWAITING_RECORDING
    line.run_jobs()
    assert line.ticket(story).problem == "cut off"
    assert line.carrier.deleted == [SID]


def test_a_recording_that_was_not_ready_is_fetched_when_it_is_told_of(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    voice = line.carrier.recordings.pop(SID)
    line.run_jobs()
    line.carrier.recordings[SID] = voice
    note_recording(line.hotline, story.call.id, story.turn_number, recording_sid=SID, is_available=True, length_s=2.0)
    line.run_jobs()
    assert line.ticket(story).problem == "my parcel came broken"


def test_nothing_is_deleted_there_while_its_note_is_being_taken(line: Line) -> None:
    notice = line.ring()
    line.key(notice, "8")
    line.carrier.is_away = True
    note_recording(line.hotline, notice.call.id, 0, recording_sid=SID, is_available=True, length_s=2.0)
    note_stray_recording(line.hotline, "CA9", recording_sid="RE9", is_available=True, length_s=0)
    line.carrier.is_away = False
    line.run_jobs()
    assert line.carrier.deleted == [SID, "RE9"]


def test_an_absent_recording_is_said_to_be_lost(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    note_recording(line.hotline, story.call.id, story.turn_number, recording_sid=SID, is_available=False, length_s=0)
    assert answers(line, story)[0].state is AnswerState.LOST


def test_a_message_left_while_our_flow_was_out_of_order_is_kept(line: Line) -> None:
    notice = line.ring()
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("please call me", 2.0))
    note_recording(line.hotline, notice.call.id, 0, recording_sid=SID, is_available=True, length_s=2.0)
    line.run_jobs()
    assert line.ticket(notice).problem == "please call me"


def test_a_message_left_at_a_question_that_nobody_records_is_part_of_what_happened(line: Line) -> None:
    story = line.reach("ask_story")
    number = line.go_to(line.say(story, "my parcel came broken"), "confirm_number")
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("please call me", 2.0))
    note_recording(line.hotline, number.call.id, number.turn_number, recording_sid=SID, is_available=True, length_s=2.0)
    line.run_jobs()
    assert line.ticket(number).problem == "my parcel came broken\nplease call me"


def test_a_recording_after_refusal_is_deleted_there(line: Line) -> None:
    notice = line.ring()
    line.key(notice, "8")
    line.carrier.recordings[SID] = b"voice"
    note_recording(line.hotline, notice.call.id, 0, recording_sid=SID, is_available=True, length_s=2.0)
    note_recording(line.hotline, notice.call.id, 0, recording_sid=SID, is_available=False, length_s=0)
    note_recording(line.hotline, "no-call", 0, recording_sid=SID, is_available=True, length_s=2.0)
    line.run_jobs()
    assert line.carrier.deleted == [SID]


def test_a_recording_without_a_sound_becomes_no_answer_and_is_deleted_there(line: Line, story: CallAnswer) -> None:
    note_recording(line.hotline, story.call.id, story.turn_number, recording_sid=SID, is_available=True, length_s=0)
    line.run_jobs()
    assert (answers(line, story), line.carrier.deleted) == ([], [SID])


def test_a_callback_about_another_recording_changes_nothing(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    note_recording(line.hotline, story.call.id, story.turn_number, recording_sid="RE2", is_available=False, length_s=0)
    assert answers(line, story)[0].state is AnswerState.AWAITING_RECORDING


def test_a_second_recording_of_one_turn_is_kept_as_a_message_of_its_own(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    for number, words in ((2, "are you there"), (3, "call me")):
        sid = "RE" + str(number) * 32
        line.carrier.recordings[sid] = write_wav(line.recognisers.voice.says(words, 1.0))
        _note_twice(line, story, sid)
    line.run_jobs()
    for number in (1, 2, 3):
        _note_twice(line, story, "RE" + str(number) * 32)
    line.run_jobs()
    kept = answers(line, story)
    assert sorted((answer.slot, answer.text) for answer in kept) == [
        ("message", "are you there"),
        ("message", "call me"),
        ("story", "my parcel came broken"),
    ]
    assert {answer.recording_sid for answer in kept} == {None}
    assert len(line.audio.files) == 3
    assert sorted(line.carrier.deleted) == [SID, "RE" + "2" * 32, "RE" + "3" * 32]


def test_a_second_recording_takes_no_turn_that_is_still_to_come(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    _note_twice(line, story, "RE" + "2" * 32)
    remedy = line.call(story).turn_number
    note_recording(line.hotline, story.call.id, remedy, recording_sid="RE" + "3" * 32, is_available=True, length_s=1.0)
    assert {answer.slot for answer in answers(line, story)} == {"story", "message", "remedy"}


def test_a_second_recording_after_refusal_is_deleted_there(line: Line, story: CallAnswer) -> None:
    line.tell(story, KeysPressed(keys="8", utterance=Utterance(recording_sid=SID, duration_s=1.0)))
    note_recording(line.hotline, story.call.id, story.turn_number, recording_sid="RE2", is_available=True, length_s=2.0)
    line.run_jobs()
    assert line.carrier.deleted == [SID, "RE2"]


def _note_twice(line: Line, answer: CallAnswer, sid: str) -> None:
    for _ in range(2):
        note_recording(
            line.hotline, answer.call.id, answer.turn_number, recording_sid=sid, is_available=True, length_s=1.0
        )


@pytest.mark.requirement("S0-11")
def test_a_recording_of_a_call_that_never_reached_us_opens_a_case(line: Line) -> None:
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("nobody answered", 1.0))
    for _ in range(2):
        note_stray_recording(line.hotline, "CA1", recording_sid=SID, is_available=True, length_s=1.0)
        line.run_jobs()
    call = find_call(line.hotline, "CA1")
    assert call is not None
    assert (call.status, call.end, call.called_number) == (CallStatus.ENDED, CallEnd.LOST, OWN)
    with line.work() as work:
        assert [ticket.problem for ticket in work.tickets.all()] == ["nobody answered"]
    assert line.carrier.deleted == [SID]


def test_an_empty_recording_of_a_call_that_never_reached_us_opens_nothing(line: Line) -> None:
    note_stray_recording(line.hotline, "CA1", recording_sid=SID, is_available=False, length_s=0)
    assert line.carrier.deleted == []
    note_stray_recording(line.hotline, "CA1", recording_sid=SID, is_available=True, length_s=0)
    line.run_jobs()
    assert line.carrier.deleted == [SID]
    assert find_call(line.hotline, "CA1") is None


def test_a_recording_may_wait_for_the_report_that_tells_who_called(line: Line) -> None:
    with pytest.raises(Unavailable):
        note_stray_recording(line.hotline, "CA1", recording_sid=SID, is_available=True, length_s=1.0, may_open=False)
    with line.work() as work:
        assert work.tickets.all() == []
