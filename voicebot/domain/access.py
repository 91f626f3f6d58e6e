"""Who of the staff looked at a case, heard a voice in it or took its words along, and when. Nobody changes it.

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
    """What was looked at, and how. Values are stored."""

    PAGE = "page"
    VOICE = "voice"
    """A voice was fetched. A page does that for its player before anybody presses play."""
    FILE = "file"
    """A file that came with a text was saved."""
    EXPORT = "export"
    """Its words were saved or printed."""
    FOUND = "found"
    """Words of it stood in what a search found."""
    ORIGINAL = "original"
    """Private numbers of it were shown or heard as they were said."""
    TERMINAL = "terminal"
    """It was shown on a terminal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """Something that a member saw, before its case is looked up."""

    case: str
    """Case number, written in any way."""
    at: datetime
    staff_id: str
    kind: AccessKind = AccessKind.PAGE
    answer_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """A list that somebody took along, which shows many cases at once."""

    at: datetime
    staff_id: str
    """StaffMember.id, a token's, or the login name of whoever is at the terminal."""
    what: str
    """`cases` or `calls`."""
    asked: str = ""
    """By what it was narrowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseAccess:
    """One access."""

    ticket_id: str
    at: datetime
    staff_id: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    kind: AccessKind
    answer_id: str | None = None
    """Whose voice was heard, or file saved. None for all else."""


def is_same(one: CaseAccess, other: CaseAccess) -> bool:
    """Tell whether two accesses count as one."""
    what = (one.ticket_id, one.staff_id, one.kind, one.answer_id)
    return what == (other.ticket_id, other.staff_id, other.kind, other.answer_id) and (
        abs(one.at - other.at) < COUNTED_APART
    )
