"""A call ordered. That is a row, and the job that dials it.

One call of a case is under way at a time, whoever orders how often.
Knows: barriers, who is rung. Must not know: how it is dialled (dial.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.callback.barrier import complainant_barrier, member_barrier
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.job_names import RING_STAFF
from voicebot.service.ladder.duty import allowed
from voicebot.service.promise.make import SUPERVISOR_TARGET
from voicebot.service.staff.assignment import choose_owner
from voicebot.service.staff.decision import lock_case
from voicebot.service.staff.members import find_member
from voicebot.service.staff.readers import barred, may_have
from voicebot.service.staff.rota import rota_of
from voicebot.service.ticket.look_up import freshen


@dataclass(frozen=True, kw_only=True, slots=True)
class CallOrder:
    """Who is rung about which case, and when."""

    ticket: Ticket
    member: StaffMember
    ordered_by: str
    delay: timedelta = timedelta(0)
    kind: StaffCallKind = StaffCallKind.CALLBACK
    purpose: str = ""
    """Idempotency key. Empty means the call's own id, for somebody may well ring twice."""


def order_callback(hotline: Hotline, case: str, *, actor: str, member_id: str = "") -> StaffCall:
    """Order a call. The member's phone rings at once. It is the phone of the one who orders, unless another is named.

    Raises: Refused with what is in the way, and then nothing is changed.
    """
    with hotline.unit_of_work() as work:
        context, ticket = context_of(hotline, work), lock_case(work, case)
        member = find_member(work, context.policy, member_id or actor)
        if member is None:
            raise Refused(f"nobody goes by {member_id or actor!r} here: name a member of staff", code="member-unknown")
        if not may_have(context, ticket, member.id):
            raise Refused("the case is hidden from them: let somebody else call", code="about-them")
        for barrier in (
            member_barrier(hotline, member),
            complainant_barrier(context, ticket, rings=member),
        ):
            if barrier is not None:
                raise Refused(barrier.why, code="callback-impossible")
        call = write_order(context, CallOrder(ticket=ticket, member=member, ordered_by=actor))
        if call is None:
            raise Refused("a call about this case is under way already", code="callback-impossible")
        work.commit()
        return call


def write_order(context: Context, order: CallOrder) -> StaffCall | None:
    """Write the row and its job in the transaction under way. None when such a call is there already."""
    work, call = context.work, new_call(context, order)
    if not work.staff_calls.add(call):
        return None
    work.jobs.enqueue(RING_STAFF, call.id)
    freshen(context, order.ticket)
    note_case(work, call.ticket_id, Verb.CALL_ORDERED, at=context.now, actor=call.ordered_by, after=call.member_id)
    return call


def new_call(context: Context, order: CallOrder) -> StaffCall:
    """Return the row of a call that waits to be dialled."""
    now, call_id = context.now, context.hotline.ids.new_id()
    promise = context.work.promises.open_of_ticket(order.ticket.id)
    return StaffCall(
        id=call_id,
        purpose=order.purpose or f"call:{call_id}",
        kind=order.kind,
        ticket_id=order.ticket.id,
        promise_id=None if promise is None else promise.id,
        member_id=order.member.id,
        ordered_by=order.ordered_by,
        ordered_at=now,
        state=StaffCallState.WAITING,
        state_at=now,
        not_before=now + order.delay,
    )


def due_calls(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of calls whose time has come."""
    return tuple(call.id for call in context.work.staff_calls.due(context.now, limit))


def who_rings(context: Context, ticket: Ticket) -> StaffMember | None:
    """Return who talks to a case's complainant now, or None when nobody who may is on duty and can be rung.

    That is its owner, for a supervisor's promise one of management before them, and where the owner is not on duty
    whoever would get the case now.
    """
    rota = rota_of(context.work, context.policy, now=context.now)
    for member in _responsible(context, ticket):
        person = rota.person(member.id)
        is_here = person is None or rota.is_on_duty(person, context.now)
        if is_here and member_barrier(context.hotline, member) is None:
            return member
    return None


def _responsible(context: Context, ticket: Ticket) -> Iterator[StaffMember]:
    """Yield those who may talk to a complainant for us, the first choice first."""
    work, policy = context.work, context.policy
    promise = work.promises.open_of_ticket(ticket.id)
    if promise is not None and promise.target == SUPERVISOR_TARGET:
        managers = (member for member in policy.staff if member.role in policy.ladder.management_roles)
        yield from allowed(context, ticket, managers)
    owner, out = find_member(work, policy, ticket.owner_id), barred(context, ticket)
    if owner is not None and owner.id not in out:
        yield owner
    stand_in = choose_owner(work, policy, locale=ticket.locale, now=context.now, besides=(ticket.owner_id, *out))
    if stand_in is not None:
        yield stand_in
