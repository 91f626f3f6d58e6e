"""Notices. They are written with what happened, and told by a sweep to those whom the policy names, at once or when
they work.

The sweep takes all that a person may be told now as one message, once one of them is due. Each is judged again first,
so that nobody is told of a case that is settled, or of one that is another's by now. Whom no channel reaches stands in
the history of the case, with the reason.

Warnings, misses and late decisions are told by the ladders, too. One rule keeps anybody from being told twice. A step
of a ladder writes its notice as it is taken (ladder/step.py), for those whom `notices.yaml` names and the ladder has
not told. A notice is pointless once the ladder has told its reader since (`_is_told_by_ladder`). The ladder itself asks
nobody, because what is urgent never waits for a notice.
Knows: rules, whom they name, what makes a notice pointless. Must not know: channels, when somebody works (staff/rota).
Source: complaints.md 3, "Escalation noise".
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from voicebot.domain.escalation import OWNER, people_to_tell, steps_of
from voicebot.domain.notice import (
    FORMER_OWNER,
    LADDER_EVENTS,
    OF_CATEGORY,
    OFFERED,
    SENIOR,
    Notice,
    NoticeEvent,
    NoticeRule,
    NoticeState,
    notice_times,
)
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import Draft
from voicebot.domain.staff import Role, StaffMember
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.channels import is_reachable, tell_member, why_unreachable
from voicebot.service.outbox.compose import Template, case_link, slots_of
from voicebot.service.outbox.purpose import TextKind, purpose, why_notice_untrue
from voicebot.service.staff.members import find_member
from voicebot.service.staff.readers import barred, may_have
from voicebot.service.staff.rota import rota_of

log = structlog.get_logger(__name__)

_TEMPLATES = {
    NoticeEvent.NEW_CASE: Template.STAFF_NEW_CASE,
    NoticeEvent.SUPERVISOR_WANTED: Template.STAFF_SUPERVISOR_WANTED,
    NoticeEvent.DANGER_HEARD: Template.STAFF_DANGER_HEARD,
    NoticeEvent.NEW_WORDS: Template.STAFF_NEW_WORDS,
    NoticeEvent.REPEAT_CALL: Template.STAFF_REPEAT_CALL,
    NoticeEvent.OWNER_CHANGED: Template.STAFF_OWNER_CHANGED,
    NoticeEvent.ABOUT_SAID: Template.STAFF_ABOUT_SAID,
    NoticeEvent.CATEGORY_SET: Template.STAFF_CATEGORY_SET,
    NoticeEvent.WARNING: Template.STAFF_NOTICE_WARNING,
    NoticeEvent.MISS: Template.STAFF_NOTICE_MISS,
    NoticeEvent.DECISION_DUE: Template.STAFF_NOTICE_DECISION,
}

_FOR_THE_OWNER = frozenset({NoticeEvent.NEW_CASE, NoticeEvent.NEW_WORDS, NoticeEvent.REPEAT_CALL})
"""Pointless for anybody else once the case was handed over."""


def write_notice(
    context: Context,
    ticket: Ticket,
    event: NoticeEvent,
    *,
    step: str = "",
    former_owner: str = "",
    by: str = "",
    knows: Collection[str] = (),
) -> None:
    """Write who is to be told of an event, in the transaction under way. The same step again changes nothing.

    `by` is who brought it about, so nobody is told what they did themselves, nor those of `knows` what they are told
    so.
    """
    today = context.of_today()
    rule = today.policy.notices.get(event)
    if rule is None:
        return
    people = list(_people(today, rule, ticket, former_owner=former_owner))
    for member in people:
        if member.id in (by, *knows):
            continue
        opens_at, due_at = notice_times(rule, context.now, works_from=_works_from(today, rule, member))
        notice = Notice(
            id=context.hotline.ids.new_id(),
            ticket_id=ticket.id,
            event=event,
            step=step,
            member_id=member.id,
            at=context.now,
            opens_at=opens_at,
            due_at=due_at,
        )
        if not _is_told_by_ladder(context, notice):
            context.work.notices.add(notice)
    if not people and not by:
        _note_untold(context, ticket.id, f"{event}: nobody has the role {' or '.join(rule.tell)}")


def due_readers(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of those who have a notice that is due."""
    return tuple(context.work.notices.readers_due(context.now, limit))


