"""Which case follows which, and what all that follow one were told, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.lead_case import Following, LeadUpdate, UpdateRecipient


class LeadCases(Protocol):
    """Followers by their lead case, and updates with whom they go to."""

    def follow(self, following: Following) -> bool:
        """Keep it, and return False when the case follows one already."""
        ...

    def unfollow(self, ticket_id: str) -> bool:
        """Let a case follow no more, and return False when it did not."""
        ...

    def lead_of(self, ticket_id: str) -> str | None:
        """Return the id of the case that this one follows."""
        ...

    def followers_of(self, lead_id: str) -> Sequence[Following]:
        """Return who follows a case, in the order in which they began."""
        ...

    def add_update(self, update: LeadUpdate, recipients: Sequence[UpdateRecipient]) -> None: ...

    def update(self, update_id: str) -> LeadUpdate:
        """Return an update that is there."""
        ...

    def updates_of(self, lead_id: str) -> Sequence[tuple[LeadUpdate, int, int]]:
        """Return the updates of a lead case, newest first, each with how many were told, and how many are to be."""
        ...

    def count_of_kind(self, category: str, since: datetime) -> int:
        """Count the cases of a kind that were opened since, without those that became a part of another one."""
        ...

    def values_of(self, category: str, field: str, since: datetime) -> Sequence[str]:
        """Return what stands in a field of the kind in each of those cases, empty text among it."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[UpdateRecipient]:
        """Return who is to be told by now, those who wait longest first."""
        ...

    def take(self, recipient: UpdateRecipient, at: datetime) -> bool:
        """Note that a recipient is told, and return False when somebody else has noted it."""
        ...
