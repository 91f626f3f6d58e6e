"""Many cases on one cause: they follow a lead case, and all of them are told the same once.

A follower is not joined. It keeps its number, its voice, its owner and its promise, and only the cause is worked on in
one place.
Knows: who follows whom, the words of an update. Must not know: cases' states, texts, tables.
Source: complaints.md D-06.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from voicebot.domain.ring_hours import RingHours, zones_of
from voicebot.errors import Refused

LONGEST_UPDATE = 240
"""Characters. With our name and the case number it stays within three parts of a text."""
A_MINUTE = 20
"""Texts of one update. A network takes more for advertising, and whoever calls back on it wants a free line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """One case that follows a lead case."""

    ticket_id: str
    lead_id: str
    by: str
    """StaffMember.id, or the login name of whoever is at the terminal."""
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadUpdate:
    """Something that is told to everybody who follows a lead case, and to its own complainant."""

    id: str
    ticket_id: str
    """The lead case."""
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateRecipient:
    """One case whose complainant is told an update."""

    update_id: str
    ticket_id: str
    not_before: datetime
    told_at: datetime | None = None
    """When its text was written. None while it waits."""


def read_update(typed: str) -> str:
    """Return the words of an update on one line. Raises: Refused when there are none, or too many."""
    words = " ".join(typed.replace("\x00", "").split())
    if not 0 < len(words) <= LONGEST_UPDATE:
        raise Refused(
            f"an update has {len(words)} characters, and between 1 and {LONGEST_UPDATE} can be sent: write what all of "
            "them are to know",
            code="update-words",
        )
    return words


def refuse_following(ticket_id: str, lead_id: str, *, lead_follows: bool, is_lead: bool) -> None:
    """Raise Refused where following would make a circle or a chain. Who follows has to see the cause at once."""
    if ticket_id == lead_id:
        raise Refused("a case cannot follow itself: name another one", code="follow-circle")
    if lead_follows:
        raise Refused("that case follows another one itself: follow that one", code="follow-chain")
    if is_lead:
        raise Refused("other cases follow this one: let them follow the other first", code="follow-chain")


def told_at_pace(numbers: Sequence[str], now: datetime, *, hours: RingHours, otherwise: str) -> Iterator[datetime]:
    """Yield when each number is told, a few a minute, and in the hours in which people there may be rung."""
    for place, number in enumerate(numbers):
        at = now + place * timedelta(minutes=1) / A_MINUTE
        yield hours.next_time(at, zones_of(number, otherwise=otherwise)) or at
