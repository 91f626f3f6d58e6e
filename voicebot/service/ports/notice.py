"""The port of notices to staff.

Knows: domain types. Must not know: who fulfils it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.notice import Notice


class Notices(Protocol):
    """What staff are to be told of, and what became of it."""

    def add(self, notice: Notice) -> bool:
        """Write once, unique on case, event, step and person. False when that notice exists already."""
        ...

    def save(self, notice: Notice) -> None: ...
    def readers_due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of members who have a notice that is due."""
        ...

    def open_for(self, member_id: str, now: datetime) -> Sequence[Notice]:
        """Return a member's waiting notices that may be told now, oldest first. Others who ask for them wait."""
        ...

    def of_bundle(self, bundle: str) -> Sequence[Notice]: ...
    def of_ticket(self, ticket_id: str) -> Sequence[Notice]: ...
