"""Who may see a case. Not whom of the staff it complains about, and only some roles where its kind says so.

Whoever may not see a case has nothing to do with it, and does not learn of it. This is the one place that decides it.
Lists and searches ask it of the database in one expression (adapters/store/about.py), and a test compares both. The
machine itself sees every case. A kind that the policy does not have any more is closed to nobody.
Knows: cases, kinds of complaint, roles. Must not know: pages, ladders, tables, who has which role.
Source: complaints.md S3-09 (access to who is complained about is restricted).
"""

from collections.abc import Collection
from dataclasses import dataclass

from voicebot.domain.category import Categories
from voicebot.domain.staff import Role
from voicebot.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, or is told of, cases."""

    id: str = ""
    """StaffMember.id, or the login name of whoever is at the terminal. Empty is the machine."""
    closed: frozenset[str] = frozenset()
    """Ids of the kinds of complaint that none of their roles may see."""
    token_role: Role | None = None
    """Role of the token by which a program of theirs reads. None where they read themselves."""


THE_MACHINE = Reader()
"""Who reads where nobody does."""


def may_see(ticket: Ticket, reader: Reader) -> bool:
    """Tell whether somebody may see a case."""
    return ticket.about_id != reader.id and ticket.category not in reader.closed


def closed_to(roles: Collection[Role], categories: Categories) -> frozenset[str]:
    """Return the ids of the kinds that nobody with only these roles may see."""
    return frozenset(each.id for each in categories.values() if each.seen_by and each.seen_by.isdisjoint(roles))
