"""A call joins a case that stands. Its own case leads there, and what follows the call follows there.

Knows: cases, calls, what a merge leaves. Must not know: which case a call belongs to (joining.py), why.
Source: the case number of a merged case stays an alias (architecture.md 1).
"""

from dataclasses import replace

from voicebot.domain.ticket import Ticket
from voicebot.service.call_context import CallContext
from voicebot.service.history import Verb, note_case
from voicebot.service.ticket.splitting import join_into

_SETTLED = frozenset({Verb.RANG_IN, Verb.STATUS_ASKED})
"""Calls after which nothing is left to be settled, so the case may be over."""


def join_call(context: CallContext, older: Ticket, verb: Verb) -> CallContext:
    """Merge the call's own case into the older one, whose clock goes on as it was, and return the call there.

    `verb` says in the older one what kind of call it was. After a talk that case may be over, because the owner may
    have closed it while they talked.
    """
    work, own = context.work, context.ticket()
    join_into(context.of_today(), own, older, actor="system", is_settled=verb in _SETTLED)
    note_case(work, older.id, verb, at=context.now, actor="system", after=own.case_number)
    return replace(context, call=replace(context.call, ticket_id=older.id))
