"""The first screen's lanes as a port. Each lane's cost follows what is shown of it, never how many cases there are.

Knows: what a row of a lane needs. Must not know: SQL, how a row is worded.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from voicebot.domain.ticket import Channel

MOST_COUNTED = 200
"""Cases of a lane that are counted and can be paged through. Whoever has more works down the first ones."""
FIRST_WORDS = 160
"""Characters of the demand, the story and a note that are shown. A row carries one more where there are more."""
MOST_TIMES = 9
"""So many cases of one number are counted, because some numbers are shared by hundreds."""


class Lane(StrEnum):
    """What is to be done with a case now. Of the first five a case is in one at most."""

    CALL_NOW = "now"
    """A promised window is open. A second promise after a miss counts as its own."""
    MISSED = "missed"
    """A window closed without a talk, and no other one is open."""
    LATER = "later"
    """The promised window opens later today, and none was missed before it."""
    NEXT_DAYS = "days"
    """The promised window opens on a later day, and none was missed before it."""
    NO_DATE = "no-date"
    """There is no number to ring. Somebody has to find one."""
    MINE = "mine"
    """It waits for this member, by a task, an offer, a decision or a second look, or for a colleague who is away and
    for whom this member looks after things."""


class Why(StrEnum):
    """Why a case waits for a member. Of several the first one here is said."""

    DECISION = "1-decision"
    OFFER = "2-offer"
    SECOND_LOOK = "3-look"
    TASK = "4-task"


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneQuery:
    """Whose lanes, as of when, and which stretch of one."""

    now: datetime
    day_ends_at: datetime
    """The end of the company's day."""
    member_id: str
    """For whom something waits."""
    away: Collection[str] = frozenset()
    """Ids of colleagues who are away, and for whose tasks, offers and decisions this member looks out."""
    owner_id: str | None = None
    """Only this member's cases. None for everybody's."""
    limit: int = MOST_COUNTED
    offset: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneWindow:
    """The clock of a row."""

    opens_at: datetime | None
    closes_at: datetime | None
    """Of the promise that is open. None where none is."""
    missed_at: datetime | None
    """When the oldest window closed after which nobody has been reached yet."""
    waits_at: datetime | None
    """When what waits for the member is due, or was asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFlags:
    """What whoever calls has to know first."""

    is_supervisor_asked: bool
    is_listen_first: bool
    is_recording_refused: bool
    is_silent: bool
    """The caller left neither a word nor a key."""
    category: str = ""
    """Id of the kind of complaint. Empty until staff said it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LaneCase:
    """A row of a lane."""

    ticket_id: str
    case_number: str
    channel: Channel
    locale: str
    owner_id: str
    window: LaneWindow
    flags: CaseFlags
    demand: str
    story: str
    number_end: str
    """The last four digits to ring, empty without a number."""
    times: int
    """Cases of the same number, and every return to this one. At least 1."""
    tries: int
    """Calls in vain since somebody last spoke with the complainant."""
    why: Why | None
    """Only of what waits for a member."""
    waits_for: str = ""
    """Id of the colleague who is away and for whom it waits. Empty where it waits for nobody but the member."""
    here: tuple[str, ...] = ()
    """Names of colleagues who have the case open. The store leaves it empty (queries/today.py)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DayEntry:
    """A line of the day's log."""

    row: int
    """Its place in the history, which only grows."""
    case_number: str
    channel: Channel
    at: datetime
    actor: str
    verb: str
    after: str
    """The first words of it."""


class Lanes(Protocol):
    """Cases by what is to be done with them now."""

    def page(self, lane: Lane, query: LaneQuery) -> Sequence[LaneCase]:
        """Return a stretch of a lane.

        Calls to be made now stand by the end of their window, later ones by its beginning, missed ones by age, and what
        waits by its day. Of two at one instant a supervisor's leads, then who came back most, then the older case. Who
        said nothing comes after who did.
        """
        ...

    def counts(self, query: LaneQuery) -> Mapping[Lane, int]:
        """Count each lane, up to one more than `MOST_COUNTED`."""
        ...

    def log(self, since: datetime, verbs: Collection[str], limit: int) -> Sequence[DayEntry]:
        """Return lines of all histories since an instant, the newest first."""
        ...
