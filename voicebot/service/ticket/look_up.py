"""Who has the number of a case is to be looked up anew, because staff say so or are about to call.

Here it is only written that somebody waits for it. The worker asks, so a slow system holds up nobody's page.
Knows: the case's lock, how far its look-up is. Must not know: the source, pages.
Source: complaints.md S0-15.
"""

from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.staff.decision import lock_case


def look_up_again(hotline: Hotline, case: str) -> None:
    """Have a case's number looked up, with as many tries as the first time.

    Raises: Refused when the case is unknown or has no number, or the settings name no system to ask.
    """
    with hotline.unit_of_work() as work:
        ticket, context = lock_case(work, case), context_of(hotline, work)
        if hotline.customer_source is None:
            raise Refused(
                "no system of the company is asked who has a number: an operator names one with "
                "VOICEBOT_CUSTOMER_LOOKUP_URL",
                code="lookup-none",
            )
        if ticket.complainant_number is None:
            raise Refused("the case has no number to look up: write it down first", code="lookup-number")
        work.customers.keep_lookup(work.customers.lookup_of(ticket.id).wanted(context.now))
        work.commit()


def freshen(context: Context, ticket: Ticket) -> None:
    """Have a number looked up that somebody is about to call, where what is known of it is old."""
    if context.hotline.customer_source is None or ticket.complainant_number is None:
        return
    lookup = context.work.customers.lookup_of(ticket.id)
    if lookup.is_old(context.now):
        context.work.customers.keep_lookup(lookup.wanted(context.now))
