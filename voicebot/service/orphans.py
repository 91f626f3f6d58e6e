"""Spool files that a crash left behind, made answers again: what a caller said is never lost with a process.

A file is an orphan when its call is over, or has gone on to a later turn, and no answer speaks of the file; and
only after call and file have been silent for a while, since somebody may still be writing or storing its turn: a
decoder that lags behind may write long after the call is over.
Knows: names of spool files, turns. Must not know: audio formats, who crashed.
"""

import re
from datetime import timedelta

from voicebot.domain.call import Call, CallStatus
from voicebot.domain.ticket import AnswerState, HistoryEntry
from voicebot.domain.utterance import Utterance
from voicebot.flow.events import FinishedBy, UtteranceHeard
from voicebot.flow.session import FlowSession
from voicebot.service.answer import keep_utterance
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork
from voicebot.service.turn import scene_of
from voicebot.speech.audio import duration_s

ORPHAN_AFTER = timedelta(seconds=30)
"""Since the call's last sign of life."""

_DONE_WITH_VOICE = frozenset(
    {AnswerState.DONE, AnswerState.AWAITING_TRANSCRIPT, AnswerState.DESTROYED, AnswerState.NOT_STORED}
)
"""States in which an answer's own voice has left the spool for good."""

_NAME = re.compile(r"(?P<call_id>.+)-(?P<turn>\d+)\.ulaw")


def orphan_names(hotline: Hotline) -> tuple[str, ...]:
    """Return the spool files that are orphans now."""
    names = tuple(hotline.spool.names())
    if not names:
        return ()
    with hotline.unit_of_work() as work:
        return tuple(name for name in names if _orphaned_by(hotline, work, name) is not None)


def take_up_orphan(hotline: Hotline, name: str) -> None:
    """Make an answer of a spool file that is still an orphan; what may not be kept is deleted."""
    with hotline.unit_of_work() as work:
        call = _orphaned_by(hotline, work, name)
        turn_number = _turn_of(name)
        turn = None if call is None else work.calls.turn(call.id, turn_number)
        if call is None or turn is None:
            return
        if work.tickets.answer_of_turn(call.id, turn_number) is not None:
            # The turn was answered once and that voice is safe or destroyed: a repeat adds nothing.
            hotline.spool.delete(name)
            return
        utterance = Utterance(spool_name=name, duration_s=duration_s(hotline.spool.read(name)))
        event = UtteranceHeard(utterance=utterance, finished_by=FinishedBy.SILENCE)
        session = FlowSession.model_validate_json(turn.session)
        keep_utterance(scene_of(hotline, work, call), session, event, turn_number=turn_number)
        entry = HistoryEntry(ticket_id=call.ticket_id, at=hotline.clock.now(), actor="worker", verb="orphan_taken_up")
        work.tickets.note(entry)
        work.commit()


def _orphaned_by(hotline: Hotline, work: UnitOfWork, name: str) -> Call | None:
    """Return the call that a file is an orphan of, locked; None when it is none (yet), or not one of our files."""
    match = _NAME.fullmatch(name)
    call = None if match is None else work.calls.lock(match["call_id"])
    if call is None:
        return None
    number = _turn_of(name)
    is_left = call.status is CallStatus.ENDED or call.turn_number > number
    last_sign = max(at for at in (call.last_heard_at, call.ended_at, call.started_at) if at is not None)
    now, written_at = hotline.clock.now(), hotline.spool.written_at(name)
    # A file of the future was written before the clock was set back: it says nothing.
    is_fresh = written_at is not None and timedelta(0) <= now - written_at < ORPHAN_AFTER
    is_silent = now - last_sign >= ORPHAN_AFTER and not is_fresh
    answer = work.tickets.answer_of_turn(call.id, number)
    is_awaited = answer is not None and answer.state not in _DONE_WITH_VOICE
    return call if is_left and is_silent and not is_awaited else None


def _turn_of(name: str) -> int:
    match = _NAME.fullmatch(name)
    if match is None:
        raise AssertionError("asked only of names that fit")
    return int(match["turn"])
