"""Who of the staff saw a case or heard a voice in it, and when. It is kept as it happened, and nobody changes it.

Knows: nothing. Must not know: pages, tables.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

COUNTED_APART = timedelta(hours=1)
"""Within this time the same member who sees the same again is one access, because an open page asks anew every 20
seconds, and a player asks for a voice in many stretches.
"""


class AccessKind(StrEnum):
    """What was seen."""

    PAGE = "page"
    VOICE = "voice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Something that a member saw, before its case is looked up."""

    case: str
    """Case number, written in any way."""
    at: datetime
    staff_id: str
    answer_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAccess:
    """One access."""

    ticket_id: str
    at: datetime
    staff_id: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    kind: AccessKind
    answer_id: str | None = None
    """Whose voice was heard. None for a page."""


def is_same(one: CaseAccess, other: CaseAccess) -> bool:
    """Tell whether two accesses count as one."""
    what = (one.ticket_id, one.staff_id, one.kind, one.answer_id)
    return what == (other.ticket_id, other.staff_id, other.kind, other.answer_id) and (
        abs(one.at - other.at) < COUNTED_APART
    )
