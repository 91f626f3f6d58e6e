"""A new case, with the number that is spoken, the PIN that opens it, its owner and its time to decide.

Knows: case numbers, who a new case goes to. Must not know: whether a call or a text opens it.
"""

from dataclasses import dataclass, replace

from voicebot.domain.case_number import mint_case_number, mint_pin
from voicebot.domain.ticket import Channel, Ticket, TicketStatus
from voicebot.service.decision.term import begin_term
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ports import CaseNumberTaken
from voicebot.service.staff.assignment import owner_of_new_case

MOST_MINTED = 50
"""Case numbers tried before the source of digits counts as broken. One in nine is taken at ten million cases."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketOpening:
    """What is known when a case is opened."""

    channel: Channel
    locale: str
    complainant_number: str | None
    """E.164, past the number gate."""
    written_from: str | None = None
    """Who wrote, where nobody can be called."""
    problem: str = ""
    """What it is about, where the words came with it."""


def open_ticket(context: Context, opening: TicketOpening) -> Ticket:
    """Open a case with number, PIN, owner and the clock of its decision, in the caller's transaction."""
    owner = owner_of_new_case(context.work, context.policy, locale=opening.locale, now=context.now)
    ticket = Ticket(
        id=context.hotline.ids.new_id(),
        case_number="",
        pin=mint_pin(context.hotline.ids.random_digits),
        status=TicketStatus.OPEN,
        channel=opening.channel,
        locale=opening.locale,
        opened_at=context.now,
        owner_id=owner.id,
        complainant_number=opening.complainant_number,
        written_from=opening.written_from,
        problem=opening.problem,
    )
    ticket = _add_under_fresh_number(context, ticket)
    note_case(context.work, ticket.id, Verb.TICKET_OPENED, at=context.now, actor="system", after=ticket.owner_id)
    begin_term(context, ticket.id)
    return ticket


def _add_under_fresh_number(context: Context, ticket: Ticket) -> Ticket:
    for _ in range(MOST_MINTED):
        numbered = replace(ticket, case_number=mint_case_number(context.hotline.ids.random_digits))
        try:
            context.work.tickets.add(numbered)
        except CaseNumberTaken:
            continue
        return numbered
    raise AssertionError(f"{MOST_MINTED} case numbers in a row were used before")
