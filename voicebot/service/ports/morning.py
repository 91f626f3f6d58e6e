"""The port of what the morning list is made of.

Knows: numbers of cases, ids of people, instants. Must not know: SQL, names, wording.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class MissedCall:
    """A promised call that was missed."""

    case_number: str
    owner_id: str
    at: datetime
    """When its window closed."""
    steps: int
    """Steps of the ladder that were taken."""
    ended_at: datetime | None
    """When its climb was over. Then somebody spoke with the complainant, or the case ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PromisedCall:
    """A call that is promised and not made."""

    case_number: str
    owner_id: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingCase:
    """A case that is open, or whose decision waits, since or until an instant."""

    case_number: str
    owner_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingDecisions:
    """Decisions that wait for somebody."""

    late: Sequence[WaitingCase]
    """`at` is when it was due."""
    due: Sequence[WaitingCase]
    refusals: Sequence[WaitingCase]
    """"We cannot help", for which a second person is needed. `owner_id` is who asked, `at` when the case was opened."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Untold:
    """Somebody of the staff who was to be told something, and was not."""

    case_number: str
    what: str
    """A template, the name of a step, or an event."""
    who: str
    """A member's id, of a text its whole purpose, empty where a step had nobody."""
    why: str
    at: datetime


class MorningBook(Protocol):
    """Reads what a list is made of. Each list has at most `limit` lines and names the worst first."""

    def missed(self, since: datetime, limit: int) -> Sequence[MissedCall]:
        """Calls missed since, and every earlier one after which nobody was reached yet. The longest missed first."""
        ...

    def promised(self, until: datetime, limit: int) -> Sequence[PromisedCall]:
        """Promised calls whose window closes by an instant and that nobody made yet, the soonest closing first."""
        ...

    def oldest(self, limit: int) -> Sequence[WaitingCase]:
        """Open cases that were opened first."""
        ...

    def decisions(self, until: datetime, limit: int) -> WaitingDecisions:
        """Late decisions, those due by an instant, and refusals that wait for a second person."""
        ...

    def untold(
        self, since: datetime, limit: int, *, text_kinds: Collection[str], held_back: Collection[str]
    ) -> Sequence[Untold]:
        """Steps without anybody, notices and messages that reached nobody.

        `text_kinds` begin the purposes of texts to staff. `held_back` are reasons for which something was not sent
        although it was true. What was overtaken was missed by nobody.
        """
        ...
