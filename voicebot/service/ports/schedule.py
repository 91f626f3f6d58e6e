"""Which tasks were run when, as a port. They are duties that come round by the clock, and at a worker's start.

Knows: instants. Must not know: what a task does (background/schedule.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskState:
    """Where one task stands. One that never ran has neither instant."""

    name: str
    last_run_at: datetime | None = None
    """When its last whole run *began*, because what happened since is not looked at yet."""
    not_before: datetime | None = None
    """Somebody is at it, or it failed, and nobody begins it before this instant."""


class ScheduledTasks(Protocol):
    """One row for each task."""

    def get(self, name: str) -> TaskState: ...
    def lock(self, name: str) -> TaskState:
        """Read it and hold it until the transaction ends, so that of two machines one runs it."""
        ...

    def save(self, state: TaskState) -> None: ...