def tell_notices(hotline: Hotline, member_id: str) -> None:
    """Tell a member all that they may be told now, in one message."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        waiting = work.notices.open_for(member_id, context.now)
        if any(notice.due_at <= context.now for notice in waiting):
            _tell(context, find_member(work, context.policy, member_id), tuple(_still_true(context, waiting)))
        work.commit()


def _people(context: Context, rule: NoticeRule, ticket: Ticket, *, former_owner: str) -> Iterable[StaffMember]:
    reaches = partial(is_reachable, context)
    named = list(_named(context, rule, ticket))
    roles = [role for role in named if role not in (FORMER_OWNER, OFFERED)]
    out = barred(context, ticket)
    staff = [member for member in context.policy.staff if member.id not in out]
    people = people_to_tell(roles, staff, owner_id=ticket.owner_id, is_reachable=reaches)
    yield from people
    # An owner may be known by an account alone; whose case it was, and who might take it, are no roles.
    others = {ticket.owner_id: OWNER, former_owner: FORMER_OWNER, ticket.offered_to or "": OFFERED}
    for staff_id in (each for each, role in others.items() if role in named):
        member = find_member(context.work, context.policy, staff_id) if staff_id else None
        if member is not None and member not in people and member.id not in out:
            yield member


def _named(context: Context, rule: NoticeRule, ticket: Ticket) -> Iterator[str]:
    """Yield whom a rule names, with roles in the place of `senior`, and of `of_category` those of the case's kind."""
    category = context.policy.categories.get(ticket.category)
    meant = {
        SENIOR: (Role.SUPERVISOR.value, *sorted(context.policy.ladder.management_roles)),
        OF_CATEGORY: () if category is None else category.tell,
    }
    for role in rule.tell:
        yield from meant.get(role, (role,))


def _works_from(context: Context, rule: NoticeRule, member: StaffMember) -> datetime:
    """Return when a member works next. That goes by their shifts, or by the company's hours where they have none, once
    they are back.
    """
    if rule.is_at_once:
        return context.now
    rota = rota_of(context.work, context.policy, now=context.now)
    person = rota.person(member.id)
    if person is None:
        return context.policy.calendar.next_opening(context.now)
    back_at = rota.away_until(person, context.now) or context.now
    return rota.next_of(person, context.now) or context.policy.calendar.next_opening(back_at)


def _still_true(context: Context, waiting: Iterable[Notice]) -> Iterable[Notice]:
    """Yield what is true still. Write of the rest why not."""
    for notice in waiting:
        why = why_overtaken(context, notice)
        if why:
            context.work.notices.save(replace(notice, state=NoticeState.OVERTAKEN, reason=why))
        else:
            yield notice


def why_overtaken(context: Context, notice: Notice) -> str:
    """Return why a notice is pointless by now, empty while it is not."""
    ticket = ticket_of(context.work, notice.ticket_id)
    if why := _why_not_theirs(context, ticket, notice) or why_notice_untrue(context.work, notice, context.now):
        return why
    match notice.event:
        case NoticeEvent.NEW_CASE if ticket.status is TicketStatus.ACKNOWLEDGED:
            return "somebody has seen the case"
        case NoticeEvent.SUPERVISOR_WANTED if _was_called(context, notice):
            return "the complainant was called"
        case event if event in _FOR_THE_OWNER and _is_anothers(context, notice, ticket):
            return "the case is another's by now"
        case NoticeEvent.REPEAT_CALL if not _is_named(context, notice, ticket):
            return "they neither have the case nor are offered it any more"
        case NoticeEvent.ABOUT_SAID if notice.step != ticket.about_id:
            return "the case is not about them any more"
        case NoticeEvent.CATEGORY_SET if notice.step != ticket.category:
            return "the case is of another kind by now"
        case _:
            return _why_told_otherwise(context, notice)


def _why_told_otherwise(context: Context, notice: Notice) -> str:
    if _is_told_by_ladder(context, notice):
        return "the ladder has told them since"
    return "a later notice says it" if _is_repeated(context, notice) else ""


