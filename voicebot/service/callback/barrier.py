"""Why a complainant, or a member of staff, is not rung now.

Asked when a call is ordered and again right before it is dialled, because minutes may lie between.
Knows: the number gate, refusals, hours, who is on the line. Must not know: who wants the call.
Source: twilio.md 1.12; script.md 7 (quiet hours).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.domain.adjustment import is_not_rung, is_rung_in_mornings
from voicebot.domain.escalation import Climb
from voicebot.domain.instants import exact_instant
from voicebot.domain.promise import Promise
from voicebot.domain.ring_hours import zones_of
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCall
from voicebot.domain.ticket import Ticket, is_open, is_over
from voicebot.service.hotline import Context, Hotline
from voicebot.service.number_gate import adjusted, may_ring_staff, number_to_ring
from voicebot.service.outbox.purpose import TextKind, kind_of, subject_of, why_no_longer_true
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.agreed_time import next_agreed

HOUR = timedelta(hours=1)
BUSY_FOR = timedelta(minutes=1)
"""How soon somebody who was on the line is tried again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Barrier:
    """What keeps a call from being made."""

    code: str
    why: str
    """In words that a member reads."""
    until: datetime | None = None
    """When it may be made. None when waiting does not help."""


def telephone_of(member: StaffMember) -> str:
    """Return where a member is rung. Asked only when nothing is in the way."""
    return member.phone


def member_barrier(hotline: Hotline, member: StaffMember) -> Barrier | None:
    """Return why a member cannot be rung, or None when they can."""
    if not member.phone:
        return Barrier(code="no-phone", why=f"{member.name} has no telephone in escalation.yaml: add one there")
    if not may_ring_staff(hotline.rules, member.phone):
        return Barrier(code="no-phone", why=f"the telephone of {member.name} in escalation.yaml may not be rung")
    return None


def ladder_barrier(context: Context, call: StaffCall, member: StaffMember) -> Barrier | None:
    """Return why a call of a ladder does not ring now.

    The climb is over, somebody is on it, or the telephone rang often.
    """
    if why := why_no_longer_true(context.work, call, context.now):
        return Barrier(code="overtaken", why=why)
    until = _quiet_until(context.work, call)
    if until is not None and until > context.now:
        return Barrier(code="quiet", why="somebody has seen the case", until=until)
    return _often_barrier(context, call, member)


def _quiet_until(work: UnitOfWork, call: StaffCall) -> datetime | None:
    climbs: list[Climb] = [
        *work.promises.breaches_of_ticket(call.ticket_id),
        *work.decision_terms.of_ticket(call.ticket_id),
    ]
    subject = subject_of(call)
    return next((climb.quiet_until for climb in climbs if climb.id == subject), None)


def _often_barrier(context: Context, call: StaffCall, member: StaffMember) -> Barrier | None:
    """Count the calls of both ladders, about all cases, to this telephone, whoever else has it.

    A number that rings one telephone often is blocked by carriers. A drill yields, since its calls hold back none of a
    ladder, and it rings a telephone that none has rung for an hour.
    """
    phone, is_drill = telephone_of(member), kind_of(call) is TextKind.DRILL
    most = 1 if is_drill else context.policy.callbacks.ladder_calls_an_hour
    sharing = [each.id for each in context.policy.staff if telephone_of(each) == phone]
    besides = "" if is_drill else TextKind.DRILL
    dialled = context.work.staff_calls.dialled(
        [member.id, *sharing], call.kind, since=context.now - HOUR, until=context.now, besides=besides
    )
    if len(dialled) < most:
        return None
    times = "once" if most == 1 else f"{most} times"
    return Barrier(code="too-many", why=f"rung {times} in the last hour already", until=dialled[-most] + HOUR)


