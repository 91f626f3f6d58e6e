"""Recordings that the carrier still holds. They are fetched where they are owed to a case, deleted where they are not.

Knows: answers, whose a recording is. Must not know: how the carrier lists.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from functools import partial

from voicebot.domain.call import CallStatus
from voicebot.domain.staff_call import StaffCallState
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.errors import Unavailable
from voicebot.service.answer.audio import fetch_recording
from voicebot.service.answer.keep import recorded_id
from voicebot.service.call.recording_callback import note_stray_recording
from voicebot.service.callback.talk import note_talk_recorded
from voicebot.service.hotline import Hotline
from voicebot.service.ports import ListedRecording


class RecordingResult(StrEnum):
    """What became of a recording found at the carrier."""

    STORED = "stored"
    """Its voice is with us now, and nothing is left there."""
    KEPT_THERE = "kept_there"
    """Its voice is with us now, the carrier's copy could not be deleted yet."""
    DELETED = "deleted"
    """Nothing of it was owed to a case (stored before, or refused), so it is deleted there."""
    LEFT = "left"
    """Not to be had yet, or its call goes on."""
    NO_CALL = "no_call"
    """We know nothing of its call."""
    FOREIGN = "foreign"
    """Somebody else's."""


_WITH_US = (AnswerState.AWAITING_TRANSCRIPT, AnswerState.DONE)


def take_home(hotline: Hotline, recording: ListedRecording) -> RecordingResult:
    """Bring one recording to where it belongs, by its answer or else by its call.

    Raises: Unavailable when the carrier fails on it.
    """
    answer = _answer_of(hotline, recording)
    if answer is None:
        return _take_stray(hotline, recording)
    if not recording.is_available:
        return RecordingResult.LEFT
    if answer.state is AnswerState.LOST:
        _find_again(hotline, answer, recording)
    was_with_us = answer.state in _WITH_US
    return _result(hotline, recording, lambda: fetch_recording(hotline, answer.id), was_with_us=was_with_us)


def _take_stray(hotline: Hotline, recording: ListedRecording) -> RecordingResult:
    """Give a recording without an answer to the last wait of its call, once that call is over."""
    with hotline.unit_of_work() as work:
        call = work.calls.by_carrier_id(recording.carrier_call_id)
        talk = work.staff_calls.by_carrier_id(recording.carrier_call_id)
    if talk is not None:
        is_live, note = talk.state is not StaffCallState.ENDED, partial(_note_talk, hotline, talk.id, recording)
    elif call is not None:
        is_live, note = call.status is CallStatus.LIVE, partial(_note_message, hotline, recording)
    else:
        return RecordingResult.NO_CALL
    if is_live or not (recording.is_available or recording.is_absent):
        return RecordingResult.LEFT
    if recording.is_absent:
        hotline.carrier.delete_recording(recording.recording_sid)
        return RecordingResult.DELETED
    return _result(hotline, recording, lambda: _note_and_fetch(hotline, recording, note), was_with_us=False)


def _note_talk(hotline: Hotline, call_id: str, recording: ListedRecording) -> None:
    note_talk_recorded(hotline, call_id, recording_sid=recording.recording_sid, is_available=True)


def _note_message(hotline: Hotline, recording: ListedRecording) -> None:
    note_stray_recording(
        hotline,
        recording.carrier_call_id,
        recording_sid=recording.recording_sid,
        is_available=True,
        length_s=recording.seconds,
    )


def _note_and_fetch(hotline: Hotline, recording: ListedRecording, note: Callable[[], None]) -> None:
    """Do at once what the note leaves to a job, for the books tell what came of it. Raises: Unavailable."""
    note()
    answer = _answer_of(hotline, recording)
    if answer is None:
        hotline.carrier.delete_recording(recording.recording_sid)
    else:
        fetch_recording(hotline, answer.id)


def _find_again(hotline: Hotline, answer: Answer, recording: ListedRecording) -> None:
    """Take up an answer that was given up as lost, because its voice is to be had after all. Raises: Unavailable."""
    hotline.carrier.download_recording(recording.recording_sid)
    with hotline.unit_of_work() as work:
        work.calls.lock(answer.call_id)
        known = work.tickets.answer(answer.id)
        if known is None or known.state is not AnswerState.LOST:
            return
        found = replace(known, state=AnswerState.AWAITING_RECORDING, recording_sid=recording.recording_sid)
        work.tickets.save_answer(found)
        work.commit()


def _result(
    hotline: Hotline, recording: ListedRecording, fetch: Callable[[], None], *, was_with_us: bool
) -> RecordingResult:
    """Fetch, then see what became of it, because the voice may be safe although deleting it there failed."""
    try:
        fetch()
    except Unavailable:
        answer = _answer_of(hotline, recording)
        if answer is None or was_with_us or answer.state not in _WITH_US:
            raise
        return RecordingResult.KEPT_THERE
    return _delete_what_is_left(hotline, recording, was_with_us=was_with_us)


def _delete_what_is_left(hotline: Hotline, recording: ListedRecording, *, was_with_us: bool) -> RecordingResult:
    """Look where the voice is now. Delete the carrier's copy of one that we believed deleted there."""
    answer = _answer_of(hotline, recording)
    if answer is None:
        return RecordingResult.DELETED
    if answer.state in (AnswerState.AWAITING_RECORDING, AnswerState.SPOOLED, AnswerState.LOST):
        raise Unavailable("a recording that the carrier lists as whole cannot be had there")
    if was_with_us or answer.state not in _WITH_US:
        hotline.carrier.delete_recording(recording.recording_sid)
        return RecordingResult.DELETED
    return RecordingResult.STORED


def _answer_of(hotline: Hotline, recording: ListedRecording) -> Answer | None:
    with hotline.unit_of_work() as work:
        return work.tickets.answer(recorded_id(recording.recording_sid))
