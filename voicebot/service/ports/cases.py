"""The list of cases as a port: one query whose cost follows the page asked for, not what cases hold.

Knows: what a line of the list needs. Must not know: SQL, how a line is worded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.ticket import Channel, TicketStatus

FIRST_WORDS = 160
"""Characters of the problem that a line carries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseWish:
    """Which cases, and which stretch of them."""

    is_open: bool = False
    """Only cases in which somebody still owes the complainant something."""
    owner_id: str | None = None
    """Only this member's cases."""
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRow:
    """One case with what is owed in it."""

    case_number: str
    status: TicketStatus
    channel: Channel
    locale: str
    owner_id: str
    opened_at: datetime
    problem: str
    """The first words of it."""
    supervisor_asked_at: datetime | None
    target: str | None
    """Of the open promise; None without one."""
    window_opens_at: datetime | None
    window_closes_at: datetime | None
    missed_at: datetime | None
    """When the oldest window closed after which nobody has been reached yet."""
    told_at: datetime | None
    """When somebody is told next: a warning or a step of the ladder."""
    called_at: datetime | None
    """When a promise was last kept."""
    misses: int


class Cases(Protocol):
    """Cases as staff list them."""

    def page(self, wish: CaseWish) -> Sequence[CaseRow]:
        """Return them by what is owed: the longest missed or soonest closing first, then the newest."""
        ...

    def count(self, wish: CaseWish) -> int:
        """Count all that `page` would give without limit and offset."""
        ...
