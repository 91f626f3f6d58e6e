"""The list of cases as a port. One query's cost follows the page asked for, not what cases hold.

Knows: what a line of the list needs. Must not know: SQL, how a line is worded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.case_number import written
from voicebot.domain.next_date import NextDate, next_date
from voicebot.domain.promise import FIND_NUMBER, owed
from voicebot.domain.ticket import Channel, TicketStatus
from voicebot.service.ports.basics import Stretch

FIRST_WORDS = 160
"""Characters of the problem that a line carries."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseQuery:
    """Which cases, and which stretch of them."""

    is_open: bool = False
    """Only cases in which somebody still owes the complainant something."""
    owner_id: str | None = None
    """Only this member's cases."""
    category: str | None = None
    """Only cases of this kind of complaint. Empty text: those whose kind nobody has said."""
    is_supervisor_owed: bool = False
    """Only cases in which a supervisor is promised to call."""
    status: TicketStatus | None = None
    limit: int | None = None
    offset: int = 0
    behind: str | None = None
    """Number of the case after which the page begins. It takes the place of the offset where the case is among those
    without a date, which are most of a long list, so that no page of them costs more than another."""
    before: str | None = None
    """Number of the case before which the page ends, in the same way."""
    stretch: Stretch | None = None
    """By when they were opened, instead of by what can be done for them. Limit and offset mean nothing then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """One case in the list, with what is owed in it.

    The only record of a line, since the page and the terminal word it.
    """

    ticket_id: str
    case_number: str
    status: TicketStatus
    channel: Channel
    locale: str
    owner_id: str
    opened_at: datetime
    problem: str
    """The first words of it."""
    number_end: str
    """The last four digits to ring, empty without a number."""
    is_listen_first: bool
    """Whether the caller was not understood, so that the voice is to be heard first."""
    supervisor_asked_at: datetime | None
    target: str | None
    """Of the open promise. None without one."""
    window_opens_at: datetime | None
    window_closes_at: datetime | None
    missed_at: datetime | None
    """When the oldest window closed after which nobody has been reached yet."""
    told_at: datetime | None
    """When somebody is told next. That is a warning or a step of the ladder."""
    called_at: datetime | None
    """When a promise was last kept."""
    decide_by: datetime | None
    """When a decision is due. None while we wait for the complainant, and in a case that is over."""
    waiting_until: datetime | None
    closes_at: datetime | None
    """When an answered case is closed."""
    misses: int
    repeats: int
    """How often the complainant came back with words."""
    category: str = ""
    """Id of the kind of complaint. Empty until staff said it."""
    owner: str = ""
    """How the owner is called. The store knows ids only (queries/case_list.py)."""
    name: str = ""
    """What the complainant is called, as staff wrote it down. It is filled in there, too."""
    kind: str = ""
    """What staff call the kind of complaint. It is filled in there, too."""

    @property
    def case(self) -> str:
        """The case number as people write it."""
        return written(self.case_number)

    @property
    def has_number(self) -> bool:
        """Whether there is a number to ring."""
        return bool(self.number_end)

    @property
    def deadline(self) -> str:
        """The call that is owed, such as `call standard` or `call after a miss`. Empty when none is."""
        if self.is_missed:
            return "call after a miss" if self.has_number else owed(FIND_NUMBER)
        return "" if self.target is None else owed(self.target)

    @property
    def deadline_at(self) -> datetime | None:
        """When its window closes. After a miss, when the window closed that was missed."""
        return self.missed_at or self.window_closes_at

    @property
    def next_date(self) -> NextDate | None:
        """What is next in the case, and when."""
        return next_date(
            call_by=self.window_closes_at,
            decide_by=self.decide_by,
            waiting_until=self.waiting_until,
            closes_at=self.closes_at,
        )

    @property
    def is_missed(self) -> bool:
        """True from a miss until the complainant has been reached."""
        return self.missed_at is not None

    @property
    def is_supervisor_asked(self) -> bool:
        """Whether the caller asked for a person."""
        return self.supervisor_asked_at is not None


class Cases(Protocol):
    """Cases as staff list them."""

    def page(self, query: CaseQuery, now: datetime) -> Sequence[CaseLine]:
        """Return calls that can still be kept, the soonest closing first. Then missed ones, the longest missed first.

        Cases in which no call is owed come last, the one with the nearest date first. After a miss, a new window can be
        kept again. It then stands by its own end, before one that ends with it and was never missed. Where the query
        names a stretch, they come by when they were opened. A page beside a case is found from there, or by its offset
        where that case owes a call or has a date by now.
        """
        ...

    def is_empty(self) -> bool:
        """Tell whether there has never been any case."""
        ...

    def count(self, query: CaseQuery) -> int:
        """Count all that `page` would give without limit and offset."""
        ...
