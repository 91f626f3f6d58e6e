"""The complainant's part of a late decision: that we are late, the new date, and who else may be asked.

Knows: texts, terms. Must not know: which step of a ladder asked.
Source: script.md 7, "ladder, late decision"; FCA DISP 1.6.2 (keep the complainant informed).
"""

from datetime import datetime

from voicebot.domain.decision_term import DecisionTerm
from voicebot.domain.sms import Draft
from voicebot.domain.ticket import Ticket
from voicebot.flow.prompts import written_window
from voicebot.flow.session import SpokenWindow
from voicebot.service.hotline import Context
from voicebot.service.outbox.compose import Template, compose_to_complainant, note_no_text, slots_of
from voicebot.service.outbox.limits import why_no_apology
from voicebot.service.outbox.purpose import TextKind, purpose


def write_letter(context: Context, ticket: Ticket, late: DecisionTerm) -> None:
    """Text the complainant that a decision is late, once for each term; not who has told us nothing to decide."""
    body = context.policy.late_decision.outside_body
    template = Template.DECISION_LATE_OUTSIDE if body else Template.DECISION_LATE
    new = context.work.decision_terms.current_of(ticket.id)
    why_not = why_no_apology(context, ticket) or _why_nothing(context, ticket) or ("" if new else "it is decided")
    if why_not or new is None or new.due_at is None:
        note_no_text(context, ticket, template=template, why=why_not or "we wait for the complainant")
        return
    slots = slots_of(context, ticket, None) | {"date": _day(context, ticket, new.due_at), "outside_body": body}
    compose_to_complainant(
        context, ticket, Draft(purpose=purpose(TextKind.DECISION_LATE, late.id), template=template, slots=slots)
    )


def due_slots(context: Context, ticket: Ticket, at: datetime) -> dict[str, str]:
    """Return the slots `date` and `to` of an instant by which something is due."""
    window = written_window(SpokenWindow(opens_at=at, closes_at=at, zone=context.policy.calendar.zone), ticket.locale)
    return {"date": window["date"], "to": window["to"]}


def _day(context: Context, ticket: Ticket, at: datetime) -> str:
    return due_slots(context, ticket, at)["date"]


def _why_nothing(context: Context, ticket: Ticket) -> str:
    return "" if context.work.tickets.answers(ticket.id) else "nothing was told that could be decided"
