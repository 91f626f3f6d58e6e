"""A window that closed without a call.

Knows: promises, breaches. Must not know: whom to tell.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.promise import Breach, Promise, PromiseState, is_overdue, settle, written_span
from voicebot.domain.ticket import is_open
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.promise.climb_plan import first_step
from voicebot.service.promise.make import set_aside


def breach_if_closed(hotline: Hotline, promise_id: str) -> bool:
    """Break the promise if its window has closed without a logged call. It breaks once, however often this is asked."""
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(promise_id)
        context = context_of(hotline, work)
        if promise is None or not is_overdue(promise, context.now):
            return False
        ticket = ticket_of(work, promise.ticket_id)
        if not is_open(ticket):
            set_aside(work, promise, now=context.now)
        else:
            break_promise(context, promise)
        work.commit()
        return True


def break_promise(context: Context, promise: Promise, *, ended_at: datetime | None = None) -> Promise:
    """Write the breach of an overdue promise and plan its first step.

    An older climb of the same case stops here, because the new one tells the same people and more. `ended_at` is set
    when the contact that ends the climb is known already.
    """
    policy = context.policy
    broken = settle(promise, PromiseState.BREACHED, promise.window_closes_at)
    context.work.promises.save(broken)
    context.work.promises.set_next_warning(promise.id, None)
    earlier = context.work.promises.breaches_of_ticket(promise.ticket_id)
    for breach in earlier:
        context.work.promises.save_breach(replace(breach, next_step_at=None))
    breach = Breach(
        id=context.hotline.ids.new_id(),
        promise_id=promise.id,
        ticket_id=promise.ticket_id,
        at=promise.window_closes_at,
        ended_at=ended_at,
    )
    step = first_step(context.work, policy, breach)
    context.work.promises.add_breach(replace(breach, next_step_at=None if step is None else step.due_at))
    note_case(
        context.work,
        promise.ticket_id,
        Verb.PROMISE_BROKEN,
        at=context.now,
        actor="system",
        before=written_span(promise),
    )
    return broken
