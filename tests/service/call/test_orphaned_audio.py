"""Spool files left by a crash."""

from datetime import timedelta

import pytest

from tests.fakes import FakeSpool
from tests.service.lines import Line
from tests.service.recorded import SID, answers, recorded
from voicebot.domain.call import CallEnd
from voicebot.domain.consent import Consent, ConsentAnswer
from voicebot.domain.ticket import AnswerState
from voicebot.service.answer.folders import give_up_folder
from voicebot.service.answer.keep import BESIDE_TURNS, spool_name
from voicebot.service.call.orphaned_audio import orphan_names, take_up_orphan
from voicebot.service.call.recording_callback import note_recording, note_stray_recording
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call.stream import open_stream, resume_call
from voicebot.service.call.turn import end_call
from voicebot.speech.audio import write_wav


@pytest.fixture
def half_told(line: Line) -> CallAnswer:
    """A story half told when the web process was killed: its voice lies in the spool."""
    answer = line.ring()
    assert answer.call.stream_token is not None
    open_stream(line.hotline, answer.call.id, answer.call.stream_token, "CA1")
    story = line.go_to(answer, "ask_story")
    line.spoken(story, "my parcel came")
    return story


@pytest.mark.requirement("S0-11")
def test_voice_of_a_call_that_died_with_its_process_becomes_an_answer_in_words(
    line: Line, half_told: CallAnswer
) -> None:
    line.step(minutes=6)
    line.sweep()
    assert line.call(half_told).end is CallEnd.LOST
    line.step(seconds=31)
    line.sweep()
    assert line.ticket(half_told).problem == "my parcel came"
    assert line.spool.files == {}
    assert "orphan_taken_up" in line.verbs(half_told.call.ticket_id)


@pytest.mark.requirement("S0-11")
def test_voice_of_a_stream_that_broke_is_taken_up_while_the_call_goes_on(line: Line, half_told: CallAnswer) -> None:
    resumed = resume_call(line.hotline, half_told.call.id)
    assert resumed.turn_number == half_told.turn_number + 1
    assert orphan_names(line.hotline) == ()
    line.step(seconds=30)
    line.sweep()
    assert line.ticket(half_told).problem == "my parcel came"


@pytest.mark.requirement("S0-11")
def test_voice_before_an_outage_and_the_message_left_in_it_are_both_kept(line: Line, half_told: CallAnswer) -> None:
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("call me", 1.0))
    note_stray_recording(line.hotline, "CA1", recording_sid=SID, is_available=True, length_s=1.0)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.run_jobs()
    line.step(seconds=40)
    line.sweep()
    assert sorted(line.ticket(half_told).problem.splitlines()) == ["call me", "my parcel came"]
    assert len(line.audio.files) == 2


def test_voice_of_a_call_that_is_still_spoken_is_left_alone(line: Line, half_told: CallAnswer) -> None:
    line.step(minutes=4)
    assert orphan_names(line.hotline) == ()
    take_up_orphan(line.hotline, spool_name(half_told.call.id, half_told.turn_number))
    assert len(line.spool.files) == 1


def test_voice_that_a_slow_decoder_still_writes_after_the_end_is_left_alone(line: Line, half_told: CallAnswer) -> None:
    name = spool_name(half_told.call.id, half_told.turn_number)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.clock.step(timedelta(seconds=40))
    line.spool.written[name] = line.clock.now() - timedelta(seconds=29)
    assert orphan_names(line.hotline) == ()
    line.clock.step(timedelta(seconds=1))
    assert orphan_names(line.hotline) == (name,)


def test_voice_written_before_the_clock_was_set_back_is_judged_by_its_call(line: Line, half_told: CallAnswer) -> None:
    name = spool_name(half_told.call.id, half_told.turn_number)
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.clock.step(timedelta(seconds=40))
    line.spool.written[name] = line.clock.now() + timedelta(hours=1)
    assert orphan_names(line.hotline) == (name,)


def test_voice_that_has_its_answer_is_no_orphan(line: Line, half_told: CallAnswer) -> None:
    line.say(half_told, "and more")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.step(minutes=1)
    assert orphan_names(line.hotline) == ()


def test_files_that_are_not_ours_are_left_alone(line: Line) -> None:
    line.spool.append("notes.txt", b"x")
    line.spool.append("nobody-3.ulaw", b"x")
    assert orphan_names(line.hotline) == ()


