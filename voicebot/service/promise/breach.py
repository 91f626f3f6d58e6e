"""A window that closed without a call.

Knows: promises, breaches. Must not know: whom to tell.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.domain.promise import Breach, Promise, PromiseState, is_overdue, settle, written_span
from voicebot.domain.ticket import is_open
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.climb_plan import first_step
from voicebot.service.promise.make import set_aside


def breach_if_closed(hotline: Hotline, promise_id: str) -> bool:
    """Break the promise if its window has closed without a logged call; once, however often it is asked."""
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(promise_id)
        now = hotline.clock.now()
        if promise is None or not is_overdue(promise, now):
            return False
        ticket = ticket_of(work, promise.ticket_id)
        if not is_open(ticket):
            set_aside(work, promise, now=now)
        else:
            break_promise(hotline, work, promise, now=now)
        work.commit()
        return True


def break_promise(
    hotline: Hotline, work: UnitOfWork, promise: Promise, *, now: datetime, ended_at: datetime | None = None
) -> Promise:
    """Write the breach of an overdue promise and plan its first step.

    An older climb of the same case stops here: the new one tells the same people and more. `ended_at` is set
    when the contact that ends the climb is known already.
    """
    policy = hotline.flows.current_policy()
    broken = settle(promise, PromiseState.BREACHED, promise.window_closes_at)
    work.promises.save(broken)
    work.promises.set_next_warning(promise.id, None)
    earlier = work.promises.breaches_of_ticket(promise.ticket_id)
    for breach in earlier:
        work.promises.save_breach(replace(breach, next_step_at=None))
    breach = Breach(
        id=hotline.ids.new_id(),
        promise_id=promise.id,
        ticket_id=promise.ticket_id,
        at=promise.window_closes_at,
        ended_at=ended_at,
    )
    step = first_step(work, policy, breach)
    work.promises.add_breach(replace(breach, next_step_at=None if step is None else step.due_at))
    note_case(
        work,
        promise.ticket_id,
        Verb.PROMISE_BROKEN,
        at=now,
        actor="system",
        before=written_span(promise),
    )
    return broken
