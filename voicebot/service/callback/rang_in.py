"""A caller is put through to staff: one who waits for our call to whoever is responsible, any to a person on duty.

That member's phone rings from the caller's own leg, so the carrier is asked for no call. The row is written in the turn
in which the caller says yes, once for each call, so whatever is delivered twice rings nobody twice. They talk when the
member has pressed 1 and the carrier connected both. That keeps the promise as any talk does, and the call then belongs
to the case. Else nothing of the case has changed, and the call goes on as any other.
Knows: who is on duty, calls to staff, calls to the hotline. Must not know: TwiML, what the flow says.
Source: twilio.md 1.11 (whisper, evidence of a talk), 1.12 (two calls of one case are one too many).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from voicebot.domain.call import Call
from voicebot.domain.staff import StaffMember
from voicebot.domain.staff_call import (
    StaffCall,
    StaffCallKind,
    StaffCallState,
    asks_for_person,
    caller_of,
    end_of_call,
)
from voicebot.domain.ticket import Ticket
from voicebot.flow.events import OwnerNotReached, OwnerSpoke
from voicebot.service.call_context import CallContext, call_context_of
from voicebot.service.callback.barrier import telephone_of
from voicebot.service.callback.dial import end_within
from voicebot.service.callback.order import CallOrder, new_call, who_rings
from voicebot.service.callback.person_now import RINGS_FOR, legs_of, ring_next
from voicebot.service.callback.settle import settle
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import going_on, lock_call
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.make import awaited_promise, is_call_owed
from voicebot.service.staff.members import find_member
from voicebot.service.ticket.call_joining import join_call

Result = OwnerSpoke | OwnerNotReached


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerLeg:
    """Whose phone rings for a caller who waits."""

    call_id: str
    """Of the call to the member of staff."""
    number: str
    ring_for: timedelta
    longest: timedelta
    is_first: bool = True
    """False where another telephone has rung for the caller already, and they have heard what we say before that."""


def owner_to_offer(context: Context, case: Ticket) -> StaffMember | None:
    """Return who a caller is offered to talk to about an open case of theirs, or None when nobody.

    Nobody at a number that many people share, because whoever rings there may be somebody else.
    """
    if case.complainant_number in context.policy.limits.calls.named:
        return None
    if context.policy.callbacks.offer_for is None or not is_call_owed(context.work, case.id):
        return None
    if _is_rung_already(context, case):
        return None
    return who_rings(context.of_today(), case)


def ring_owner(context: CallContext, case: Ticket | None) -> Result | None:
    """Write that the owner's phone rings for this call. None while it does, else what came of it."""
    known = context.work.staff_calls.of_purpose(_purpose(context.call.id))
    if known is not None:
        return _result(context, known) if known.state is StaffCallState.ENDED else None
    member = None if case is None else owner_to_offer(context, case)
    if case is None or member is None:
        return _not_reached(context, None if case is None else case.id)
    order = CallOrder(
        ticket=case,
        member=member,
        ordered_by="caller",
        kind=StaffCallKind.RANG_IN,
        purpose=_purpose(context.call.id),
    )
    call = replace(new_call(context, order), state=StaffCallState.RINGING, dialled_at=context.now, agreed=True)
    context.work.staff_calls.add(call)  # nobody else does: the call that asks is locked
    note_case(context.work, case.id, Verb.OWNER_ASKED_FOR, at=context.now, actor="caller", after=member.id)
    return None


def ring_person(context: CallContext) -> Result | None:
    """Write that somebody on duty is rung for this call. None while anybody's phone rings, else what came of it."""
    legs = legs_of(context.work, context.call.ticket_id, context.call.id)
    if any(_is_talk(leg) for leg in legs):
        return OwnerSpoke()
    if any(leg.state is not StaffCallState.ENDED for leg in legs) or ring_next(context):
        return None
    return _not_reached(context, context.call.ticket_id, was_rung=bool(legs))


def owner_leg(hotline: Hotline, call_id: str) -> OwnerLeg | None:
    """Return whose phone rings for a caller, or None when that is over, or nobody goes by that name any more."""
    with hotline.unit_of_work() as work:
        legs, policy = _legs(work, lock_call(work, call_id)), hotline.flows.current_policy()
        call = next((leg for leg in legs if leg.state is not StaffCallState.ENDED), None)
        member = None if call is None else find_member(work, policy, call.member_id)
        rules = policy.callbacks
        if call is None or member is None:
            return None
        is_person = asks_for_person(call)
        return OwnerLeg(
            call_id=call.id,
            number=telephone_of(member),
            ring_for=RINGS_FOR if is_person else rules.offer_for or rules.ring_for,
            longest=rules.longest_talk,
            is_first=not is_person or len([leg for leg in legs if asks_for_person(leg)]) == 1,
        )


