"""The company's own system is asked who has a case's number, by the worker and before anybody calls back.

What it says stands beside the imported customers of that number until the next look-up says otherwise, and goes as they
do. What is away, slow or answers nonsense is asked again by itself, and only so often (domain/customer_lookup.py). The
history says so, and the page does, and nobody waits for it.
Knows: whose look-up is due, the source. Must not know: HTTP, pages, who wants one anew (ticket/look_up.py).
Source: complaints.md S0-15.
"""

from voicebot.domain.customer_lookup import looked_up_id
from voicebot.errors import Unavailable
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.lookup import ticket_of

AT_ONCE = 3
"""In one round of the worker, which has more to do when the other side hangs."""


def lookups_due(context: Context) -> tuple[str, ...]:
    """Return ids of cases whose number is to be looked up. None where the settings name no system to ask."""
    if context.hotline.customer_source is None:
        return ()
    return tuple(context.work.customers.to_look_up(context.now, AT_ONCE))


def look_up(hotline: Hotline, ticket_id: str) -> None:
    """Ask once who has a case's number, and keep the answer, or why there was none.

    Nothing is kept of a number that was corrected or erased while it was asked for.
    """
    with hotline.look() as work:
        number = ticket_of(work, ticket_id).complainant_number
    if hotline.customer_source is None or number is None:
        return
    try:
        found, why_not = hotline.customer_source.find(number), ""
    except Unavailable as problem:
        found, why_not = None, str(problem)
    with hotline.unit_of_work() as work:
        work.tickets.hold(ticket_id)
        if ticket_of(work, ticket_id).complainant_number != number:
            return
        now, lookup = context_of(hotline, work).now, work.customers.lookup_of(ticket_id)
        if found is not None:
            work.customers.keep([found], now)
        elif not why_not:
            work.customers.forget([looked_up_id(number)])
        work.customers.keep_lookup(lookup.failed(now) if why_not else lookup.answered(now))
        verb = Verb.CUSTOMER_NOT_FOUND_OUT if why_not else Verb.CUSTOMER_LOOKED_UP
        note_case(work, ticket_id, verb, at=now, actor="worker", after=why_not)
        work.commit()
