"""A complaint about one of the staff. Whoever it is about has nothing to do with it, and does not learn of it.

This is the one place that says who may see a case. Lists and searches ask it of the database in one expression
(adapters/store/about.py), and a test compares both. Who reads is a staff id, and empty for the machine itself, which
sees every case.
Knows: cases, ids of staff. Must not know: pages, ladders, tables.
Source: complaints.md S3-09 (access to who is complained about is restricted).
"""

from voicebot.domain.ticket import Ticket

THE_MACHINE = ""
"""Who reads where nobody does."""


def may_see(ticket: Ticket, reader: str) -> bool:
    """Tell whether somebody may see a case."""
    return reader not in barred(ticket)


def barred(ticket: Ticket) -> frozenset[str]:
    """Return the ids of those who have nothing to do with a case: who owns it, hears of it or is sent is none of
    them.
    """
    return frozenset({ticket.about_id} if ticket.about_id else ())
