"""What came of a call, written on the case once, and what follows a try.

A try is followed by another in the same window while the policy allows, then by a window on a later day and at another
time of day. Each time a text names when. A talk by somebody who is not of management does not keep the promise that a
supervisor calls, and this is said.
Knows: outcomes, promises, texts. Must not know: keys, the carrier.
Source: script.md 7 (no answer); complaints.md S3-05 (who asked for a supervisor is called by one).
"""

from collections.abc import Sequence
from dataclasses import replace

from voicebot.domain.promise import CallbackWindow, CallOutcome, Promise
from voicebot.domain.sms import Draft
from voicebot.domain.staff_call import StaffCall, end_of_call, evidence_of_talk, outcome_of
from voicebot.domain.ticket import Ticket
from voicebot.domain.try_spacing import next_try_not_before, window_of_next_try
from voicebot.service.callback.order import CallOrder, write_order
from voicebot.service.callback.talk import drop_machine
from voicebot.service.callback.waiting import note_wait
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.lookup import going_on
from voicebot.service.outbox.compose import (
    Template,
    compose_to_complainant,
    slots_of,
)
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.ports import UnitOfWork
from voicebot.service.promise.agreed_time import agreed_windows
from voicebot.service.promise.keep import note_call
from voicebot.service.promise.make import (
    MOST_LOOKED_AT,
    SUPERVISOR_TARGET,
    PromiseRequest,
    make_promise_booked_or_not,
    open_windows,
)
from voicebot.service.staff.members import find_member, has_say

NOT_A_SUPERVISOR = "spoken with, but a supervisor was promised: one has yet to call, or say why not"
_TRIED_AGAIN = frozenset(
    {CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.VOICEMAIL, CallOutcome.FAILED, CallOutcome.SOMEBODY_ELSE}
)


def settle(context: Context, call: StaffCall) -> None:
    """End a call in which the complainant was rung, in the transaction under way.

    Where staff have joined its case into another one meanwhile, what came of it belongs there.
    """
    human_talk = context.policy.callbacks.human_talk
    outcome = outcome_of(call, human_talk=human_talk)
    assert outcome is not None, "asked of calls in which the complainant was rung"
    ticket = going_on(context.work, call.ticket_id)
    known = drop_machine(context, call) if outcome is CallOutcome.VOICEMAIL else call
    call = replace(known, ticket_id=ticket.id)
    ended = end_of_call(call, outcome, context.now)
    context.work.staff_calls.save(ended)
    if outcome is CallOutcome.REACHED:
        _note_talk(context, call, ticket, evidence=evidence_of_talk(call, human_talk=human_talk))
        note_wait(context, ended)
        return
    note_call(context, ticket, outcome=outcome, said=_said(outcome, call), actor=call.member_id)
    if outcome in _TRIED_AGAIN and not call.refused:
        _follow_try(context, call, ticket)


def note_refusal(context: Context, call: StaffCall, ticket: Ticket) -> None:
    """Write that somebody at the complainant's number did not ask for the call, so it is not rung again.

    `ticket` is the case for which it was rung. The case that goes on then has no number to ring, and somebody looks for
    one.
    """
    work, now = context.work, context.now
    assert ticket.complainant_number is not None, "their telephone rang"
    work.staff_calls.block(ticket.complainant_number, now)
    work.staff_calls.save(replace(call, refused=True))
    standing = going_on(work, ticket.id)
    if standing.complainant_number == ticket.complainant_number:
        work.tickets.save(replace(standing, complainant_number=None))
    note_case(work, standing.id, Verb.CALL_REFUSED, at=now, actor="caller")


def _note_talk(context: Context, call: StaffCall, ticket: Ticket, *, evidence: str) -> None:
    promise = context.work.promises.open_of_ticket(ticket.id)
    is_short = promise is not None and not _may_keep(context, promise, call.member_id)
    note_call(
        context,
        ticket,
        outcome=CallOutcome.SOMEBODY_ELSE if is_short else CallOutcome.REACHED,
        said=NOT_A_SUPERVISOR if is_short else evidence,
        actor=call.member_id,
    )


def _may_keep(context: Context, promise: Promise, member_id: str) -> bool:
    if promise.target != SUPERVISOR_TARGET:
        return True
    return has_say(context.work, context.policy, member_id)


def _said(outcome: CallOutcome, call: StaffCall) -> str:
    return f"{outcome}: nobody there asked for the call" if call.refused else str(outcome)


def _follow_try(context: Context, call: StaffCall, ticket: Ticket) -> None:
    """Try again in this window, or promise another one. Tell the complainant when."""
    promise = context.work.promises.open_of_ticket(ticket.id)
    if promise is None:
        return
    if _is_room_for_another(context, call, promise):
        _try_again(context, call, ticket)
        _tell(context, call, ticket, promise)
        return
    tried = _windows_tried(context.work, ticket.id)
    if len(tried) >= context.policy.callbacks.windows:
        return
    following = _promise_another(context, ticket, promise, tried)
    if following is not None:
        _tell(context, call, ticket, following)


def _is_room_for_another(context: Context, call: StaffCall, promise: Promise) -> bool:
    rules, now = context.policy.callbacks, context.now
    tried = [other for other in context.work.staff_calls.of_ticket(call.ticket_id) if _is_try_in(other, promise.id)]
    return len(tried) < rules.tries_per_window and now + rules.between_tries < promise.window_closes_at


def _is_try_in(call: StaffCall, promise_id: str) -> bool:
    return bool(call.dial_status) and call.promise_id == promise_id


def _promise_another(
    context: Context, ticket: Ticket, promise: Promise, tried: Sequence[CallbackWindow]
) -> Promise | None:
    """Promise a window on a later day and at another time of day, or where that is booked up, the next there is."""
    policy = context.policy
    not_before = next_try_not_before(policy.callbacks, policy.calendar, tried)
    is_agreed = agreed_windows(context, ticket.complainant_number)
    later = [window for window in open_windows(context, ticket, most=MOST_LOOKED_AT) if window.opens_at >= not_before]
    offered = [window for window in later if is_agreed is None or is_agreed(window)] or later
    window = window_of_next_try(offered, tried, policy.calendar)
    request = PromiseRequest(
        ticket=ticket,
        target=promise.target,
        is_later=window is None,
        attempt=promise.attempt,
        chosen=window,
        windows_in_vain=len(tried),
    )
    return make_promise_booked_or_not(context, request)


def _windows_tried(work: UnitOfWork, ticket_id: str) -> tuple[CallbackWindow, ...]:
    """Return the windows in which somebody called in vain, oldest first."""
    called = {call.promise_id for call in work.staff_calls.of_ticket(ticket_id) if call.dial_status}
    return tuple(promise.window for promise in work.promises.of_ticket(ticket_id) if promise.id in called)


def _try_again(context: Context, call: StaffCall, ticket: Ticket) -> None:
    member = find_member(context.work, context.policy, call.member_id)
    if member is not None:
        order = CallOrder(
            ticket=ticket, member=member, ordered_by="worker", delay=context.policy.callbacks.between_tries
        )
        write_order(context, order)


def _tell(context: Context, call: StaffCall, ticket: Ticket, promise: Promise) -> None:
    draft = Draft(
        purpose=purpose(TextKind.TRIED, call.id),
        template=Template.NOT_REACHED,
        slots=slots_of(context, ticket, promise),
    )
    compose_to_complainant(context, ticket, draft)
