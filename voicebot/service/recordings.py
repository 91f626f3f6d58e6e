"""Voice into safety and into words: spool or carrier to the audio store, then to a transcript.

Each deed may run twice or die half-way: the file goes to its place first, then the row says so, then the other
copy goes. Rows change only under the lock of their call, so a late job never brings back what was destroyed.
Knows: answers, audio formats, an offline recogniser. Must not know: who made the audio, when jobs run.
Source: downloads by sid only, checked before the carrier's copy is deleted: twilio.md 1.9.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from voicebot.domain.call import Call
from voicebot.domain.call_event import CallEvent, Part
from voicebot.domain.ticket import Answer, AnswerState, HistoryEntry
from voicebot.domain.utterance import Hypothesis, Word
from voicebot.errors import Unavailable
from voicebot.service.answer import WORDS, audio_key_of, retell
from voicebot.service.folders import is_another_known
from voicebot.service.hotline import Hotline
from voicebot.service.job_names import TRANSCRIBE
from voicebot.service.ports import Recogniser, UnitOfWork
from voicebot.speech.audio import decode_mulaw, duration_s, pcm_bytes, read_wav, write_wav

FIRST_PATIENCE = timedelta(seconds=2)
LONGEST_PATIENCE = timedelta(minutes=10)
RECORDING_LOST_AFTER = timedelta(days=3)
"""A recording that cannot be had for so long is given up; the history says so."""

MOST_TRANSCRIPTIONS = 5
"""Tries before an answer stays without words; its voice is there, and a person listens."""

MOST_LOOKS_UNNAMED = 18
"""Looks, about two hours of them, for the file of an answer from a version that named no folder."""

MOST_TRIES_TOLD = 10
"""Tries that leave an event; an outage of days must not fill a case's life."""

STILL_AT_WORK = (AnswerState.AWAITING_RECORDING, AnswerState.AWAITING_TRANSCRIPT, AnswerState.LOST)
"""Answers whose copy at the carrier is not for a sweep to delete: not fetched yet, tries counted for words, or lost."""

PIECE_BYTES = 8_000
"""Audio is given to the recogniser half a second at a time (16-bit PCM)."""


def store_answer_audio(hotline: Hotline, answer_id: str) -> None:
    """Move an answer's voice from the spool into the audio store; words are made next where there are none.

    What lies in another machine's folder is left to that machine: that it is not here does not make it lost.
    """
    answer = _answer(hotline, answer_id)
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
    """Give up a voice that should lie here and does not; one whose folder nobody named may lie with another machine.

    Where no other machine ever showed itself there is none to wait for, but it may still have to start after us.
    """
    if answer.spool_folder is None and (answer.attempts < MOST_LOOKS_UNNAMED or is_another_known(hotline)):
        _put_off(hotline, answer.id)
        return
    give_up(hotline, answer.id, why="its spool file is gone")


def fetch_recording(hotline: Hotline, answer_id: str) -> None:
    """Fetch, check and store the carrier's recording, then delete it there; not ready yet: put off."""
    answer = _answer(hotline, answer_id)
    if answer is None or answer.recording_sid is None:
        return
    if answer.state is AnswerState.AWAITING_RECORDING:
        _fetch(hotline, answer, answer.recording_sid)
    elif answer.state is not AnswerState.LOST:
        _delete_there(hotline, answer)


def delete_left(hotline: Hotline, answer_id: str) -> None:
    """Delete what is left at the carrier of an answer that is done with; a delete that fails is put off."""
    answer = _answer(hotline, answer_id)
    if answer is None or answer.recording_sid is None or answer.state in STILL_AT_WORK:
        return
    try:
        _delete_there(hotline, answer)
    except Unavailable:
        _put_off(hotline, answer_id)


def delete_stray(hotline: Hotline, recording_sid: str) -> None:
    """Delete a recording at the carrier that belongs to no answer. Raises: Unavailable; reconciling finds it again."""
    hotline.carrier.delete_recording(recording_sid)


