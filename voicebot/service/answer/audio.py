"""Takes voices to safety. They go from the spool or the carrier into the audio store.

Each action may run twice or die half-way. The file goes to its place first, then the row says so, then the other
copy goes. Rows change only under the lock of their call, so a late job never brings back what was destroyed.
Knows: answers, audio formats. Must not know: who made the audio, when jobs run.
Source: downloads by sid only, checked before the carrier's copy is deleted: twilio.md 1.9.
"""

from dataclasses import replace
from datetime import timedelta

from voicebot.domain.back_off import back_off
from voicebot.domain.call import Call
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.errors import Unavailable
from voicebot.service.answer.folders import is_another_known
from voicebot.service.answer.keep import TALK_SLOT, audio_key_of
from voicebot.service.history import Verb, mark_answer, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.job_names import TRANSCRIBE
from voicebot.service.ports import UnitOfWork
from voicebot.speech.audio import duration_s, read_sides, read_wav, write_wav

FIRST_PATIENCE = timedelta(seconds=2)
LONGEST_PATIENCE = timedelta(minutes=10)
RECORDING_LOST_AFTER = timedelta(days=3)
"""A recording that cannot be had for so long is given up. The history says so."""

MOST_LOOKS_UNNAMED = 18
"""Looks, about two hours of them, for the file of an answer from a version that named no folder."""

MOST_TRIES_TOLD = 10
"""Tries that leave an event. An outage of days must not fill a case's life."""

STILL_AT_WORK = (AnswerState.AWAITING_RECORDING, AnswerState.AWAITING_TRANSCRIPT, AnswerState.LOST)
"""Answers whose copy at the carrier is not for a sweep to delete.

They are not fetched yet, still being tried for words, or lost.
"""


def store_answer_audio(hotline: Hotline, answer_id: str) -> None:
    """Move an answer's voice from the spool into the audio store. Words are made next where there are none.

    What lies in another machine's folder is left to that machine, since its absence here does not make it lost.
    """
    answer = answer_of(hotline, answer_id)
    if answer is None or answer.spool_name is None or answer.state is not AnswerState.SPOOLED:
        return
    if answer.spool_folder not in (None, hotline.spool.folder_id):
        return
    mulaw = _spooled(hotline, answer)
    if mulaw is None:
        _settle_missing(hotline, answer)
        return
    if _place(hotline, answer, mulaw):
        hotline.spool.delete(answer.spool_name)


def _settle_missing(hotline: Hotline, answer: Answer) -> None:
    """Give up a voice that should lie here and does not. One whose folder nobody named may lie with another machine.

    Where no other machine ever showed itself there is none to wait for, but it may still have to start after us.
    """
    if answer.spool_folder is None and (answer.attempts < MOST_LOOKS_UNNAMED or is_another_known(hotline)):
        put_off(hotline, answer.id)
        return
    give_up(hotline, answer.id, why="its spool file is gone")


def fetch_recording(hotline: Hotline, answer_id: str) -> None:
    """Fetch, check and store the carrier's recording, then delete it there. One that is not ready is put off."""
    answer = answer_of(hotline, answer_id)
    if answer is None or answer.recording_sid is None:
        return
    if answer.state is AnswerState.AWAITING_RECORDING:
        _fetch(hotline, answer, answer.recording_sid)
    elif answer.state is not AnswerState.LOST:
        _delete_there(hotline, answer)


def delete_left(hotline: Hotline, answer_id: str) -> None:
    """Delete what is left at the carrier of an answer that is done with. A delete that fails is put off."""
    answer = answer_of(hotline, answer_id)
    if answer is None or answer.recording_sid is None or answer.state in STILL_AT_WORK:
        return
    try:
        _delete_there(hotline, answer)
    except Unavailable:
        put_off(hotline, answer_id)


def delete_stray(hotline: Hotline, recording_sid: str) -> None:
    """Delete a recording at the carrier that belongs to no answer.

    Raises: Unavailable, and reconciling finds it again later.
    """
    hotline.carrier.delete_recording(recording_sid)


# --- spool and carrier -------------------------------------------------------------------------------------


def _spooled(hotline: Hotline, answer: Answer) -> bytes | None:
    """Return the spooled voice, or the stored one after a crash between storing and noting it."""
    assert answer.spool_name is not None
    if answer.spool_name in hotline.spool.names():
        return hotline.spool.read(answer.spool_name)
    key = audio_key_of(answer)
    return read_wav(hotline.audio.get(key)) if hotline.audio.exists(key) else None


