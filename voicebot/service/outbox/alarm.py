"""Alarms tell staff what somebody must look at today, once a day and not each time it happens.

Who is told stands in the policy. It is whoever the first step of the ladder tells, or the roles that an alarm names. An
alarm about the hotline itself goes to the first role of management, since the case that carries it has nothing to do
with it, and its owner could do nothing.
Where its case is hidden from all of them, those of management are told who may see it, so that no alarm is lost. The
log has the alarm as an error.
Knows: alarms' names, the ladder's first step. Must not know: what raises them.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import structlog

from voicebot.domain.escalation import people_to_tell
from voicebot.domain.sms import Draft
from voicebot.domain.ticket import Ticket
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.channels import is_reachable, tell_member
from voicebot.service.outbox.compose import Template, slots_of
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.staff.members import management_of
from voicebot.service.staff.readers import barred

log = structlog.get_logger(__name__)


HouseCase = Callable[[Context], Ticket]


def raise_house_alarm(hotline: Hotline, *, name: str, template: Template, house_case: HouseCase) -> bool:
    """Log an alarm that no case brought about, and text it to staff. False when today's was given already.

    A text always belongs to a case, and this one belongs to the `house_case`, which is hidden from nobody and nobody's
    complaint. Raises: Unavailable.
    """
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        today = _today(context, name)
        if not work.limits.alarm_once(today, context.now):
            return False
        log.error("alarm", name=name)
        _tell_staff(context, today=today, ticket=house_case(context), template=template, tell=of_the_house(context))
        work.commit()
        return True


def raise_alarm(
    context: Context,
    *,
    name: str,
    ticket_id: str,
    template: Template,
    slots: Mapping[str, str] | None = None,
    tell: Sequence[str] = (),
) -> bool:
    """Log an alarm and text it to staff, in the caller's transaction. False when today's was given already.

    `ticket_id` is the case by which it was noticed. The text names it, and its history keeps the alarm. `slots` are
    those of the template beside the case's own. `tell` names roles in place of those of the ladder's first step.
    """
    context, today = context.of_today(), _today(context, name)
    if not context.work.limits.alarm_once(today, context.now):
        return False
    log.error("alarm", name=name, ticket=ticket_id)
    note_case(context.work, ticket_id, Verb.ALARM_RAISED, at=context.now, actor="system", after=name)
    _tell_staff(
        context, today=today, ticket=ticket_of(context.work, ticket_id), template=template, slots=slots, tell=tell
    )
    return True


def of_the_house(context: Context) -> Sequence[str]:
    """Return the roles that are told of what concerns the hotline itself."""
    return context.policy.management[:1]


def _today(context: Context, name: str) -> str:
    return f"{name}:{context.now.date().isoformat()}"


def _tell_staff(
    context: Context,
    *,
    today: str,
    ticket: Ticket,
    template: Template,
    slots: Mapping[str, str] | None = None,
    tell: Sequence[str] = (),
) -> None:
    roles = tell or context.policy.ladder.steps[0].tell
    reachable = partial(is_reachable, context)
    out, owner_id = barred(context, ticket), ticket.owner_id
    staff = [each for each in context.policy.staff if each.id not in out]
    named = people_to_tell(roles, staff, owner_id=owner_id, is_reachable=reachable)
    for member in named or [each for each in management_of(context.policy) if each.id not in out]:
        draft = Draft(
            purpose=purpose(TextKind.ALARM, today, member.id),
            template=template,
            slots=slots_of(context, ticket, None) | dict(slots or {}),
        )
        tell_member(context, ticket, member=member, draft=draft)