def complainant_barrier(
    context: Context,
    ticket: Ticket,
    *,
    own_call: str = "",
    rings: StaffMember | None = None,
    may_be_answered: bool = False,
) -> Barrier | None:
    """Return why a case's complainant cannot be rung now, or None when they can.

    `own_call` is the call that asks, `rings` is whose telephone is to be connected to theirs. With `may_be_answered` it
    is enough that the case is not over.
    """
    if is_over(ticket) if may_be_answered else not is_open(ticket):
        return Barrier(code="case-over", why=f"the case is {ticket.status}: nobody is rung about it")
    if ticket.complainant_number is None:
        return Barrier(code="number-missing", why="the case has no number to ring: find one first")
    number = number_to_ring(context.work, context.hotline.rules, ticket=ticket, policy=context.policy)
    if number is None:
        return Barrier(code="number-missing", why="the number of this case may not be rung by our rules")
    if rings is not None and telephone_of(rings) == number:
        return Barrier(
            code="own-phone",
            why=f"the complainant's number is the telephone of {rings.name}, which cannot be connected to itself: let "
            "somebody else ring, or log the call",
        )
    agreed = adjusted(context.work, number)
    if is_not_rung(agreed):
        why = "it was agreed with them that they are written to and not rung: write, or ask whether that still holds"
        return Barrier(code="text-only", why=why)
    if _is_refused(context.work, ticket, number):
        return Barrier(code="number-refused", why="somebody at that number said that nobody asked for our call")
    return (
        _line_barrier(context, number, own_call=own_call)
        or _hours_barrier(context, ticket, number)
        or (_agreed_time_barrier(context, ticket, number) if is_rung_in_mornings(agreed) else None)
    )


def _is_refused(work: UnitOfWork, ticket: Ticket, number: str) -> bool:
    """A refusal holds until that number itself has rung us again."""
    refused_at = work.staff_calls.blocked_at(number)
    if refused_at is None:
        return False
    rang = [call.started_at for call in work.calls.of_ticket(ticket.id) if call.caller_number == number]
    return max(rang, default=refused_at) <= refused_at


def _line_barrier(context: Context, number: str, *, own_call: str) -> Barrier | None:
    work, until = context.work, context.now + BUSY_FOR
    if work.staff_calls.is_on_the_line(number):
        return Barrier(code="on-the-line", why="they are talking to the hotline at this moment", until=until)
    others = work.staff_calls.under_way(work.staff_calls.tickets_of_number(number))
    if any(call.id != own_call and call.dialled_at is not None for call in others):
        return Barrier(code="on-the-line", why="a call to them is under way", until=until)
    return None


def _hours_barrier(context: Context, ticket: Ticket, number: str) -> Barrier | None:
    policy, now = context.policy, context.now
    promise = context.work.promises.open_of_ticket(ticket.id)
    if promise is not None and _chose_now(promise, now):
        return None
    zones, hours = zones_of(number, otherwise=policy.calendar.zone), policy.callbacks.ring_hours
    if hours.allow(now, zones):
        return None
    until = hours.next_time(now, zones)
    then = "" if until is None else f", so not before {exact_instant(until, policy.calendar.zone)}"
    return Barrier(code="ring-hours", why=f"it is no time to ring people where they are{then}", until=until)


def _agreed_time_barrier(context: Context, ticket: Ticket, number: str) -> Barrier | None:
    """Say that the morning was agreed. Whom a call was promised for now waits for it, whatever the time of day."""
    policy, now = context.policy, context.now
    until = next_agreed(policy, number, now=now)
    promise = context.work.promises.open_of_ticket(ticket.id)
    if until is None or (promise is not None and promise.window_opens_at <= now < promise.window_closes_at):
        return None
    then = exact_instant(until, policy.calendar.zone)
    why = f"it was agreed with them that they are rung in the morning, so not before {then}"
    return Barrier(code="mornings", why=why, until=until)


def _chose_now(promise: Promise, now: datetime) -> bool:
    return promise.confirmed_by_caller and promise.window_opens_at <= now < promise.window_closes_at