def _fetch(hotline: Hotline, answer: Answer, recording_sid: str) -> None:
    try:
        sides = _sides(answer, hotline.carrier.download_recording(recording_sid))
    except (Unavailable, ValueError):
        sides = ()
    is_there = any(sides)
    if is_there and _place(hotline, answer, *sides):
        _delete_there(hotline, answer)
    elif hotline.clock.now() - answer.at > RECORDING_LOST_AFTER:
        give_up(hotline, answer.id, why="the carrier's recording could not be had")
    elif not is_there:
        put_off(hotline, answer.id)


def _sides(answer: Answer, wav: bytes) -> tuple[bytes, ...]:
    """Return the voices of a recording: one, or the two of a talk. Raises: ValueError when it is no such file."""
    return read_sides(wav) if answer.slot == TALK_SLOT else (read_wav(wav),)


def _place(hotline: Hotline, answer: Answer, *sides: bytes) -> bool:
    """Store the voice and say so on the answer. Gives False, and leaves nothing, when it was destroyed meanwhile."""
    key = audio_key_of(answer)
    hotline.audio.put(key, write_wav(*sides))
    with hotline.unit_of_work() as work:
        _lock_call(work, answer)
        known = work.tickets.answer(answer.id)
        assert known is not None, "answers are never deleted"
        if known.state is AnswerState.DESTROYED:
            hotline.audio.delete(key)
            return True
        if known.state not in (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING):
            return False
        needs_words = not known.text and known.slot != TALK_SLOT
        state = AnswerState.AWAITING_TRANSCRIPT if needs_words else AnswerState.DONE
        placed = replace(
            known,
            audio_key=key,
            duration_s=duration_s(sides[0]),
            state=state,
            not_before=None,
            attempts=0,
            spool_name=None,
        )
        work.tickets.save_answer(placed)
        if state is AnswerState.AWAITING_TRANSCRIPT:
            work.jobs.enqueue(TRANSCRIBE, answer.id)
        now, detail = context_of(hotline, work).now, f"{placed.slot}, {placed.duration_s:.1f} s"
        mark_answer(work, placed, now, what="voice_stored", detail=detail)
        work.commit()
    return True


def _delete_there(hotline: Hotline, answer: Answer) -> None:
    """Delete the carrier's copy. While that fails the sid stays on the answer, and the next look tries again."""
    assert answer.recording_sid is not None
    hotline.carrier.delete_recording(answer.recording_sid)
    with hotline.unit_of_work() as work:
        _lock_call(work, answer)
        known = work.tickets.answer(answer.id)
        assert known is not None, "answers are never deleted"
        work.tickets.save_answer(replace(known, recording_sid=None))
        mark_answer(work, known, context_of(hotline, work).now, what="recording_deleted_there", detail=known.slot)
        work.commit()


def _lock_call(work: UnitOfWork, answer: Answer) -> None:
    """Hold the call of an answer, one to the hotline or one of ours, until the transaction ends."""
    if work.calls.lock(answer.call_id) is None:
        work.staff_calls.lock(answer.call_id)


def put_off(hotline: Hotline, answer_id: str) -> None:
    """Count a try. The next one waits, twice as long each time."""
    with hotline.unit_of_work() as work:
        answer, now = work.tickets.answer(answer_id), context_of(hotline, work).now
        assert answer is not None, "answers are never deleted"
        if answer.attempts < MOST_TRIES_TOLD:
            mark_answer(
                work,
                answer,
                now,
                what="tried",
                detail=f"{answer.slot}, {answer.state}, try {answer.attempts + 1}",
            )
        patience = back_off(answer.attempts + 1, first=FIRST_PATIENCE, longest=LONGEST_PATIENCE)
        work.tickets.save_answer(replace(answer, attempts=answer.attempts + 1, not_before=now + patience))
        work.commit()


def give_up(hotline: Hotline, answer_id: str, *, why: str) -> None:
    """Settle an answer whose voice cannot be had. The history says why. One that has its voice stays."""
    with hotline.unit_of_work() as work:
        answer = work.tickets.answer(answer_id)
        assert answer is not None, "answers are never deleted"
        if answer.state in (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING):
            work.tickets.save_answer(replace(answer, state=AnswerState.LOST))
            note_case(
                work,
                answer.ticket_id,
                Verb.AUDIO_LOST,
                at=context_of(hotline, work).now,
                actor="worker",
                after=f"{answer.slot}: {why}",
            )
        work.commit()


def answer_of(hotline: Hotline, answer_id: str) -> Answer | None:
    with hotline.unit_of_work() as work:
        return work.tickets.answer(answer_id)


def call_of(hotline: Hotline, answer: Answer) -> Call | None:
    with hotline.unit_of_work() as work:
        return work.calls.get(answer.call_id)
