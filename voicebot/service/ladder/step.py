"""One step of a ladder. It is written once, told to those whom it names, or passed over.

A step is written, unique on (subject, step), before anybody is told of it. When nobody named by a step can be reached,
that is written too and the climb goes on, because silence is never the answer. Whoever else `notices.yaml` names gets a
notice, but nobody whom the ladder has told (outbox/notice.py).
Knows: who is told. Must not know: which ladder, when a step is due, what else it does.
Source: complaints.md S0-12 and section 3 (claim before send; one row for each subject and step).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from voicebot.domain.escalation import NOBODY, NOT_KNOWN, OFF_DUTY, DueStep, StepTaken
from voicebot.domain.notice import NoticeEvent
from voicebot.domain.sms import Draft
from voicebot.domain.staff import StaffMember
from voicebot.domain.ticket import Ticket
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ladder.duty import people_of
from voicebot.service.outbox.channels import tell_member
from voicebot.service.outbox.compose import Template
from voicebot.service.outbox.notice import write_notice
from voicebot.service.outbox.purpose import TextKind, purpose

_NOTICES = {
    TextKind.WARNING: NoticeEvent.WARNING,
    TextKind.STEP: NoticeEvent.MISS,
    TextKind.DECISION_WARNING: NoticeEvent.DECISION_DUE,
    TextKind.DECISION_STEP: NoticeEvent.DECISION_DUE,
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Alarm:
    """One step or warning about to be taken."""

    kind: TextKind
    verb: Verb
    """Line of the history."""
    template: Template
    subject_id: str
    """The climb, or what is warned about."""
    step: DueStep
    ticket: Ticket
    slots: Mapping[str, str] = field(default_factory=dict)
    """Those of the template."""


def take_step(context: Context, alarm: Alarm) -> bool:
    """Write the step and the texts about it. False when somebody else has taken it."""
    reachable = () if alarm.step.is_skipped else _reachable(context, alarm)
    told_instead = OFF_DUTY if alarm.step.is_skipped else NOBODY
    step = StepTaken(
        subject_id=alarm.subject_id,
        ticket_id=alarm.ticket.id,
        step=alarm.step.name,
        due_at=alarm.step.due_at,
        taken_at=context.now,
        told=",".join(member.id for member in reachable) or told_instead,
    )
    if not context.work.promises.take_step(step):
        return False
    note_case(context.work, step.ticket_id, alarm.verb, at=context.now, actor="worker", after=_said(step))
    for member in reachable:
        _tell(context, alarm, member)
    _write_notice(context, alarm)
    if not reachable and not alarm.step.is_skipped:
        log.warning("step_reached_nobody", ticket=step.ticket_id, step=step.step)
    return True


def pass_over(context: Context, subject_id: str, *, ticket_id: str, step: DueStep) -> None:
    """Write a step as taken without telling anybody, since a hotline that is lost may have taken it."""
    passed = StepTaken(
        subject_id=subject_id,
        ticket_id=ticket_id,
        step=step.name,
        due_at=step.due_at,
        taken_at=context.now,
        told=NOT_KNOWN,
    )
    context.work.promises.take_step(passed)


def _reachable(context: Context, alarm: Alarm) -> tuple[StaffMember, ...]:
    return people_of(context, alarm.step, ticket=alarm.ticket).to_tell


def _tell(context: Context, alarm: Alarm, member: StaffMember) -> None:
    key = purpose(alarm.kind, alarm.subject_id, alarm.step.name, member.id)
    draft = Draft(purpose=key, template=alarm.template, slots=dict(alarm.slots), rings=alarm.step.rings)
    tell_member(context, alarm.ticket, member=member, draft=draft)


def _write_notice(context: Context, alarm: Alarm) -> None:
    """Write who else learns of it, of each warning, and of a miss once, whatever its steps."""
    event = _NOTICES.get(alarm.kind)
    if event is None:
        return
    name = (alarm.step.name,) if alarm.verb is Verb.WARNING_TAKEN else ()
    write_notice(context, alarm.ticket, event, step=purpose(alarm.kind, alarm.subject_id, *name))


def _said(step: StepTaken) -> str:
    if step.told == OFF_DUTY:
        return f"{step.step}: {OFF_DUTY}, so the next step with somebody is taken at once"
    return f"{step.step}: told {step.told.replace(',', ', ')}"
