"""A caller asks for a person, and the telephones of those on duty ring one after another, from the caller's own leg.

Supervisors first, then the owner of the case, other handlers, the rest of management. Each rings once in a call, all
together no longer than the policy says (`person_for`), and for one number not without end (`person_rings_a_day`). Two
at once never ring, because the voicemail that picks up first would win. Nobody is rung at the caller's own number.
Knows: who is on duty, calls to staff. Must not know: TwiML, what the flow says.
Source: twilio.md 1.11 (one person at a time, the next from `action`), complaints.md S1-03, S3-05.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from voicebot.domain.staff import Role, StaffMember
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState, asks_for_person, caller_of
from voicebot.domain.ticket import Ticket
from voicebot.service.call_context import CallContext
from voicebot.service.callback.barrier import member_barrier, telephone_of
from voicebot.service.callback.order import CallOrder, new_call
from voicebot.service.history import Verb, note_case
from voicebot.service.ladder.duty import allowed
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.rota import rota_of

RINGS_FOR = timedelta(seconds=20)
"""How long one telephone rings. A voicemail picks up a little later (twilio.md 1.11)."""

_A_DAY = timedelta(days=1)
_SUPERVISORS = 2
"""So many roles of management, from the first of the ladder on, are those whom callers mean by a supervisor."""


def legs_of(work: UnitOfWork, ticket_id: str, call_id: str) -> tuple[StaffCall, ...]:
    """Return the telephones that rang for a caller who asked for a person, first one first.

    Those that rang before the call joined another case stay with its own.
    """
    known = [
        call for each in (*work.tickets.merged_into(ticket_id), ticket_id) for call in work.staff_calls.of_ticket(each)
    ]
    return tuple(call for call in known if asks_for_person(call) and caller_of(call) == call_id)


def ring_next(context: CallContext) -> bool:
    """Write that the telephone of the next person rings, and return whether there is one."""
    legs, most = legs_of(context.work, context.call.ticket_id, context.call.id), context.policy.callbacks.person_for
    if most is None or context.call.is_canary or _rang_for(legs) + RINGS_FOR > most:
        return False
    ticket, rung = context.ticket(), {leg.member_id for leg in legs}
    member = next((each for each in _people(context, ticket) if each.id not in rung), None)
    if member is None:
        return False
    order = CallOrder(
        ticket=ticket,
        member=member,
        ordered_by="caller",
        kind=StaffCallKind.RANG_IN,
        purpose=f"{StaffCallKind.RANG_IN}:{context.call.id}:{member.id}",
    )
    call = replace(new_call(context, order), state=StaffCallState.RINGING, dialled_at=context.now, agreed=True)
    context.work.staff_calls.add(call)  # nobody else does: the call that asks is locked
    note_case(context.work, ticket.id, Verb.OWNER_ASKED_FOR, at=context.now, actor="caller", after=member.id)
    return True


def _rang_for(legs: Sequence[StaffCall]) -> timedelta:
    lasted = (leg.ended_at - leg.dialled_at for leg in legs if leg.ended_at is not None and leg.dialled_at is not None)
    return sum(lasted, timedelta(0))


def _people(context: CallContext, ticket: Ticket) -> Iterator[StaffMember]:
    """Yield those who are on duty, may have to do with the case and can be rung, the first choice first."""
    rota = rota_of(context.work, context.policy, now=context.now)
    here = allowed(context, ticket, (person.member for person in rota.on_duty(context.now)))
    handlers = {person.member.id for person in rota.on_duty(context.now, Role.HANDLER)}
    ranks = ((_rank(context, ticket, member, is_handler=member.id in handlers), member) for member in here)
    ranked = [(rank, member) for rank, member in ranks if rank is not None]
    for _, member in sorted(ranked, key=lambda each: each[0]):
        is_own = telephone_of(member) == context.call.caller_number
        if not is_own and member_barrier(context.hotline, member) is None and _may_ring(context, member):
            yield member


def _may_ring(context: CallContext, member: StaffMember) -> bool:
    """Tell whether the caller's number has made this telephone ring less often than the policy lets it in a day."""
    number = context.call.caller_number
    if number is None or number in context.policy.limits.calls.named:
        return True
    rung = (leg for leg in context.work.staff_calls.of_member(member.id, context.now - _A_DAY) if asks_for_person(leg))
    callers = (context.work.calls.get(caller_of(leg)) for leg in rung)
    count = sum(caller is not None and caller.caller_number == number for caller in callers)
    return count < context.policy.callbacks.person_rings_a_day


def _rank(context: CallContext, ticket: Ticket, member: StaffMember, *, is_handler: bool) -> int | None:
    """Return how soon somebody is rung, lowest first. None for those who talk to no caller, such as a lawyer.

    Who stands in for handlers is rung where the rota has them on duty as one.
    """
    management = context.policy.management
    if member.role in management[:_SUPERVISORS]:
        return management.index(member.role)
    if member.id == ticket.owner_id:
        return _SUPERVISORS
    if is_handler:
        return _SUPERVISORS + 1
    return _SUPERVISORS + 2 if member.role in management else None
