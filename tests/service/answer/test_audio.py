"""Voice into safety, and into words."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes_outside import FakeAudioStore
from tests.service.callback.callers import a_case, ordered, with_callbacks
from tests.service.callback.talks import RE, answered, over, reported, two_voices
from tests.service.lines import Line
from tests.service.recorded import SID, answers, recorded
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import WORDS, Utterance
from voicebot.errors import Unavailable
from voicebot.flow.events import KeysPressed
from voicebot.service.answer.audio import (
    MOST_LOOKS_UNNAMED,
    RECORDING_LOST_AFTER,
    delete_left,
    delete_stray,
    fetch_recording,
    give_up,
    store_answer_audio,
)
from voicebot.service.answer.keep import audio_key_of
from voicebot.service.background.sweeps import run_due
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.speech.audio import read_sides, read_wav, write_wav


def test_a_spooled_answer_becomes_a_wav_and_the_spool_is_empty(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel came broken", seconds=3.0)
    mulaw = next(iter(line.spool.files.values()))
    line.run_jobs()
    (answer,) = answers(line, story)
    assert answer.audio_key == f"{story.call.ticket_id}/{story.call.id}/{story.turn_number}-story.wav"
    assert read_wav(line.audio.files[answer.audio_key]) == mulaw
    assert (answer.state, answer.spool_name, line.spool.files) == (AnswerState.DONE, None, {})
    assert answer.duration_s == pytest.approx(len(mulaw) / 8000)


def test_a_crash_between_store_and_row_is_made_good_by_the_next_try(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel")
    (answer,) = answers(line, story)
    line.audio.put(audio_key_of(answer), write_wav(line.spool.files.pop(str(answer.spool_name))))
    store_answer_audio(line.hotline, answer.id)
    store_answer_audio(line.hotline, answer.id)
    store_answer_audio(line.hotline, "no-answer")
    assert answers(line, story)[0].state is AnswerState.DONE


def test_a_spool_file_that_is_gone_is_said_to_be_lost(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel")
    line.spool.files.clear()
    line.run_jobs()
    assert answers(line, story)[0].state is AnswerState.LOST
    assert "audio_lost" in line.verbs(story.call.ticket_id)


@pytest.mark.parametrize(("folder", "state"), [("folder-2", AnswerState.SPOOLED), ("folder-1", AnswerState.LOST)])
def test_what_lies_in_another_machines_folder_is_left_to_that_machine(
    line: Line, folder: str, state: AnswerState
) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel")
    line.spool.files.clear()
    (answer,) = answers(line, story)
    with line.hotline.unit_of_work() as work:
        work.tickets.save_answer(replace(answer, spool_folder=folder))
        work.commit()
    store_answer_audio(line.hotline, answer.id)
    assert answers(line, story)[0].state is state


def test_a_voice_whose_folder_nobody_named_is_looked_for_again_before_it_is_given_up(line: Line) -> None:
    story = line.reach("ask_story")
    line.say(story, "my parcel")
    line.spool.files.clear()
    (answer,) = answers(line, story)
    with line.hotline.unit_of_work() as work:
        work.tickets.save_answer(replace(answer, spool_folder=None))
        work.commit()
    for looks in range(MOST_LOOKS_UNNAMED):
        store_answer_audio(line.hotline, answer.id)
        assert (answers(line, story)[0].state, answers(line, story)[0].attempts) == (AnswerState.SPOOLED, looks + 1)
    store_answer_audio(line.hotline, answer.id)
    assert answers(line, story)[0].state is AnswerState.LOST


def test_a_recording_of_no_answer_is_deleted_at_the_carrier(line: Line) -> None:
    line.carrier.recordings[SID] = b"whatever it is"
    delete_stray(line.hotline, SID)
    assert line.carrier.deleted == [SID]


def test_a_recording_is_fetched_stored_deleted_there_and_put_into_words(line: Line, story: CallAnswer) -> None:
    mulaw = recorded(line, story)
    line.run_jobs()
    (answer,) = answers(line, story)
    assert (answer.text, answer.state, answer.recording_sid) == ("my parcel came broken", AnswerState.DONE, None)
    assert read_wav(line.audio.files[str(answer.audio_key)]) == mulaw
    assert line.carrier.deleted == [SID]
    words = WORDS.validate_json(answer.words_json)
    assert all(0 <= word.start_s < word.end_s <= answer.duration_s + 0.02 for word in words)
    assert line.ticket(story).problem == "my parcel came broken"


def test_a_recording_that_is_not_ready_is_asked_for_again_later_and_later(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    ready = line.carrier.recordings.pop(SID)
    line.run_jobs()
    (answer,) = answers(line, story)
    assert (answer.state, answer.attempts) == (AnswerState.AWAITING_RECORDING, 1)
    line.carrier.recordings[SID] = ready
    line.sweep()
    assert answers(line, story)[0].state is AnswerState.AWAITING_RECORDING
    line.step(seconds=2)
    line.sweep()
    assert answers(line, story)[0].text == "my parcel came broken"


@pytest.mark.parametrize("wav", [b"<html>not ready</html>", write_wav(b"")])
def test_what_is_no_recording_is_not_stored(line: Line, story: CallAnswer, wav: bytes) -> None:
    recorded(line, story)
    line.carrier.recordings[SID] = wav
    line.run_jobs()
    assert answers(line, story)[0].state is AnswerState.AWAITING_RECORDING
    assert line.carrier.deleted == []


def test_a_recording_that_never_comes_is_given_up_in_the_end(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    line.carrier.recordings.clear()
    line.clock.step(RECORDING_LOST_AFTER + timedelta(seconds=1))
    line.run_jobs()
    assert answers(line, story)[0].state is AnswerState.LOST


def test_a_carrier_that_keeps_its_copy_is_asked_again_to_delete_it(line: Line, story: CallAnswer) -> None:
    recorded(line, story)

    def refuse(_sid: str) -> None:
        raise Unavailable("not now")

    delete, line.carrier.delete_recording = line.carrier.delete_recording, refuse  # type: ignore[method-assign]
    (answer,) = answers(line, story)
    with pytest.raises(Unavailable):
        fetch_recording(line.hotline, answer.id)
    line.carrier.delete_recording = delete  # type: ignore[method-assign]
    fetch_recording(line.hotline, answer.id)
    assert line.carrier.deleted == [SID]
    fetch_recording(line.hotline, answer.id)
    fetch_recording(line.hotline, "no-answer")
    assert line.carrier.deleted == [SID]


def test_refusal_while_a_recording_is_awaited_deletes_it_there(line: Line, story: CallAnswer) -> None:
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("my parcel", 1.0))
    line.tell(story, KeysPressed(keys="8", utterance=Utterance(recording_sid=SID, duration_s=1.0)))
    line.run_jobs()
    assert answers(line, story)[0].state is AnswerState.DESTROYED
    assert line.carrier.deleted == [SID]
    assert line.audio.files == {}


@pytest.mark.parametrize("what", ["refusal", "other worker"])
def test_a_job_that_comes_too_late_brings_nothing_back(line: Line, what: str) -> None:
    story = line.reach("ask_story")
    remedy = line.say(story, "my parcel")
    (answer,) = answers(line, story)
    put = line.audio.put

    def meanwhile(key: str, wav: bytes) -> None:
        line.audio.put = put  # type: ignore[method-assign]
        put(key, wav)
        if what == "refusal":
            line.tell(remedy, KeysPressed(keys="8"))
        else:
            store_answer_audio(line.hotline, answer.id)

    line.audio.put = meanwhile  # type: ignore[method-assign]
    store_answer_audio(line.hotline, answer.id)
    (kept,) = answers(line, story)
    assert kept.state is (AnswerState.DESTROYED if what == "refusal" else AnswerState.DONE)
    assert len(line.audio.files) == (0 if what == "refusal" else 1)
    assert line.spool.files == {}


@pytest.mark.parametrize(("state", "files"), [(AnswerState.DESTROYED, 0), (AnswerState.DONE, 1)])
def test_a_recording_destroyed_or_stored_by_another_while_it_was_fetched_is_not_asked_for_again(
    line: Line, state: AnswerState, files: int
) -> None:
    line.recognisers.limit = 0
    story = line.reach("ask_story")
    recorded(line, story)
    (answer,) = answers(line, story)

    class Meanwhile(FakeAudioStore):
        def put(self, key: str, wav: bytes) -> None:
            super().put(key, wav)
            _change(line, replace(answer, state=state))

    line.use(audio=Meanwhile())
    fetch_recording(line.hotline, answer.id)
    assert (len(line.audio.files), answers(line, story)[0].attempts) == (files, 0)


def test_what_was_given_up_stays_so_and_a_voice_that_came_in_time_is_not_given_up(line: Line) -> None:
    line.recognisers.limit = 0
    story = line.reach("ask_story")
    recorded(line, story)
    (answer,) = answers(line, story)
    _change(line, replace(answer, state=AnswerState.LOST))
    fetch_recording(line.hotline, answer.id)
    assert (line.audio.files, line.carrier.deleted) == ({}, [])
    _change(line, replace(answer, state=AnswerState.AWAITING_TRANSCRIPT))
    give_up(line.hotline, answer.id, why="its spool file is gone")
    assert answers(line, story)[0].state is AnswerState.AWAITING_TRANSCRIPT
    assert "audio_lost" not in line.verbs(story.call.ticket_id)


def _change(line: Line, answer: Answer) -> None:
    with line.work() as work:
        work.tickets.save_answer(answer)
        work.commit()


def test_a_delete_that_failed_after_refusal_is_made_good_by_later_sweeps(line: Line, story: CallAnswer) -> None:
    line.carrier.recordings[SID] = write_wav(line.recognisers.voice.says("my parcel", 1.0))
    line.tell(story, KeysPressed(keys="8", utterance=Utterance(recording_sid=SID, duration_s=1.0)))
    line.carrier.is_away = True
    with pytest.raises(Unavailable):
        line.run_jobs()
    for attempts in (1, 1, 2):
        run_due(line.hotline)
        assert answers(line, story)[0].attempts == attempts
        line.step(seconds=1)
    line.carrier.is_away = False
    line.step(minutes=1)
    line.sweep()
    line.sweep()
    (answer,) = answers(line, story)
    assert (answer.state, answer.recording_sid) == (AnswerState.DESTROYED, None)
    assert line.carrier.deleted == [SID]


def test_a_delete_that_failed_after_the_fetch_costs_the_words_no_try(line: Line, story: CallAnswer) -> None:
    recorded(line, story)
    (answer,) = answers(line, story)
    delete, line.carrier.delete_recording = line.carrier.delete_recording, _refuse  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        line.run_jobs()
    delete_left(line.hotline, answer.id)
    assert answers(line, story)[0].attempts == 0
    line.run_jobs()
    line.carrier.delete_recording = delete  # type: ignore[method-assign]
    line.step(minutes=1)
    line.sweep()
    (answer,) = answers(line, story)
    assert (answer.text, answer.recording_sid) == ("my parcel came broken", None)
    assert line.carrier.deleted == [SID]
    delete_left(line.hotline, answer.id)
    delete_left(line.hotline, "no-answer")
    assert line.carrier.deleted == [SID]


def _refuse(recording_sid: str) -> None:
    raise Unavailable(f"{recording_sid}: not now")


def test_the_talk_of_a_call_of_ours_is_fetched_too_and_leaves_the_carrier(line: Line, tmp_path: Path) -> None:
    with_callbacks(line, tmp_path / "policy", record_talks=True)
    call = ordered(line, a_case(line))
    answered(line, call)
    line.run_jobs()
    line.carrier.recordings[RE] = two_voices()
    over(line, call)
    talk = reported(line, call)
    assert (talk.state, talk.recording_sid, line.carrier.deleted) == (AnswerState.DONE, None, [RE])
    assert read_sides(line.audio.files[str(talk.audio_key)]) == (b"\x80" * 8000, b"\xff" * 8000)
