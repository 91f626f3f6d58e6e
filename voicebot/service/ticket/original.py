"""Private numbers of a case as they were said, for who may see them and says why.

The reason stands in the history. For a while after it that member reads the case and hears its voices without marks.
The code of the case is shown to nobody. What was destroyed by policy is not there to be seen.
Knows: the history, who opened what. Must not know: roles, pages.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from voicebot.errors import Refused
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import find_ticket
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import lock_case, tidy

LASTS = timedelta(minutes=15)
"""So long the original stays open to who gave a reason."""


def open_original(hotline: Hotline, case: str, *, why: str, actor: str) -> None:
    """Note why somebody looks at the private numbers of a case, which opens them to that member for a while.

    Raises: Refused without a reason, or when there is no such case.
    """
    if not tidy(why):
        raise Refused("this needs a reason: what is to be checked, and who asked for it", code="reason-missing")
    with hotline.unit_of_work() as work:
        ticket, now = lock_case(work, case), context_of(hotline, work).now
        note_case(work, ticket.id, Verb.ORIGINAL_OPENED, at=now, actor=actor, after=tidy(why))
        work.commit()


def original_of(hotline: Hotline, case: str, *, actor: str) -> Hotline:
    """Return the hotline as this member may see it now, with private numbers as they were said.

    Raises: Refused when they gave no reason lately, or when there is no such case.
    """
    with hotline.look() as work:
        ticket, now = find_ticket(work, case), context_of(hotline, work).now
        if not _is_open(work, ticket.id, actor, now):
            raise Refused("say first why you look at the private numbers of this case", code="original-closed")
    return replace(hotline, look=hotline.look_at_original)


def _is_open(work: UnitOfWork, ticket_id: str, actor: str, now: datetime) -> bool:
    opened = (entry for entry in work.tickets.history(ticket_id) if entry.verb == Verb.ORIGINAL_OPENED)
    return any(entry.actor == actor and now - LASTS < entry.at <= now for entry in opened)
