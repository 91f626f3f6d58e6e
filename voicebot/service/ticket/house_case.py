"""Cases that hold what concerns the house alone, such as an alarm that no case brought about, a drill, the test call.

Every text to staff belongs to a case. What belongs to none hangs on one of these, never on a complaint that happens to
be the newest, whose page would tell of it, and which may be hidden from the very people who are to be told.
One holds what comes within a month of its opening. So its page stays short, and what it holds is quiet in the end, and
goes in its time like what any case holds. The morning list alone would keep one awake for ever.
Other systems are told of none (webhook/payload.py), since nobody complains by it.
Knows: how a case is opened and ended. Must not know: what it holds.
"""

from datetime import timedelta

from voicebot.domain.ticket import Channel, CloseReason, Ticket, close
from voicebot.service.decision.term import end_terms
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context
from voicebot.service.ticket.opening import TicketOpening, open_ticket

HOLDS_FOR = timedelta(days=30)
"""Our judgement. It is well below the shortest time that anything is kept."""


def house_case(context: Context) -> Ticket:
    """Return the newest of them, and open one where there is none of the last month."""
    return context.work.tickets.house(context.now - HOLDS_FOR) or open_house_case(context)


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
