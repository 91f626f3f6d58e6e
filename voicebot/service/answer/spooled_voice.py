"""What a caller has said as far as anybody may know. It is kept as an answer, or lying in a spool that is not taken up
yet.

The one place that decides whether somebody has spoken. A voice in the spool counts, since a sweep makes it an answer
(call/orphaned_audio.py). So does a call that another machine heard and has not settled yet (folders.py), since nobody
here can see its disk. Who decides for good waits a while first (silent_call.py), so that both have become certain.
Knows: answers, names of spool files, which folder heard a call. Must not know: what follows from it.
Source: complaints.md S0-11.
"""

from datetime import datetime, timedelta

from voicebot.domain.call import Call
from voicebot.domain.consent import may_record
from voicebot.domain.ticket import AnswerState
from voicebot.flow.session import read_session
from voicebot.service.answer.keep import DEMAND_SLOT, MESSAGE_SLOT, STORY_SLOT, slot_of, spooled_names, turn_of_spool
from voicebot.service.call_context import CallContext
from voicebot.service.hotline import Context
from voicebot.service.ports import UnitOfWork

TOLD_IN = frozenset({STORY_SLOT, DEMAND_SLOT, MESSAGE_SLOT})
"""Slots of free speech, which say what a call is about."""


def has_spoken(context: CallContext) -> bool:
    """Tell whether a voice or words of the caller are kept, here or elsewhere, that say what it is about."""
    return has_answered(context) or may_have_spoken(context)


def has_answered(context: CallContext) -> bool:
    """Tell whether an answer is kept that says what it is about."""
    answers = context.work.tickets.answers(context.call.ticket_id)
    return any(answer.slot in TOLD_IN and answer.state is not AnswerState.DESTROYED for answer in answers)


def may_have_spoken(context: CallContext) -> bool:
    """Tell whether a voice that says what it is about lies in our spool, or may lie in another machine's."""
    work, call = context.work, context.call
    if not may_record(work.calls.consents(call.id)):
        return False
    names = spooled_names(context.hotline, call.id)
    if any(_tells_story(work, call.id, name) for name in names):
        return True
    return bool(work.folders.holders(call.id, but=context.hotline.spool.folder_id))


def may_voice_follow(context: Context, call_id: str) -> bool:
    """Tell whether a sweep, here or on another machine, may be about to take up voice of the call."""
    is_elsewhere = bool(context.work.folders.holders(call_id, but=context.hotline.spool.folder_id))
    return is_elsewhere or bool(spooled_names(context.hotline, call_id))


def _tells_story(work: UnitOfWork, call_id: str, name: str) -> bool:
    turn = work.calls.turn(call_id, turn_of_spool(name))
    if turn is None:
        return False
    session = read_session(turn.session)
    return session.listen is not None and session.listen.store_audio and slot_of(session) in TOLD_IN


ORPHAN_AFTER = timedelta(seconds=30)
"""Since the call's last sign of life."""


def last_sign_of(call: Call) -> datetime:
    """Return when the call last showed itself."""
    return max(at for at in (call.last_heard_at, call.ended_at, call.started_at) if at is not None)
