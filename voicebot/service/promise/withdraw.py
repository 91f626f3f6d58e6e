"""What is owed to a case that goes on, or ends, without a call is nothing any more.

A window that closed without a call was missed all the same, and counts as that.
Knows: promises, climbs. Must not know: why the case goes on without the call.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.promise import Promise, PromiseState, is_overdue, settle, written_span
from voicebot.service.decision.term import end_terms
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.breach import break_promise


def withdraw_owed(context: Context, ticket_id: str) -> None:
    """End the open promise of a case, its time to decide, and every climb."""
    end_terms(context, ticket_id)
    standing = context.work.promises.open_of_ticket(ticket_id)
    promise = None if standing is None else context.work.promises.lock(standing.id)
    if promise is not None and is_overdue(promise, context.now):
        break_promise(context, promise, ended_at=context.now)
    elif promise is not None and promise.state is PromiseState.OPEN:
        _withdraw(context.work, promise, now=context.now)
    for breach in context.work.promises.breaches_of_ticket(ticket_id):
        if breach.ended_at is None:
            context.work.promises.save_breach(replace(breach, ended_at=context.now, next_step_at=None))


def _withdraw(work: UnitOfWork, promise: Promise, *, now: datetime) -> None:
    work.promises.save(settle(promise, PromiseState.WITHDRAWN, now))
    work.promises.set_next_warning(promise.id, None)
    span = written_span(promise)
    note_case(work, promise.ticket_id, Verb.PROMISE_WITHDRAWN, at=now, actor="system", before=span)