def test_voice_that_may_not_be_kept_is_deleted(line: Line) -> None:
    notice = line.ring()
    line.spool.append(spool_name(notice.call.id, 0), b"voice")
    end_call(line.hotline, "CA1", CallEnd.LOST)
    line.step(minutes=1)
    line.sweep()
    assert line.spool.files == {}
    with line.work() as work:
        assert work.tickets.answers(notice.call.ticket_id) == []


def test_a_repeat_of_an_answered_turn_leaves_no_voice_behind(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel")
    line.run_jobs()
    line.say(story, "my parcel")
    assert line.spool.files
    for _ in range(2):  # the first look ends the lost call
        line.step(hours=1)
        line.sweep()
    assert line.spool.files == {}
    assert line.ticket(story).problem == "my parcel"


# --- voices of other machines, and of turns that were answered otherwise -----------------------------------


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("is_given_up", [False, True], ids=["away", "given up"])
def test_a_voice_whose_answer_names_another_folder_goes_on_where_its_file_was_brought(
    line: Line, is_given_up: bool
) -> None:
    there = line.spool
    story = line.reach("ask_story")
    line.say(story, "my parcel came broken")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.jobs.waiting.clear()
    line.use(spool=FakeSpool("folder-2"))
    if is_given_up:
        give_up_folder(line.hotline, there.folder_id, reason="its disk burnt", actor="me")
    line.spool.files.update(there.files)
    line.step(minutes=1)
    line.sweep()
    (answer,) = answers(line, story)
    assert (answer.state, answer.spool_folder) == (AnswerState.DONE, "folder-2")
    assert "voice_brought_here" in line.verbs(story.call.ticket_id)
    assert line.spool.files == {}


def test_a_voice_that_is_to_be_erased_is_made_no_answer(line: Line, half_told: CallAnswer) -> None:
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    with line.work() as work:
        work.folders.ask_erasure(half_told.call.id, line.clock.now())
        work.commit()
    line.step(minutes=1)
    take_up_orphan(line.hotline, spool_name(half_told.call.id, half_told.turn_number))
    assert (line.spool.files, answers(line, half_told)) == ({}, [])


@pytest.mark.requirement("S0-11")
@pytest.mark.parametrize("is_lost", [False, True], ids=["a recording has its place", "its recording is lost"])
def test_a_voice_beside_the_answer_of_its_turn_is_kept_beside_it(
    line: Line, half_told: CallAnswer, is_lost: bool
) -> None:
    recorded(line, half_told, "and more")
    if is_lost:
        note_recording(
            line.hotline, half_told.call.id, half_told.turn_number, recording_sid=SID, is_available=False, length_s=0
        )
    line.run_jobs()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.step(minutes=1)
    line.sweep()
    line.run_jobs()
    assert "my parcel came" in line.ticket(half_told).problem
    assert [answer.turn_number for answer in answers(line, half_told)] == [half_told.turn_number, BESIDE_TURNS]
    assert line.spool.files == {}


def test_a_voice_beside_its_answer_goes_when_the_caller_has_refused_meanwhile(
    line: Line, half_told: CallAnswer
) -> None:
    recorded(line, half_told, "and more")
    note_recording(
        line.hotline, half_told.call.id, half_told.turn_number, recording_sid=SID, is_available=False, length_s=0
    )
    with line.work() as work:
        consent = Consent(
            call_id=half_told.call.id,
            answer=ConsentAnswer.REFUSED,
            wording_version="1",
            locale="en",
            at=line.clock.now(),
        )
        work.calls.add_consent(consent)
        work.commit()
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.step(minutes=1)
    take_up_orphan(line.hotline, spool_name(half_told.call.id, half_told.turn_number))
    assert line.spool.files == {}
    assert [answer.text for answer in answers(line, half_told)] == [""]


def test_a_recording_that_is_on_its_way_is_waited_for(line: Line, half_told: CallAnswer) -> None:
    recorded(line, half_told, "and more")
    end_call(line.hotline, "CA1", CallEnd.CALLER_HUNG_UP)
    line.step(minutes=1)
    assert orphan_names(line.hotline) == ()


def test_an_empty_spool_holds_no_orphan(line: Line) -> None:
    assert orphan_names(line.hotline) == ()
