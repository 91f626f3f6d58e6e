"""Spool files that a crash left behind, made answers again. What a caller said is never lost with a process.

A file is an orphan when its call is over, or has gone on to a later turn, and no answer speaks of the file, and only
after call and file have been silent for a while, since somebody may still be writing or storing its turn. A decoder
that lags behind may write long after the call is over. A file that was brought here from another machine is an orphan,
too. The answer that named the other folder goes on from here.
Knows: names of spool files, turns. Must not know: audio formats, who crashed.
"""

import re
from dataclasses import replace
from datetime import timedelta

from voicebot.domain.call import Call, CallStatus, Turn
from voicebot.domain.consent import may_record
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import FinishedBy, UtteranceHeard
from voicebot.flow.session import read_session
from voicebot.service.answer.keep import BESIDE_TURNS, keep_message, keep_utterance, turn_of_spool
from voicebot.service.answer.spooled_voice import ORPHAN_AFTER, last_sign_of
from voicebot.service.call.aftermath import answer_late_words
from voicebot.service.call_context import CallContext, call_context_of
from voicebot.service.history import Verb
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.job_names import STORE_AUDIO
from voicebot.service.ports import UnitOfWork
from voicebot.speech.audio import duration_s, read_wav

_ON_ITS_WAY = frozenset({AnswerState.SPOOLED, AnswerState.AWAITING_RECORDING})
"""States in which nobody knows yet what voice the answer will have."""

_NAME = re.compile(r"(?P<call_id>.+)-(?P<turn>\d+)\.ulaw")


def orphan_names(hotline: Hotline) -> tuple[str, ...]:
    """Return the spool files that are orphans now."""
    names = tuple(hotline.spool.names())
    if not names:
        return ()
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        return tuple(name for name in names if _orphaned_by(context, name) is not None)


def take_up_orphan(hotline: Hotline, name: str) -> None:
    """Make an answer of a spool file that is still an orphan. What may not be kept is deleted."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        call = _orphaned_by(context, name)
        turn = None if call is None else work.calls.turn(call.id, turn_of_spool(name))
        if call is None or turn is None:
            return
        in_call, answer = call_context_of(context, call), work.tickets.answer_of_turn(call.id, turn.number)
        if work.folders.is_erasure_asked(call.id, hotline.spool.folder_id):
            hotline.spool.delete(name)
            return
        if answer is None:
            _keep(in_call, turn, name)
        elif _is_brought_here(answer, name):
            _take_over(in_call, answer)
        work.commit()
    if answer is not None and answer.state not in _ON_ITS_WAY and not _is_brought_here(answer, name):
        _settle_repeat(hotline, answer, name)


def _keep(context: CallContext, turn: Turn, name: str) -> None:
    event = UtteranceHeard(utterance=_utterance(context.hotline, name), finished_by=FinishedBy.SILENCE)
    session = read_session(turn.session)
    keep_utterance(context, session, event, turn_number=turn.number)
    context.note(Verb.ORPHAN_TAKEN_UP, actor="worker")
    answer_late_words(context)


def _is_brought_here(answer: Answer, name: str) -> bool:
    """Tell whether the answer's voice was in another folder, or was given up with it, and its file lies here now."""
    return answer.spool_name == name and answer.state in (AnswerState.SPOOLED, AnswerState.LOST)


def _take_over(context: CallContext, answer: Answer) -> None:
    """Let this folder carry the voice further."""
    here = replace(answer, spool_folder=context.hotline.spool.folder_id, state=AnswerState.SPOOLED, not_before=None)
    context.work.tickets.save_answer(here)
    context.work.jobs.enqueue(STORE_AUDIO, here.id)
    context.note(Verb.VOICE_BROUGHT_HERE, actor="worker", after=f"{here.slot}: from another data folder")


def _settle_repeat(hotline: Hotline, answer: Answer, name: str) -> None:
    """Delete the voice of a turn that has its answer, if that voice is safe or destroyed, else keep it beside the turn.

    The answer may be another voice, for instance a recording that reached another machine first.
    """
    if not _is_another_voice(hotline, answer, name):
        hotline.spool.delete(name)
        return
    with hotline.unit_of_work() as work:
        call = work.calls.lock(answer.call_id)
        assert call is not None, "calls are never deleted"
        if may_record(work.calls.consents(call.id)):
            _keep_beside(call_context_of(context_of(hotline, work), call), answer, name)
            work.commit()
            return
    hotline.spool.delete(name)


def _is_another_voice(hotline: Hotline, answer: Answer, name: str) -> bool:
    if answer.state is AnswerState.LOST:
        return True
    is_kept = answer.audio_key is not None and answer.state is not AnswerState.DESTROYED
    return is_kept and read_wav(hotline.audio.get(answer.audio_key or "")) != hotline.spool.read(name)


def _keep_beside(context: CallContext, answer: Answer, name: str) -> None:
    keep_message(context, _utterance(context.hotline, name), turn_number=BESIDE_TURNS)
    context.note(Verb.ORPHAN_TAKEN_UP, actor="worker", after=f"beside another voice of {answer.slot}")
    answer_late_words(context)


def _utterance(hotline: Hotline, name: str) -> Utterance:
    return Utterance(spool_name=name, duration_s=duration_s(hotline.spool.read(name)))


def _orphaned_by(context: Context, name: str) -> Call | None:
    """Return the call that a file is an orphan of, locked, or None when it is none (yet), or not one of our files."""
    match = _NAME.fullmatch(name)
    call = None if match is None else context.work.calls.lock(match["call_id"])
    if call is None:
        return None
    number = turn_of_spool(name)
    is_left = call.status is CallStatus.ENDED or call.turn_number > number
    now, written_at = context.now, context.hotline.spool.written_at(name)
    # A file of the future was written before the clock was set back: it says nothing.
    is_fresh = written_at is not None and timedelta(0) <= now - written_at < ORPHAN_AFTER
    is_silent = now - last_sign_of(call) >= ORPHAN_AFTER and not is_fresh
    if not (is_left and is_silent) or _is_named(context.work, call, name, own=context.hotline.spool.folder_id):
        return None
    answer = context.work.tickets.answer_of_turn(call.id, number)
    is_awaited = answer is not None and answer.state in _ON_ITS_WAY and not _is_brought_here(answer, name)
    return None if is_awaited else call


def _is_named(work: UnitOfWork, call: Call, name: str, *, own: str) -> bool:
    """Tell whether an answer names this file as lying here, so that another sweep carries it further."""
    return any(
        answer.spool_name == name and answer.state is AnswerState.SPOOLED and answer.spool_folder in (None, own)
        for answer in work.tickets.answers(call.ticket_id)
    )
