"""Rings when a promised window opens, where the policy says so. It sends a text first, and then rings the handler's
telephone.

Knows: windows, who calls back. Must not know: how a call is dialled.
Source: twilio.md 1.11; complaints.md V-09 (the call comes from the hotline's number, and is told beforehand).
"""

from datetime import timedelta

from voicebot.domain.sms import Draft
from voicebot.domain.ticket import is_open
from voicebot.service.callback.order import CallOrder, who_rings, write_order
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import Template, address_of, compose_to_complainant, slots_of
from voicebot.service.outbox.purpose import TextKind, purpose


def openings(context: Context, limit: int) -> tuple[str, ...]:
    """Return ids of cases whose promised window is open, and for which nobody was rung yet."""
    if not context.policy.callbacks.at_opening:
        return ()
    return tuple(context.work.staff_calls.openings(context.now, limit))


def ring_at_opening(hotline: Hotline, ticket_id: str) -> None:
    """Order the call of an open window, once. Where nobody can be rung, the warnings of the window do the telling."""
    with hotline.unit_of_work() as work:
        work.tickets.hold(ticket_id)
        context, ticket = context_of(hotline, work), ticket_of(work, ticket_id)
        promise = work.promises.open_of_ticket(ticket_id)
        if (
            promise is None
            or not promise.window_opens_at <= context.now < promise.window_closes_at
            or not is_open(ticket)
        ):
            return
        member = who_rings(context, ticket)
        if member is None or ticket.complainant_number is None:
            return
        address = address_of(context, ticket)
        delay = timedelta(0) if address.why_not else context.policy.callbacks.text_before
        order = CallOrder(
            ticket=ticket, member=member, ordered_by="worker", delay=delay, purpose=f"opening:{promise.id}"
        )
        call = write_order(context, order)
        if call is not None and delay:
            draft = Draft(
                purpose=purpose(TextKind.CALL_SOON, call.id),
                template=Template.CALL_SOON,
                slots=slots_of(context, ticket, None),
            )
            compose_to_complainant(context, ticket, draft, to=address)
        work.commit()
