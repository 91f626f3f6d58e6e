"""The complainant's part of an escalation, with an apology and a new window.

Knows: texts, windows. Must not know: which step of a ladder asked.
"""

from voicebot.domain.promise import Breach, Promise
from voicebot.domain.sms import Draft, SmsState
from voicebot.domain.ticket import Ticket
from voicebot.flow.prompts import render_text
from voicebot.service.hotline import Context
from voicebot.service.lookup import ticket_of
from voicebot.service.outbox.compose import (
    Template,
    compose_to_complainant,
    note_no_text,
    slots_of,
    why_no_text,
)
from voicebot.service.outbox.limits import why_no_apology
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.promise.make import PromiseRequest, confirm_promise, make_promise_booked_or_not
from voicebot.service.staff.members import responsible_after_second_miss, spoken_role
from voicebot.service.staff.readers import barred


def is_texted(context: Context, breach: Breach) -> bool:
    """Tell whether the complainant gets the apology, or got it, though it may have been held back as it was to
    leave.
    """
    ticket, key = ticket_of(context.work, breach.ticket_id), purpose(TextKind.MISSED, breach.promise_id)
    apology = next((sms for sms in context.work.sms.of_ticket(ticket.id) if sms.purpose == key), None)
    if apology is None:
        return not why_no_apology(context, ticket)
    return apology.state is not SmsState.SUPPRESSED and not why_no_text(context, ticket)


def apologise(context: Context, promise: Promise, *, is_again: bool) -> None:
    """Text the complainant an apology with a new window, or who answers for the case from the second miss on.

    Not whom nobody promised anything in words (a silent caller, one who wants to write), because that miss is staff's
    alone.
    """
    if not promise.words:
        return
    ticket = ticket_of(context.work, promise.ticket_id)
    key = purpose(TextKind.MISSED, promise.id)
    why_not = why_no_apology(context, ticket)
    if why_not:
        note_no_text(context, ticket, template=Template.MISSED_AGAIN if is_again else Template.MISSED, why=why_not)
        return
    new = None if is_again else _second_promise(context, ticket)
    if new is None:
        slots = slots_of(context, ticket, None) | responsible_slots(context, ticket)
        compose_to_complainant(context, ticket, Draft(purpose=key, template=Template.MISSED_AGAIN, slots=slots))
        return
    slots = slots_of(context, ticket, new)
    compose_to_complainant(context, ticket, Draft(purpose=key, template=Template.MISSED, slots=slots))
    words = render_text(context.flow, ticket.locale, Template.MISSED, slots)
    confirm_promise(context.work, ticket, words=words, is_confirmed=False)


def _second_promise(context: Context, ticket: Ticket) -> Promise | None:
    """Make the window that goes with the apology. It may be booked up, since a first miss gets no second one."""
    request = PromiseRequest(ticket=ticket, target=context.policy.ladder.apology_target, attempt=2)
    return make_promise_booked_or_not(context, request)


def responsible_slots(context: Context, ticket: Ticket) -> dict[str, str]:
    """Return the slot that names who answers for a case from its second miss on, and never whom it complains about."""
    return {"owner_role": spoken_role(responsible_after_second_miss(context.policy, besides=barred(context, ticket)))}
