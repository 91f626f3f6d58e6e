"""The complainant's part of a late decision. It says that we are late and why, the new date, and who else may be asked.

Knows: texts, terms. Must not know: which step of a ladder asked.
Source: script.md 7, "ladder, late decision"; FCA DISP 1.6.2 (keep the complainant informed).
"""

from datetime import datetime

from voicebot.domain.decision_term import DecisionTerm
from voicebot.domain.sms import Draft
from voicebot.domain.ticket import Ticket
from voicebot.flow.prompts import render_text, written_window
from voicebot.flow.session import SpokenWindow
from voicebot.service.decision.explain import reason_given
from voicebot.service.decision.term import late_in_a_row
from voicebot.service.hotline import Context
from voicebot.service.outbox.compose import Template, compose_to_complainant, note_no_text, slots_of
from voicebot.service.outbox.limits import why_no_apology
from voicebot.service.outbox.purpose import TextKind, purpose
from voicebot.service.staff.members import responsible_after_second_miss, spoken_role
from voicebot.service.staff.readers import barred

_LETTERS = {
    (False, False): Template.DECISION_LATE,
    (False, True): Template.DECISION_LATE_OUTSIDE,
    (True, False): Template.DECISION_LATE_LAST,
    (True, True): Template.DECISION_LATE_LAST_OUTSIDE,
}
"""By whether it is the last one, and whether there is an outside body."""


def write_letter(context: Context, ticket: Ticket, late: DecisionTerm) -> None:
    """Text the complainant that a decision is late, once for each term. Who has told us nothing to decide gets none.

    The last letter that the policy allows in a row names no new date, but who answers for the case.
    """
    template = _template(context, ticket)
    new = context.work.decision_terms.current_of(ticket.id)
    why_not = why_no_apology(context, ticket) or _why_nothing(context, ticket) or ("" if new else "it is decided")
    if why_not or new is None or new.due_at is None:
        note_no_text(context, ticket, template=template, why=why_not or "we wait for the complainant")
        return
    slots = slots_of(context, ticket, None) | {
        "date": due_slots(context, ticket, new.due_at)["date"],
        "why": _why(context, ticket, late),
        "outside_body": context.policy.late_decision.outside_body,
        "owner_role": spoken_role(responsible_after_second_miss(context.policy, besides=barred(context, ticket))),
    }
    compose_to_complainant(
        context, ticket, Draft(purpose=purpose(TextKind.DECISION_LATE, late.id), template=template, slots=slots)
    )


def due_slots(context: Context, ticket: Ticket, at: datetime) -> dict[str, str]:
    """Return the slots `date` and `to` of an instant by which something is due."""
    window = written_window(SpokenWindow(opens_at=at, closes_at=at, zone=context.policy.calendar.zone), ticket.locale)
    return {"date": window["date"], "to": window["to"]}


def _template(context: Context, ticket: Ticket) -> Template:
    in_a_row = late_in_a_row(context.work, ticket.id)
    is_last = 1 < in_a_row >= context.policy.late_decision.told_at_most
    return _LETTERS[is_last, bool(context.policy.late_decision.outside_body)]


def _why(context: Context, ticket: Ticket, late: DecisionTerm) -> str:
    """Return what staff wrote down for the complainant in this term, else an honest sentence of ours."""
    is_again = late_in_a_row(context.work, ticket.id) > 1
    ours = Template.DECISION_LATE_WHY_AGAIN if is_again else Template.DECISION_LATE_WHY
    return reason_given(context.work, late) or render_text(context.flow, ticket.locale, ours, {})


def _why_nothing(context: Context, ticket: Ticket) -> str:
    return "" if context.work.tickets.answers(ticket.id) else "nothing was told that could be decided"