def close_owner_leg(
    hotline: Hotline, call_id: str, *, status: str, is_bridged: bool, seconds: int, leg: str = ""
) -> Result | None:
    """Note how a leg ended, once, and return what the flow is told of it, or None where the next telephone rings.

    `leg` is the id of the call to the member. Without it, it is the one that rings.
    """
    with hotline.unit_of_work() as work:
        caller = lock_call(work, call_id)
        call = _leg_meant(_legs(work, caller), leg)
        context = context_of(hotline, work)
        if call is None:
            return OwnerNotReached()
        if call.state is not StaffCallState.ENDED:
            is_talk = is_bridged and call.state is StaffCallState.TAKEN
            known = replace(call, dial_status=status, was_bridged=is_talk, talk_s=seconds)
            call = _settle(context, known, caller)
            result = _result_of(call_context_of(context, lock_call(work, call_id)), call)
            work.commit()
            return result
        return _result_again(context, caller, call)


def _legs(work: UnitOfWork, caller: Call) -> tuple[StaffCall, ...]:
    """Return every telephone of staff that rang for a caller, first one first."""
    owner = work.staff_calls.of_purpose(_purpose(caller.id))
    return (*([] if owner is None else [owner]), *legs_of(work, caller.ticket_id, caller.id))


def _leg_meant(legs: Sequence[StaffCall], leg_id: str) -> StaffCall | None:
    if leg_id:
        return next((leg for leg in legs if leg.id == leg_id), None)
    ringing = [leg for leg in legs if leg.state is not StaffCallState.ENDED]
    return next(iter((*ringing, *reversed(legs))), None)


def _result_of(context: CallContext, call: StaffCall) -> Result | None:
    return ring_person(context) if asks_for_person(call) else _result(context, call)


def _result_again(context: Context, caller: Call, call: StaffCall) -> Result | None:
    """Return what was answered before to the same news, and ring nobody for it."""
    if not asks_for_person(call) or _is_talk(call):
        return _result(context, call)
    legs = legs_of(context.work, caller.ticket_id, caller.id)
    if any(leg.state is not StaffCallState.ENDED for leg in legs):
        return None
    return _not_reached(context, call.ticket_id, was_rung=True)


def close_left_leg(hotline: Hotline, staff_call_id: str) -> None:
    """The owner's leg is over. Where the caller hung up first, nobody tells more, since a talk long enough is one."""
    with hotline.unit_of_work() as work:
        known = work.staff_calls.get(staff_call_id)
        caller = None if known is None else work.calls.lock(caller_of(known))
        call = work.staff_calls.lock(staff_call_id)
        context = context_of(hotline, work)
        if call is None or caller is None or call.state is not StaffCallState.TAKEN:
            return
        lasted = context.now - call.state_at
        if lasted >= context.policy.callbacks.human_talk:
            _settle(context, replace(call, dial_status="completed", was_bridged=True, talk_s=lasted.seconds), caller)
            work.commit()


def has_talked(context: CallContext) -> bool:
    """Tell whether the caller of this call has talked to whoever is responsible. Then nothing else is owed for it.

    Who wrote to us meanwhile is answered for that as well.
    """
    legs = _legs(context.work, context.call)
    return any(leg.ticket_id == context.call.ticket_id and _is_talk(leg) for leg in legs)


def is_talking(context: Context, call: Call) -> bool:
    """Tell whether a call waits for the owner, or talks to them."""
    return any(leg.state is not StaffCallState.ENDED for leg in _legs(context.work, call))


def _settle(context: Context, call: StaffCall, caller: Call) -> StaffCall:
    if not call.was_bridged:
        end_within(context, call, _WHY_NOT.get(call.dial_status, "their telephone rang, and they did not press 1"))
    else:
        settle(context, call)
        in_call, case = call_context_of(context, caller), going_on(context.work, call.ticket_id)
        _end_waiting(context, case)
        has_written = bool(context.work.tickets.answers(caller.ticket_id))  # words are joined at the end of the call
        if caller.ticket_id != case.id and not has_written:
            join_call(in_call, case, Verb.RANG_IN)
    settled = context.work.staff_calls.get(call.id)
    assert settled is not None, "it was there a moment ago"
    return settled


def _end_waiting(context: Context, case: Ticket) -> None:
    """End calls to the same complainant that wait to be dialled, because they have been spoken with."""
    for call in context.work.staff_calls.under_way((case.id,)):
        if call.state is StaffCallState.WAITING and call.kind is StaffCallKind.CALLBACK:
            context.work.staff_calls.save(end_of_call(call, "they rang in and were spoken with", context.now))


_WHY_NOT = {
    "busy": "their telephone was busy",
    "no-answer": "they did not pick up",
    "failed": "their telephone cannot be reached",
    "canceled": "the caller hung up first",
}


def _is_rung_already(context: Context, case: Ticket) -> bool:
    return any(call.dialled_at is not None for call in context.work.staff_calls.under_way((case.id,)))


def _is_talk(call: StaffCall) -> bool:
    return call.state is StaffCallState.ENDED and call.was_bridged


def _result(context: Context, call: StaffCall) -> Result:
    return OwnerSpoke() if _is_talk(call) else _not_reached(context, call.ticket_id)


def _not_reached(context: Context, case_id: str | None, *, was_rung: bool = True) -> OwnerNotReached:
    """Say whether the owed call is promised for a time to come: else only the miss is being made good."""
    is_promised = case_id is not None and awaited_promise(context, case_id) is not None
    return OwnerNotReached(is_call_promised=is_promised, was_rung=was_rung)


def _purpose(call_id: str) -> str:
    return f"{StaffCallKind.RANG_IN}:{call_id}"
