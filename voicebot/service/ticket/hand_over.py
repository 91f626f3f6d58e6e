"""A case changes hands. It is taken, given or passed on for somebody who is away. Each time is counted, and there is a
cap.

Beyond the policy's cap only somebody with a supervisor's say hands a case on, because whoever complains does not want
to be passed from one to the next. Promise and ladder go on as they stand.
Knows: owners, the rota, decisions of staff. Must not know: pages, many cases at once (spread.py).
Source: complaints.md S1-01 (hand-offs counted, shown and capped), S1-05 (a hand-over does not reset the clock).
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from voicebot.domain.notice import NoticeEvent
from voicebot.domain.rota import Rota
from voicebot.domain.staff import Role, StaffMember
from voicebot.domain.ticket import Ticket, is_open
from voicebot.errors import Refused
from voicebot.flow.policy import Policy
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.outbox.notice import write_notice
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.assignment import choose_owner
from voicebot.service.staff.decision import (
    Decision,
    StaffAction,
    is_repeated,
    lock_case,
    note_action,
    refuse_if_changed,
)
from voicebot.service.staff.members import SYSTEM, has_say
from voicebot.service.staff.readers import barred, may_have
from voicebot.service.staff.rota import rota_of


def take_over(hotline: Hotline, case: str, *, actor: str, seen: int | None = None) -> bool:
    """Make the member the owner of the case.

    Returns False for a repetition. Raises: Refused when it is theirs already, is over, was handed on too often, or
    somebody else has acted since.
    """
    decision = Decision(action=StaffAction.TAKEN_OVER, actor=actor, after=actor, seen=seen)
    return _decide(hotline, case, decision)


def give(
    hotline: Hotline,
    case: str,
    *,
    to: str,
    actor: str,
    seen: int | None = None,
    as_read: Callable[[], None] = lambda: None,
) -> bool:
    """Make somebody else the owner of the case. `as_read` is asked as in fields.py.

    Returns False for a repetition. Raises: Refused as `take_over`, and when nobody goes by `to` or they are away.
    """
    decision = Decision(action=StaffAction.GIVEN, actor=actor, after=to, seen=seen)
    return _decide(hotline, case, decision, as_read=as_read)


def pass_to(context: Context, ticket: Ticket, to: str, *, by: str, knows: Collection[str] = ()) -> Ticket:
    """Write the new owner, and that the case changed hands once more. The history is the caller's.

    `by` is who did it. Both owners are told, but for what they did themselves, and but for those of `knows`.
    """
    passed = count_hand_off(context, replace(ticket, owner_id=to, offered_to=None))
    event, step, former = NoticeEvent.OWNER_CHANGED, str(passed.hand_offs), ticket.owner_id
    write_notice(context, passed, event, step=step, former_owner=former, by=by, knows=knows)
    return passed


def count_hand_off(context: Context, ticket: Ticket) -> Ticket:
    """Write that a case, or what is to be done on it, changed hands once more."""
    counted = replace(ticket, hand_offs=ticket.hand_offs + 1)
    context.work.tickets.save(counted)
    return counted


def is_handed_on_enough(context: Context, ticket: Ticket, *, by: str) -> bool:
    """Tell whether a case has changed hands so often that this person may not hand it on again."""
    policy = context.policy
    return ticket.hand_offs >= policy.rota.most_hand_offs and not has_say(context.work, policy, by)


def cover_absent_owner(context: Context, ticket: Ticket) -> Ticket:
    """Give a case with something new to somebody on duty when its owner is away past the promised call.

    An owner who is back in time keeps it, and so does one whom nobody can stand in for.
    """
    policy, now = context.policy, context.now
    rota = rota_of(context.work, policy, now=now)
    away_until = _away_until(rota, ticket.owner_id, now)
    promise = context.work.promises.open_of_ticket(ticket.id)
    if away_until is None or not is_open(ticket) or (promise is not None and away_until <= promise.window_opens_at):
        return ticket
    stand_in = choose_owner(
        context.work, policy, locale=ticket.locale, now=now, besides=(ticket.owner_id, *barred(context, ticket))
    )
    if stand_in is None or not rota.on_duty(now, Role.HANDLER):
        return ticket
    note_case(
        context.work,
        ticket.id,
        Verb.OWNER_AWAY,
        at=now,
        actor=SYSTEM,
        before=ticket.owner_id,
        after=stand_in.id,
    )
    return pass_to(context, ticket, stand_in.id, by=SYSTEM)


def _decide(hotline: Hotline, case: str, decision: Decision, *, as_read: Callable[[], None] = lambda: None) -> bool:
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        as_read()
        if is_repeated(work, ticket, decision):
            return False
        refuse_if_changed(work, ticket, decision)
        context = context_of(hotline, work)
        _refuse(context, ticket, decision)
        pass_to(context, ticket, decision.after, by=decision.actor)
        note_action(work, ticket, decision, at=context.now, before=ticket.owner_id)
        work.commit()
        return True


def _refuse(context: Context, ticket: Ticket, decision: Decision) -> None:
    if not is_open(ticket):
        raise Refused(f"the case is {ticket.status}; only an open case is worked on", code="case-over")
    if ticket.owner_id == decision.after:
        raise _has_it(decision)
    policy = context.policy
    if is_handed_on_enough(context, ticket, by=decision.actor):
        raise Refused(
            f"the case has changed hands {ticket.hand_offs} times, and whoever complains is not to be passed on "
            "for ever: ask a supervisor to decide who keeps it",
            code="hand-offs",
        )
    if not may_have(context, ticket, decision.after):
        raise Refused("the case is hidden from them: give it to somebody else", code="about-them")
    if decision.action is StaffAction.GIVEN:
        _refuse_receiver(context.work, policy, decision.after, now=context.now)


def _has_it(decision: Decision) -> Refused:
    if decision.after == decision.actor:
        return Refused("the case is yours already: there is nothing to take over", code="case-yours")
    return Refused("the case is theirs already: there is nothing to give", code="case-yours")


def _refuse_receiver(work: UnitOfWork, policy: Policy, to: str, *, now: datetime) -> None:
    known: StaffMember | None = next((member for member in policy.staff if member.id == to), None)
    if known is None and not any(member.id == to for member in work.staff.all()):
        raise Refused(f"nobody here goes by {to!r}, or may log in", code="rota-person")
    if _away_until(rota_of(work, policy, now=now), to, now) is not None:
        raise Refused("they are away now, and nobody would look at the case: give it to somebody else", code="away")


def _away_until(rota: Rota, staff_id: str, now: datetime) -> datetime | None:
    person = rota.person(staff_id)
    return None if person is None else rota.away_until(person, now)
