"""Calls without a word from a number that is owed a call already. They join the case that stands.

Who rings and cannot speak rings again, and who pumps calls rings a hundred times. Both have one case, one promise, one
text. The end of a call may be known before its last words are, so such a call first waits a little. With words it keeps
its own case. Which case it joins stands in ticket/joining.py. A case that holds more than its call (a text, a note of
staff, another call) joins nothing either. A call whose voice may still lie in a spool, after a crash or on another
machine, waits as well, whatever it joins then, because "we could not hear you" is said only when it is sure that there
is nothing to hear.
Knows: what a call without a word is, when it joins a case. Must not know: who noticed the end, texts' words.
Source: complaints.md S0-11; twilio.md 1.12; the case number of a merged case stays an alias (architecture.md 1).
"""

from datetime import timedelta

from voicebot.domain.call import Call, Turn
from voicebot.domain.ticket import Ticket
from voicebot.service.answer.spooled_voice import may_voice_follow
from voicebot.service.call.aftermath import follow_up_call, is_on_the_line, is_voice_awaited, is_without_words
from voicebot.service.call.repeat_end import leave_follow_up
from voicebot.service.call_context import CallContext, call_context_of
from voicebot.service.history import Verb
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.purpose import TextKind, kind_of
from voicebot.service.staff.decision import actions_of
from voicebot.service.ticket.call_joining import join_call
from voicebot.service.ticket.hand_over import cover_absent_owner
from voicebot.service.ticket.joining import owing_case

WORDS_SETTLED_AFTER = timedelta(seconds=35)
"""By then words behind the recogniser have come, and an orphaned spool file is about to be taken up
(orphaned_audio.py).
"""

VOICE_WAITED_FOR = timedelta(minutes=5)
"""A spool file of the call that nobody takes up for so long is none of an answer."""


def end_without_words(context: CallContext, last: Turn) -> bool:
    """Let a call that seems without a word wait, if there is a case to join or a voice that may follow.

    False when it is to be left as it is.
    """
    if not is_voice_awaited(context, last) and _case_to_join(context, last) is None:
        return False
    context.work.limits.add_silent(context.call.id, context.now + WORDS_SETTLED_AFTER)
    return True


def due_silent_calls(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of calls without a word whose wait is over."""
    return tuple(context.work.limits.silent_due(context.now, limit))


def settle_silent_call(hotline: Hotline, call_id: str) -> None:
    """Join the call to the case that stands. If words came, or nothing is owed any more, leave what any call leaves."""
    with hotline.unit_of_work() as work:
        call = work.calls.lock(call_id)
        context = context_of(hotline, work)
        if call is None or _voice_may_follow(context, call) or not work.limits.end_silent(call_id):
            return
        in_call = call_context_of(context, call)
        last = work.calls.turn(call.id, call.turn_number)
        assert last is not None, "an answered call has a turn"
        older = _case_to_join(in_call, last)
        if older is None:
            # Another call of theirs may have been joined to this case meanwhile, and has left all that a call leaves.
            if not _was_texted_since(in_call):
                leave_follow_up(in_call, last)
        else:
            _leave_promise(join_call(in_call, older, Verb.SILENT_CALL_JOINED), last)
            cover_absent_owner(context, ticket_of(work, older.id))
        work.commit()


def _was_texted_since(context: CallContext) -> bool:
    """Tell whether a text about the end of a call of this case was written since this call ended."""
    texts, ended_at = context.work.sms.of_ticket(context.call.ticket_id), context.call.ended_at
    ends = (sms for sms in texts if kind_of(sms) is TextKind.CALL_END)
    return ended_at is not None and any(sms.created_at >= ended_at for sms in ends)


def _voice_may_follow(context: Context, call: Call) -> bool:
    """Tell whether voice of this call lies in a spool, which a sweep is about to take up."""
    assert call.ended_at is not None, "only calls that are over wait"
    is_recent = context.now - call.ended_at < VOICE_WAITED_FOR
    return is_recent and may_voice_follow(context, call.id)


def _case_to_join(context: CallContext, last: Turn) -> Ticket | None:
    if not _is_all_there_is(context, last):
        return None
    older = owing_case(context, context.ticket())
    # Asked again: a text may have come to the call's own case before the number was held.
    return older if older is not None and _is_all_there_is(context, last) else None


def _is_all_there_is(context: CallContext, last: Turn) -> bool:
    """Tell whether a call without a word is all that its case holds, because a merge would hide anything else."""
    ticket_id, work = context.call.ticket_id, context.work
    if any(call.id != context.call.id for call in work.calls.of_ticket(ticket_id)):
        return False
    return not actions_of(work.tickets.history(ticket_id)) and is_without_words(context, last)


def _leave_promise(joined: CallContext, last: Turn) -> None:
    """Make up for a promise that the older case was never given, withheld in a flood. While it lasts none is made."""
    work, older = joined.work, joined.ticket()
    is_promised = older.complainant_number is None or work.promises.of_ticket(older.id)
    if not is_promised and not is_on_the_line(work, older.id):
        follow_up_call(joined, last)
