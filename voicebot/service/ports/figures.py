"""Figures of how the hotline keeps its word, as a port.

Knows: what each figure counts. Must not know: SQL, how a figure is drawn.
Source: complaints.md D-03 (moved and attested shares and the median window beside the kept rate, or it is gamed),
S2-11 and S2-14 (golden hour), S4-16 (abandoned is not solved), S2-15 (by category of contact).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from voicebot.service.ports.ending_figures import EndingLine

GOLDEN_HOUR = timedelta(hours=1)


class GroupBy(StrEnum):
    """By what the figures are told apart."""

    ALL = "all"
    WEEK = "week"
    CATEGORY = "category"
    """The target of the promise, such as standard or supervisor."""
    CHANNEL = "channel"
    OWNER = "owner"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """Weeks that follow one another. Their edges are instants, since weeks with a change of the clock differ."""

    edges: tuple[datetime, ...]
    """The beginning of each week, and the end of the last."""

    @property
    def begins_at(self) -> datetime:
        """Return the beginning of the first week."""
        return self.edges[0]

    @property
    def ends_at(self) -> datetime:
        """Return the end of the last week, which is no part of it."""
        return self.edges[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class FigureLine:
    """The figures of one group. Times are clock time."""

    kept: int = 0
    """Promised windows of this period in which, or before which, the complainant was spoken with."""
    missed: int = 0
    """Promised windows of this period that closed without a call, however late it came."""
    kept_late: int = 0
    """Of the missed, those called since."""
    attested: int = 0
    """Of those kept, in time or late, those noted by staff with a reason, and by no call of ours (`KeptEvidence`)."""
    moved: int = 0
    """Promised windows of this period that were replaced before they closed."""
    moved_by_us: int = 0
    """Of the moved, those moved because we could not keep them."""
    offered_s: float | None = None
    """Median of seconds from a promise to the end of its window."""
    cases: int = 0
    """Opened in this period. Joined ones count once."""
    golden: int = 0
    """Of the cases, those where somebody was reached, or told when we call, within an hour."""
    contacted: int = 0
    contact_s: float | None = None
    """Median of seconds from opening a case to the first talk, where there was one."""
    decided: int = 0
    decision_s: float | None = None
    """Median of seconds from opening a case to telling a decision, where one was told."""
    contacts: float | None = None
    """Median of calls and texts between a complainant and us, over the cases of this period."""
    on_line_s: float | None = None
    """Median of their seconds on the line, waiting among them, over the cases of this period."""
    waited: int = 0
    """Of the cases: the complainant waited on the line for somebody to talk to."""
    waited_s: float | None = None
    """Median of seconds of this waiting, where there was any."""
    given_up: int = 0
    """Of the cases, those ended because the complainant no longer pursued it, or was never reached. Not solved."""
    calls: int = 0
    """Calls that came in in this period."""
    abandoned: int = 0
    """Of the calls, those in which the caller hung up before leaving anything."""

    @property
    def kept_rate(self) -> float | None:
        """Return the share of promised windows that were kept, or None when none was due."""
        return _share(self.kept, self.kept + self.missed)

    @property
    def attested_share(self) -> float | None:
        """Return the share of kept promises that rest on the word of staff."""
        return _share(self.attested, self.kept + self.kept_late)

    @property
    def moved_by_us_share(self) -> float | None:
        """Return the share of all promised windows that we moved because we could not keep them."""
        return _share(self.moved_by_us, self.kept + self.missed + self.moved)

    @property
    def golden_share(self) -> float | None:
        """Return the share of cases answered within an hour."""
        return _share(self.golden, self.cases)

    @property
    def abandoned_share(self) -> float | None:
        """Return the share of calls that were hung up before anything was left."""
        return _share(self.abandoned, self.calls)


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadLine:
    """What lies with one person now."""

    owner_id: str
    open_cases: int
    promised: int
    """Of them, those in which a call is promised."""
    missed: int
    """Of them, those missed, and nobody reached since."""
    hand_offs: int
    """How often their open cases changed hands."""
    owner: str = ""


class FigureBook(Protocol):
    """Figures, counted by the database."""

    def lines(self, period: Period, by: GroupBy, now: datetime) -> tuple[FigureLine, Mapping[str, FigureLine]]:
        """Return the figures of all, and those by the name of the group. Of weeks, by the number of each from 0."""
        ...

    def kept(self, period: Period, now: datetime) -> tuple[int, int]:
        """Count the promises of a period that were kept in time, and all that were kept in time or missed."""
        ...

    def endings(self, period: Period, by: GroupBy) -> Mapping[str, EndingLine]:
        """Return how the cases opened in the period ended, by the name of the group as `lines` has it."""
        ...

    def steps_reached(self, period: Period) -> Mapping[str, int]:
        """Return how many misses of the period climbed to which step at last. `none` where none was taken yet."""
        ...

    def loads(self) -> Sequence[LoadLine]:
        """Return what lies with each owner of an open case now, the most first."""
        ...


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
