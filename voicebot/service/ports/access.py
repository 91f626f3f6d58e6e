"""Where it stays who saw which case, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.access import CaseAccess


class CaseAccesses(Protocol):
    """Who saw which case and heard which voice. Append only."""

    def add(self, access: CaseAccess) -> None: ...
    def of_ticket(self, ticket_id: str, *, since: datetime | None = None) -> Sequence[CaseAccess]:
        """Oldest first. With `since` only those at or after the instant."""
        ...
