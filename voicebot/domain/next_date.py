"""The next date of a case. It is the first instant by which somebody hears from us, decides, or acts again.

No case that goes on is without one (complaints.md D-02). It is asked here and nowhere else, by pages, lists and tests.
Knows: what can be due. Must not know: where the instants come from.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DateKind(StrEnum):
    """What happens by the date."""

    CALL = "call"
    """A promised call, or a number to be found."""
    DECISION = "decision"
    COMPLAINANT = "complainant"
    """We wait for the complainant. Then the case comes back to staff."""
    CLOSING = "closing"
    """A decision was told. Unless the complainant says no, the case is closed then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NextDate:
    """What is next, and when."""

    kind: DateKind
    at: datetime


def next_date(
    *,
    call_by: datetime | None = None,
    decide_by: datetime | None = None,
    waiting_until: datetime | None = None,
    closes_at: datetime | None = None,
) -> NextDate | None:
    """Return the earliest of the dates that a case has, or None when it has none, which only a case that is over may.

    Of two at one instant the call is named, since somebody waits at a telephone.
    """
    dates = (
        (DateKind.CALL, call_by),
        (DateKind.DECISION, decide_by),
        (DateKind.COMPLAINANT, waiting_until),
        (DateKind.CLOSING, closes_at),
    )
    known = [NextDate(kind=kind, at=at) for kind, at in dates if at is not None]
    return min(known, key=lambda date: date.at, default=None)