def transcribe(hotline: Hotline, answer_id: str) -> None:
    """Make words with times from an answer's stored voice, by an open vocabulary.

    The try is counted before it begins: audio that kills the process is not met at every start for ever.
    Raises: Unavailable when engine or audio store fail; a later sweep tries again.
    """
    answer = _answer(hotline, answer_id)
    if answer is None or answer.state is not AnswerState.AWAITING_TRANSCRIPT or answer.audio_key is None:
        return
    call = _call(hotline, answer)
    locale = "" if call is None else call.locale
    if not hotline.recognisers.supports(locale):
        _keep_words(hotline, answer_id, (), why="nothing here understands this language")
    elif answer.attempts >= MOST_TRANSCRIPTIONS:
        _keep_words(hotline, answer_id, (), why="the recogniser failed on it again and again")
    else:
        _put_off(hotline, answer_id)
        mulaw = read_wav(hotline.audio.get(answer.audio_key))
        _keep_words(hotline, answer_id, _words_of(hotline.recognisers.make(locale, None), mulaw))


# --- spool and carrier -------------------------------------------------------------------------------------


def _spooled(hotline: Hotline, answer: Answer) -> bytes | None:
    """Return the spooled voice; after a crash between storing and noting it, the stored one."""
    assert answer.spool_name is not None
    if answer.spool_name in hotline.spool.names():
        return hotline.spool.read(answer.spool_name)
    key = audio_key_of(answer)
    return read_wav(hotline.audio.get(key)) if hotline.audio.exists(key) else None


def _fetch(hotline: Hotline, answer: Answer, recording_sid: str) -> None:
    try:
        mulaw = read_wav(hotline.carrier.download_recording(recording_sid))
    except (Unavailable, ValueError):
        mulaw = b""
    if mulaw and _place(hotline, answer, mulaw):
        _delete_there(hotline, answer)
    elif hotline.clock.now() - answer.at > RECORDING_LOST_AFTER:
        give_up(hotline, answer.id, why="the carrier's recording could not be had")
    elif not mulaw:
        _put_off(hotline, answer.id)


def _place(hotline: Hotline, answer: Answer, mulaw: bytes) -> bool:
    """Store the voice and say so on the answer; False, leaving nothing, when it was destroyed meanwhile."""
    key = audio_key_of(answer)
    hotline.audio.put(key, write_wav(mulaw))
    with hotline.unit_of_work() as work:
        work.calls.lock(answer.call_id)
        known = work.tickets.answer(answer.id)
        assert known is not None, "answers are never deleted"
        if known.state is AnswerState.DESTROYED:
            hotline.audio.delete(key)
            return True
        if known.state not in (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING):
            return False
        state = AnswerState.DONE if known.text else AnswerState.AWAITING_TRANSCRIPT
        placed = replace(
            known,
            audio_key=key,
            duration_s=duration_s(mulaw),
            state=state,
            not_before=None,
            attempts=0,
            spool_name=None,
        )
        work.tickets.save_answer(placed)
        if state is AnswerState.AWAITING_TRANSCRIPT:
            work.jobs.enqueue(TRANSCRIBE, answer.id)
        _mark(hotline, work, placed, what="voice_stored", detail=f"{placed.slot}, {placed.duration_s:.1f} s")
        work.commit()
    return True


def _delete_there(hotline: Hotline, answer: Answer) -> None:
    """Delete the carrier's copy; while that fails the sid stays on the answer, and the next look tries again."""
    assert answer.recording_sid is not None
    hotline.carrier.delete_recording(answer.recording_sid)
    with hotline.unit_of_work() as work:
        work.calls.lock(answer.call_id)
        known = work.tickets.answer(answer.id)
        assert known is not None, "answers are never deleted"
        work.tickets.save_answer(replace(known, recording_sid=None))
        _mark(hotline, work, known, what="recording_deleted_there", detail=known.slot)
        work.commit()