def _why_not_theirs(context: Context, ticket: Ticket, notice: Notice) -> str:
    return "" if may_have(context, ticket, notice.member_id) else "the case is hidden from them"


def _is_told_by_ladder(context: Context, notice: Notice) -> bool:
    """Tell whether a ladder has told the reader.

    That is told of this very warning or a later one, or of the miss at any step.
    """
    if notice.event not in LADDER_EVENTS:
        return False
    _, subject_id, *name = notice.step.split(":")
    taken = steps_of(subject_id, context.work.promises.steps(notice.ticket_id))
    told = (step.told.split(",") for step in taken if not name or step.taken_at >= notice.at)
    return any(notice.member_id in people for people in told)


def _is_repeated(context: Context, notice: Notice) -> bool:
    """Tell whether another notice of the same promise or term came later, since one warning is enough."""
    if notice.event not in LADDER_EVENTS:
        return False
    subject, mine = notice.step.split(":")[:2], (notice.event, notice.member_id)
    known = context.work.notices.of_ticket(notice.ticket_id)
    alike = (each for each in known if (each.event, each.member_id) == mine and each.at > notice.at)
    return any(each.step.split(":")[:2] == subject for each in alike)


def _was_called(context: Context, notice: Notice) -> bool:
    promises = context.work.promises.of_ticket(notice.ticket_id)
    kept = (promise for promise in promises if promise.state is PromiseState.KEPT)
    return any(promise.settled_at is not None and promise.settled_at >= notice.at for promise in kept)


def _is_anothers(context: Context, notice: Notice, ticket: Ticket) -> bool:
    """Tell whether the case was handed over since. Whoever has it now has a notice of that."""
    known = context.work.notices.of_ticket(ticket.id)
    handed_over = any(each.event is NoticeEvent.OWNER_CHANGED and each.at >= notice.at for each in known)
    return handed_over and notice.member_id != ticket.owner_id


def _is_named(context: Context, notice: Notice, ticket: Ticket) -> bool:
    """Tell whether the rule still names the reader. A reader whom nobody knows any more is told apart (`_tell`)."""
    rule = context.policy.notices.get(notice.event)
    member = find_member(context.work, context.policy, notice.member_id)
    return rule is None or member is None or member in _people(context, rule, ticket, former_owner="")


def _tell(context: Context, member: StaffMember | None, notices: tuple[Notice, ...]) -> None:
    if not notices:
        return
    why = "is known to nobody any more" if member is None else why_unreachable(context, member)
    if member is None or why:
        _write_untold(context, notices, why)
        return
    ticket = ticket_of(context.work, notices[0].ticket_id)
    draft = _draft(context, ticket, notices)
    for notice in notices:
        context.work.notices.save(replace(notice, state=NoticeState.TOLD, bundle=notices[0].id))
    tell_member(context, ticket, member=member, draft=draft)


def _draft(context: Context, ticket: Ticket, notices: tuple[Notice, ...]) -> Draft:
    """Compose what one message says of one notice, or of several."""
    first = notices[0]
    slots = slots_of(context, ticket, None)
    rules = context.policy.notices
    can_wait = not any(rules[notice.event].is_at_once for notice in notices if notice.event in rules)
    cases = {notice.ticket_id for notice in notices}
    template = _TEMPLATES[first.event] if len(notices) == 1 else Template.STAFF_SEVERAL
    if len(notices) > 1:
        link = case_link(context.hotline.rules, ticket if len(cases) == 1 else None)
        slots |= {"count": str(len(notices)), "link": link}
    return Draft(
        purpose=purpose(TextKind.NOTICE, first.id, first.member_id), template=template, slots=slots, can_wait=can_wait
    )


def _write_untold(context: Context, notices: tuple[Notice, ...], why: str) -> None:
    for notice in notices:
        context.work.notices.save(replace(notice, state=NoticeState.UNTOLD, reason=why))
        _note_untold(context, notice.ticket_id, f"{notice.event} to {notice.member_id}, who {why}")
        log.warning("notice_reached_nobody", ticket=notice.ticket_id, notice=notice.event, member=notice.member_id)


def _note_untold(context: Context, ticket_id: str, after: str) -> None:
    note_case(context.work, ticket_id, Verb.NOTICE_UNTOLD, at=context.now, actor="system", after=after)
