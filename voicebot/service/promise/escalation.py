"""The watch over promises: warnings while a window is open, then the ladder, one step at a time.

A step is written, unique on (subject, step), before anybody is texted about it; the text is asked once more
when it leaves whether the climb still goes on. When nobody named by a step can be reached, that is written
too and the climb goes on: silence is never the answer.
Knows: who is told what, when the ladder says so. Must not know: when steps are due (climb_plan.py).
Source: complaints.md S0-12 and section 3; script.md 7.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import structlog

from voicebot.domain.escalation import (
    NOBODY,
    NOT_KNOWN,
    DueStep,
    StepAction,
    StepTaken,
    next_step,
    next_warning,
    people_to_tell,
)
from voicebot.domain.promise import Breach, Promise, PromiseState, is_overdue
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.ticket import Ticket, is_open
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.channels import is_reachable, tell_member
from voicebot.service.outbox.compose import (
    Template,
    TextSetting,
    setting_of,
    slots_of,
)
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.apology import apologise, is_texted, responsible_slots
from voicebot.service.promise.climb_plan import freeze_climb, miss_of, plan_warning, steps_taken, warnings_of

log = structlog.get_logger(__name__)

_VERBS = {TextKind.WARNING: Verb.WARNING_TAKEN, TextKind.STEP: Verb.STEP_TAKEN}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Alarm:
    """One step or warning about to be taken."""

    kind: TextKind
    template: Template
    subject_id: str
    step: DueStep
    ticket: Ticket
    promise: Promise


def warn(hotline: Hotline, promise_id: str) -> bool:
    """Give the next warning about an open promise if it is due; returns whether one was given."""
    with hotline.unit_of_work() as work:
        promise, now = work.promises.lock(promise_id), hotline.clock.now()
        if promise is None or promise.state is not PromiseState.OPEN or is_overdue(promise, now):
            return False
        setting, ticket = setting_of(hotline, work), ticket_of(work, promise.ticket_id)
        taken = steps_taken(work, promise.ticket_id, promise.id)
        warning = next_warning(warnings_of(work, setting.policy, promise), taken=taken)
        is_due = warning is not None and warning.due_at <= now and is_open(ticket)
        if warning is not None and is_due:
            alarm = _Alarm(
                kind=TextKind.WARNING,
                template=Template.STAFF_WARNING if ticket.complainant_number else Template.STAFF_FIND_NUMBER,
                subject_id=promise.id,
                step=warning,
                ticket=ticket,
                promise=promise,
            )
            _take(setting, alarm)
        plan_warning(work, setting.policy, promise)
        work.commit()
        return is_due


def climb(hotline: Hotline, breach: Breach) -> bool:
    """Take the next step of a breach if it is due; returns whether one was taken.

    The breach is read again under the lock of its promise, so that a call logged meanwhile stops the climb.
    """
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(breach.promise_id)
        known = _breach(work, breach)
        if promise is None or known is None or known.ended_at is not None:
            return False
        is_taken = _climb(setting_of(hotline, work), known, promise)
        work.commit()
        return is_taken


def rest_climb(hotline: Hotline, breach: Breach, *, until: datetime) -> None:
    """Let a climb rest after a restore, so that nothing that fell due meanwhile goes out at once.

    The first step that nobody is known to have taken stays, due when the rest ends: the miss is told once. Those after
    it that fell due too are passed over, since the hotline that is lost may have taken them. A logged call ends all.
    """
    with hotline.unit_of_work() as work:
        promise = work.promises.lock(breach.promise_id)
        known = _breach(work, breach)
        if promise is None or known is None or known.ended_at is not None:
            return
        setting, now = setting_of(hotline, work), hotline.clock.now()
        first = _next(setting, known)
        if first is None or first.due_at > now:
            return
        taken = {first.name, *steps_taken(work, known.ticket_id, known.id)}
        while (step := _next(setting, known, taken=taken)) is not None and step.due_at <= now:
            _pass_over(setting, known.id, ticket_id=known.ticket_id, step=step)
            taken.add(step.name)
        work.promises.save_breach(replace(known, quiet_until=until, next_step_at=until))
        work.commit()


def pass_over_warnings(hotline: Hotline, promise_id: str) -> None:
    """Pass over the warnings that fell due before a restore but the last one, which may still prevent a miss."""
    with hotline.unit_of_work() as work:
        promise, now = work.promises.lock(promise_id), hotline.clock.now()
        if promise is None or promise.state is not PromiseState.OPEN:
            return
        setting, taken = setting_of(hotline, work), steps_taken(work, promise.ticket_id, promise.id)
        warnings = warnings_of(work, setting.policy, promise)
        due = [warning for warning in warnings if warning.name not in taken and warning.due_at <= now]
        for warning in due[:-1]:
            _pass_over(setting, promise.id, ticket_id=promise.ticket_id, step=warning)
        plan_warning(work, setting.policy, promise)
        work.commit()


def _pass_over(setting: TextSetting, subject_id: str, *, ticket_id: str, step: DueStep) -> None:
    passed = StepTaken(
        subject_id=subject_id,
        ticket_id=ticket_id,
        step=step.name,
        due_at=step.due_at,
        taken_at=setting.hotline.clock.now(),
        told=NOT_KNOWN,
    )
    setting.work.promises.take_step(passed)


def _climb(setting: TextSetting, breach: Breach, promise: Promise) -> bool:
    work, now = setting.work, setting.hotline.clock.now()
    ticket = ticket_of(work, breach.ticket_id)
    if not is_open(ticket):
        work.promises.save_breach(replace(breach, ended_at=now, next_step_at=None))
        return False
    step = _next(setting, breach)
    is_due = step is not None and step.due_at <= now
    if step is not None and is_due:
        _take_step(setting, breach, step=step, promise=promise)
        step = _next(setting, breach)
    work.promises.save_breach(replace(breach, next_step_at=None if step is None else step.due_at))
    return is_due


def _take_step(setting: TextSetting, breach: Breach, *, step: DueStep, promise: Promise) -> None:
    alarm = _Alarm(
        kind=TextKind.STEP,
        template=_staff_template(setting, breach),
        subject_id=breach.id,
        step=step,
        ticket=ticket_of(setting.work, breach.ticket_id),
        promise=promise,
    )
    is_first = _take(setting, alarm)
    if is_first and step.action is StepAction.APOLOGISE:
        apologise(setting, promise, is_again=miss_of(setting.work, breach) > 1)


def _staff_template(setting: TextSetting, breach: Breach) -> Template:
    """Choose what staff are told: a second miss, or one of which the complainant cannot be told by text."""
    if ticket_of(setting.work, breach.ticket_id).complainant_number is None:
        return Template.STAFF_FIND_NUMBER
    if miss_of(setting.work, breach) > 1:
        return Template.STAFF_MISSED_AGAIN
    return Template.STAFF_MISSED if is_texted(setting, breach) else Template.STAFF_MISSED_NO_TEXT


def _take(setting: TextSetting, alarm: _Alarm) -> bool:
    """Write the step and the texts about it; False when somebody else has taken it."""
    reachable = _reachable(setting, alarm)
    now = setting.hotline.clock.now()
    step = StepTaken(
        subject_id=alarm.subject_id,
        ticket_id=alarm.ticket.id,
        step=alarm.step.name,
        due_at=alarm.step.due_at,
        taken_at=now,
        told=",".join(member.id for member in reachable) or NOBODY,
    )
    if not setting.work.promises.take_step(step):
        return False
    note_case(setting.work, step.ticket_id, _VERBS[alarm.kind], at=now, actor="worker", after=_said(step))
    for member in reachable:
        _tell(setting, alarm, member)
    if not reachable:
        log.warning("step_reached_nobody", ticket=step.ticket_id, step=step.step)
    return True


def _reachable(setting: TextSetting, alarm: _Alarm) -> tuple[StaffMember, ...]:
    reaches = partial(is_reachable, setting.hotline, setting.work)
    owner_id = alarm.ticket.owner_id
    people = people_to_tell(alarm.step.tell, setting.policy.staff, owner_id=owner_id, is_reachable=reaches)
    return tuple(filter(reaches, people))


def _tell(setting: TextSetting, alarm: _Alarm, member: StaffMember) -> None:
    slots = slots_of(setting, alarm.ticket, alarm.promise) | responsible_slots(setting)
    key = purpose(alarm.kind, alarm.subject_id, alarm.step.name, member.id)
    draft = Draft(purpose=key, template=alarm.template, slots=slots)
    tell_member(setting.hotline, setting.work, alarm.ticket, member=member, draft=draft)


def _next(setting: TextSetting, breach: Breach, taken: Collection[str] | None = None) -> DueStep | None:
    taken = steps_taken(setting.work, breach.ticket_id, breach.id) if taken is None else taken
    return next_step(freeze_climb(setting.work, setting.policy, breach), breach, taken=taken)


def _breach(work: UnitOfWork, breach: Breach) -> Breach | None:
    known = work.promises.breaches_of_ticket(breach.ticket_id)
    return next((found for found in known if found.id == breach.id), None)


def _said(step: StepTaken) -> str:
    return f"{step.step}: told {step.told.replace(',', ', ')}"
