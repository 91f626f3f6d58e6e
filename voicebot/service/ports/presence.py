"""Who has which case open, as a port.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.presence import Presence


class Presences(Protocol):
    """The last look of each member at each case. What is long over is forgotten."""

    def put(self, presence: Presence) -> None:
        """Keep a look instead of the one before, and forget this member's old ones."""
        ...

    def of_tickets(self, ticket_ids: Collection[str], since: datetime) -> Sequence[Presence]:
        """Return looks at these cases after an instant, whoever was there first first."""
        ...
