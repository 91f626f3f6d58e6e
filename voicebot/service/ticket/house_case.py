"""Cases that hold what concerns the house alone, such as an alarm that no case brought about, a drill, the test call.

Every text to staff belongs to a case. What belongs to none hangs on one of these, never on a complaint that happens to
be the newest, whose page would tell of it, and which may be hidden from the very people who are to be told.
Knows: how a case is opened and ended. Must not know: what it holds.
"""

from voicebot.domain.ticket import Channel, CloseReason, Ticket, close
from voicebot.service.decision.term import end_terms
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ticket.opening import TicketOpening, open_ticket


def house_case(context: Context) -> Ticket:
    """Return the newest of them, and open one where there is none yet."""
    return context.work.tickets.house() or open_house_case(context)


def open_house_case(context: Context, *, holds: str = "an alarm") -> Ticket:
    """Open one. Nothing is due on it."""
    flow = context.flow
    opening = TicketOpening(channel=Channel.PHONE, locale=flow.locales[0], complainant_number=None)
    ticket = close(open_ticket(context, opening), CloseReason.HOUSE, at=context.now)
    context.work.tickets.save(ticket)
    end_terms(context, ticket.id)
    note_case(
        context.work,
        ticket.id,
        Verb.NOTE_WRITTEN,
        at=context.now,
        actor="system",
        after=f"opened by the hotline to hold {holds}",
    )
    return ticket
