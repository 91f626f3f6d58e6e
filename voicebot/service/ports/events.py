"""Where events of calls and the worker's signs of life stay, as ports.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.call_event import CallEvent


class CallEvents(Protocol):
    """What happened to calls and is told by no other row. Append only."""

    def add(self, event: CallEvent) -> None: ...
    def of_ticket(self, ticket_id: str) -> Sequence[CallEvent]:
        """Oldest first."""
        ...


class WorkerBeats(Protocol):
    """The workers' signs of life."""

    def show(self, worker: str, at: datetime, swept_at: datetime) -> None:
        """Write that the worker lives, and when it last ended a round of sweeps."""
        ...
