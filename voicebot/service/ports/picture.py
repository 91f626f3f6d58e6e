"""Files that came with texts, as a port.

Knows: what is kept of a file. Must not know: SQL, where its bytes lie.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.picture import Picture


class Pictures(Protocol):
    """What came with texts."""

    def add(self, picture: Picture) -> None: ...
    def save(self, picture: Picture) -> None: ...
    def get(self, picture_id: str) -> Picture | None:
        """Return the file, held until the transaction ends, or None."""
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[Picture]:
        """Files of a case in the order in which they came."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Picture]:
        """Files to be fetched, or to be deleted at the carrier, by now. The oldest first."""
        ...
