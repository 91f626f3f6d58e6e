"""Where it stays who saw which case, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.access import CaseAccess, Export


class CaseAccesses(Protocol):
    """Who saw which case and heard which voice. Append only."""

    def add_all(self, accesses: Sequence[CaseAccess]) -> None: ...
    def add_export(self, export: Export) -> None: ...
    def exports(self) -> Sequence[Export]:
        """Return every list that was taken along, oldest first."""
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[CaseAccess]:
        """Oldest first."""
        ...

    def of_tickets(self, ticket_ids: Collection[str], *, since: datetime) -> Sequence[CaseAccess]:
        """Those of some cases at or after the instant, oldest first."""
        ...
