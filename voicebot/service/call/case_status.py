"""How a case stands, as far as a caller is told in words: who has it, what comes next, and what we missed.

The role of whoever is responsible is said where the language has a clip of it. Nothing else of the case is said, since
telephones are shared.
Knows: promises, breaches, terms. Must not know: who may hear it (repeat_call.py, case_access.py), the words.
Source: complaints.md S1-22; script.md 1 (the apology comes before anything else).
"""

from datetime import datetime

from voicebot.domain.decision_term import TermState
from voicebot.domain.promise import Promise
from voicebot.domain.ticket import Ticket, TicketStatus, is_open
from voicebot.flow.prompts import spoken_roles
from voicebot.flow.session import KnownCase, SpokenWindow, Stands
from voicebot.service.call_context import CallContext
from voicebot.service.promise.make import awaited_promise
from voicebot.service.staff.members import find_member, spoken_role


def known_of(context: CallContext, ticket: Ticket) -> KnownCase:
    """Return what may be said of a case to somebody whose it is."""
    promise = awaited_promise(context, ticket.id) if is_open(ticket) else None
    return KnownCase(
        case_id=ticket.id,
        window=None if promise is None else spoken_window(context, promise),
        answer_by=None if promise is not None else _next_day(context, ticket),
        may_text=ticket.may_text,
        stands=_stands(ticket),
        is_missed=is_open(ticket) and _is_missed(context, ticket),
        owner_role=_role(context, ticket),
    )


def spoken_window(context: CallContext, promise: Promise) -> SpokenWindow:
    """Return a promised window as it is said."""
    zone = context.policy.calendar.zone
    return SpokenWindow(opens_at=promise.window_opens_at, closes_at=promise.window_closes_at, zone=zone)


def _stands(ticket: Ticket) -> Stands:
    if is_open(ticket):
        return Stands.OPEN
    return Stands.ANSWERED if ticket.status is TicketStatus.ANSWERED else Stands.ENDED


def _next_day(context: CallContext, ticket: Ticket) -> datetime | None:
    """Return when the case is decided at the latest, or until when its complainant may say no to the answer."""
    if not is_open(ticket):
        return ticket.closes_at
    term = context.work.decision_terms.current_of(ticket.id)
    return term.due_at if term is not None and term.state is TermState.RUNNING else None


def _is_missed(context: CallContext, ticket: Ticket) -> bool:
    return any(breach.ended_at is None for breach in context.work.promises.breaches_of_ticket(ticket.id))


def _role(context: CallContext, ticket: Ticket) -> str:
    owner = find_member(context.work, context.policy, ticket.owner_id)
    role = "" if owner is None else spoken_role(owner).removeprefix("your ")
    return role if role in spoken_roles(context.flow, context.call.locale) else ""