def _put_off(hotline: Hotline, answer_id: str) -> None:
    """Count a try; no other one before a while, twice as long each time."""
    with hotline.unit_of_work() as work:
        answer, now = work.tickets.answer(answer_id), hotline.clock.now()
        assert answer is not None, "answers are never deleted"
        if answer.attempts < MOST_TRIES_TOLD:
            _mark(
                hotline, work, answer, what="tried", detail=f"{answer.slot}, {answer.state}, try {answer.attempts + 1}"
            )
        patience = min(FIRST_PATIENCE * (1 << min(answer.attempts, 20)), LONGEST_PATIENCE)
        work.tickets.save_answer(replace(answer, attempts=answer.attempts + 1, not_before=now + patience))
        work.commit()


def give_up(hotline: Hotline, answer_id: str, *, why: str) -> None:
    """Settle an answer whose voice cannot be had; the history says why. One that has its voice stays."""
    with hotline.unit_of_work() as work:
        answer = work.tickets.answer(answer_id)
        assert answer is not None, "answers are never deleted"
        if answer.state in (AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING):
            work.tickets.save_answer(replace(answer, state=AnswerState.LOST))
            _note(work, answer.ticket_id, at=hotline.clock.now(), verb="audio_lost", after=f"{answer.slot}: {why}")
        work.commit()


# --- words -------------------------------------------------------------------------------------------------


def _words_of(recogniser: Recogniser, mulaw: bytes) -> tuple[Word, ...]:
    pcm = pcm_bytes(decode_mulaw(mulaw))
    segments: list[Hypothesis | None] = []
    for start in range(0, len(pcm), PIECE_BYTES):
        segments.append(recogniser.accept(pcm[start : start + PIECE_BYTES]))
    segments.append(recogniser.finish())
    return tuple(word for segment in segments if segment is not None for word in segment.words)


def _keep_words(hotline: Hotline, answer_id: str, words: tuple[Word, ...], *, why: str = "") -> None:
    """Keep the words, or settle without any and say in the history why."""
    with hotline.unit_of_work() as work:
        known = work.tickets.answer(answer_id)
        assert known is not None, "answers are never deleted"
        work.calls.lock(known.call_id)
        answer = work.tickets.answer(answer_id)
        if answer is None or answer.state is not AnswerState.AWAITING_TRANSCRIPT:
            return
        text = " ".join(word.text for word in words)
        words_json = WORDS.dump_json(words).decode()
        work.tickets.save_answer(replace(answer, text=text, words_json=words_json, state=AnswerState.DONE))
        retell(work, answer.ticket_id)
        _mark(hotline, work, answer, what="words_made", detail=f"{answer.slot}, {len(words)} words")
        if why:
            at = hotline.clock.now()
            _note(work, answer.ticket_id, at=at, verb="transcript_missing", after=f"{answer.slot}: {why}")
        work.commit()


def _mark(hotline: Hotline, work: UnitOfWork, answer: Answer, *, what: str, detail: str) -> None:
    """Write an event of the answer's call; a written answer names a text there instead, and has none of these."""
    event = CallEvent(
        ticket_id=answer.ticket_id,
        call_id=answer.call_id,
        at=hotline.clock.now(),
        part=Part.WORKER,
        what=what,
        detail=detail,
    )
    work.events.add(event)


def _answer(hotline: Hotline, answer_id: str) -> Answer | None:
    with hotline.unit_of_work() as work:
        return work.tickets.answer(answer_id)


def _call(hotline: Hotline, answer: Answer) -> Call | None:
    with hotline.unit_of_work() as work:
        return work.calls.get(answer.call_id)


def _note(work: UnitOfWork, ticket_id: str, *, at: datetime, verb: str, after: str = "") -> None:
    work.tickets.note(HistoryEntry(ticket_id=ticket_id, at=at, actor="worker", verb=verb, after=after))
