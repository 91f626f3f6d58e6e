"""What goes when its time has come, as a port. It has cases at rest, holds and marks, and the erasing of one class of
one case.

Knows: classes, cases at rest. Must not know: SQL, spans.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.retention import CaseAtRest, RetentionClass


@dataclass(frozen=True, kw_only=True, slots=True)
class LegalHold:
    """Nothing of a case under a hold is erased."""

    ticket_id: str
    at: datetime
    actor: str
    """StaffMember.id, or the login of who used the terminal."""
    reason: str


class Retention(Protocol):
    """Cases as retention sees them. A case under a hold is never at rest here."""

    def opened_before(self, at: datetime, *, after: str, limit: int) -> Sequence[str]:
        """Ids of tickets opened by then, in their order, those after the id given, because a run looks at so many at a
        time.
        """
        ...

    def at_rest(self, among: Sequence[str], kind: RetentionClass, *, quiet_since: datetime) -> Sequence[CaseAtRest]:
        """Those of some tickets that are at rest, without activity since the instant, with that class not erased."""
        ...

    def case(self, ticket_id: str) -> CaseAtRest | None:
        """The case if it is at rest, or None. Who asks holds it against other actions of staff until we end."""
        ...

    def never_reached(self, among: Sequence[str], *, quiet_since: datetime) -> Sequence[CaseAtRest]:
        """Those of some tickets at rest, silent since the instant, with words or voice, never called, not marked."""
        ...

    def mark_unanswered(self, ticket_id: str, at: datetime) -> bool:
        """Mark for ever. False when it was marked. Nothing takes the mark back."""
        ...

    def audio_keys(self, ticket_id: str) -> Sequence[str]:
        """Keys of the voices that the case has in the audio store."""
        ...

    def count(self, ticket_id: str, kind: RetentionClass) -> int:
        """How many rows `erase` would blank."""
        ...

    def erase(self, ticket_id: str, kind: RetentionClass, at: datetime) -> int:
        """Blank every column of the class in every row of the case, and note that it is done. Returns the rows."""
        ...

    def with_cards(self, limit: int) -> Sequence[str]:
        """Ids of tickets in whose words the number of a payment card stands, at most so many."""
        ...

    def destroy_cards(self, ticket_id: str) -> int:
        """Overwrite such numbers in every row of the case. Returns the rows."""
        ...

    def add_hold(self, held: LegalHold) -> bool:
        """Lay a hold. False when one lies on the case."""
        ...

    def lift_hold(self, ticket_id: str) -> bool: ...
    def holds(self) -> Sequence[LegalHold]: ...
    def forget_ids(self, before: datetime) -> int:
        """Delete what only tells repeats apart (receipts, ids of texts received) from before. Returns the rows."""
        ...

    def count_ids(self, before: datetime) -> int: ...
