"""The watch over promises. It warns while a window is open, then climbs the ladder one step at a time.

A text about a step is asked once more when it leaves whether the climb still goes on.
Knows: what staff are told of a promised call. Must not know: when steps are due (climb_plan.py), how a step is taken
(ladder/step.py).
Source: complaints.md S0-12 and section 3; script.md 7.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

from voicebot.domain.escalation import DueStep, StepAction
from voicebot.domain.promise import Breach, Promise, PromiseState, is_overdue
from voicebot.domain.ticket import Ticket, is_open
from voicebot.service.history import Verb
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ladder.climb import pass_over_all_but_first, pass_over_warnings_but_last, take_due_step
from voicebot.service.ladder.plan import warning_ahead
from voicebot.service.ladder.step import Alarm, take_step
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import (
    Template,
    slots_of,
)
from voicebot.service.outbox.purpose import TextKind
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.apology import apologise, is_texted, responsible_slots
from voicebot.service.promise.climb_plan import freeze_climb, miss_of, plan_warning, warnings_of


def warn(hotline: Hotline, promise_id: str) -> bool:
    """Give the next warning about an open promise if it is due. Returns whether one was given."""
    with hotline.unit_of_work() as work:
        promise, context = work.promises.lock(promise_id), context_of(hotline, work)
        if promise is None or promise.state is not PromiseState.OPEN or is_overdue(promise, context.now):
            return False
        ticket = ticket_of(work, promise.ticket_id)
        warnings = warnings_of(work, context.policy, promise)
        warning = warning_ahead(work, warnings, ticket_id=promise.ticket_id, subject_id=promise.id)
        is_due = warning is not None and warning.due_at <= context.now and is_open(ticket)
        if warning is not None and is_due:
            alarm = Alarm(
                kind=TextKind.WARNING,
                verb=Verb.WARNING_TAKEN,
                template=Template.STAFF_WARNING if ticket.complainant_number else Template.STAFF_FIND_NUMBER,
                subject_id=promise.id,
                step=warning,
                ticket=ticket,
                slots=_slots(context, ticket, promise),
            )
            take_step(context, alarm)
        plan_warning(work, context.policy, promise)
        work.commit()
        return is_due


def climb(hotline: Hotline, breach: Breach) -> bool:
    """Take the next step of a breach if it is due. Returns whether one was taken.

    The breach is read again under the lock of its promise, so that a call logged meanwhile stops the climb.
    """
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(breach.promise_id)
        known = _breach(work, breach)
        if promise is None or known is None or known.ended_at is not None:
            return False
        is_taken = _climb(context_of(hotline, work), known, promise)
        work.commit()
        return is_taken


def rest_climb(hotline: Hotline, breach: Breach, *, until: datetime) -> None:
    """Let a climb rest after a restore, so that nothing that fell due meanwhile goes out at once.

    The first step that nobody is known to have taken stays, due when the rest ends, so the miss is told once. Those
    after it that fell due too are passed over, since the hotline that is lost may have taken them. A logged call ends
    all.
    """
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(breach.promise_id)
        known = _breach(work, breach)
        if promise is None or known is None or known.ended_at is not None:
            return
        context = context_of(hotline, work)
        if not pass_over_all_but_first(context, known, freeze_climb(work, context.policy, known)):
            return
        work.promises.save_breach(replace(known, quiet_until=until, next_step_at=until))
        work.commit()


def pass_over_warnings(hotline: Hotline, promise_id: str) -> None:
    """Pass over the warnings that fell due before a restore but the last one, which may still prevent a miss."""
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(promise_id)
        if promise is None or promise.state is not PromiseState.OPEN:
            return
        context = context_of(hotline, work)
        warnings = warnings_of(work, context.policy, promise)
        pass_over_warnings_but_last(context, warnings, ticket_id=promise.ticket_id, subject_id=promise.id)
        plan_warning(work, context.policy, promise)
        work.commit()


def _climb(context: Context, breach: Breach, promise: Promise) -> bool:
    work, now = context.work, context.now
    ticket = ticket_of(work, breach.ticket_id)
    if not is_open(ticket):
        work.promises.save_breach(replace(breach, ended_at=now, next_step_at=None))
        return False
    plan = freeze_climb(work, context.policy, breach)
    take = partial(_take_step, context, breach, promise)
    is_taken, next_at = take_due_step(context, breach, plan, take=take)
    work.promises.save_breach(replace(breach, next_step_at=next_at))
    return is_taken


def _take_step(context: Context, breach: Breach, promise: Promise, step: DueStep) -> None:
    ticket = ticket_of(context.work, breach.ticket_id)
    alarm = Alarm(
        kind=TextKind.STEP,
        verb=Verb.STEP_TAKEN,
        template=_staff_template(context, breach),
        subject_id=breach.id,
        step=step,
        ticket=ticket,
        slots=_slots(context, ticket, promise),
    )
    is_first = take_step(context, alarm)
    if is_first and step.action is StepAction.APOLOGISE:
        apologise(context, promise, is_again=miss_of(context.work, breach) > 1)


def _slots(context: Context, ticket: Ticket, promise: Promise) -> dict[str, str]:
    return slots_of(context, ticket, promise) | responsible_slots(context, ticket)


def _staff_template(context: Context, breach: Breach) -> Template:
    """Choose what staff are told.

    A second miss has words of its own, and so has one of which the complainant cannot be told by text.
    """
    if ticket_of(context.work, breach.ticket_id).complainant_number is None:
        return Template.STAFF_FIND_NUMBER
    if miss_of(context.work, breach) > 1:
        return Template.STAFF_MISSED_AGAIN
    return Template.STAFF_MISSED if is_texted(context, breach) else Template.STAFF_MISSED_NO_TEXT


def _breach(work: UnitOfWork, breach: Breach) -> Breach | None:
    known = work.promises.breaches_of_ticket(breach.ticket_id)
    return next((found for found in known if found.id == breach.id), None)
