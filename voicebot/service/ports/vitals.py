"""How the whole house is, as a port. It is read beside the transactions, takes no lock and waits for nobody.

Knows: what is asked for. Must not know: SQL, who judges (background/health.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Deadline(StrEnum):
    """What can be overdue. Each is found by a sweep of its own within a second."""

    PROMISE = "promise"
    """A window closed without a logged call, and no miss was written."""
    STEP = "step"
    """A step of the ladder was not taken."""
    WARNING = "warning"
    """Nobody was warned that a window is about to close."""
    DECISION = "decision"
    """A decision that fell due, or whose warning or step did, was not looked at."""
    TASK = "task"
    """A task on a case fell due, and nobody was told that it is late."""
    TEXT = "text"
    """A text still waits to be handed over."""
    MESSAGE = "message"
    """A message to staff still waits to be sent."""
    VOICE = "voice"
    """What a caller said still lies in the spool alone."""
    CALL = "call"
    """A call that shows no sign of life was not ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beat:
    """A worker's last sign of life."""

    worker: str
    at: datetime
    swept_at: datetime
    """When it last ended a round of sweeps. Before the first it is when it started."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VitalSigns:
    """What `/healthz` and `/readyz` judge by."""

    is_migrated: bool
    """False means that nothing else could be read."""
    beats: tuple[Beat, ...] = ()
    overdue: Mapping[Deadline, int]
    """How many of each kind, at most `MOST_COUNTED`. Kinds without any are left out."""


MOST_COUNTED = 1_000
"""Overdue things are not counted further, because a health check must stay cheap when everything is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """Numbers of the whole house for `/metrics`, the same from every process."""

    calls_by_end: Mapping[str, int]
    live_calls: int
    open_promises: int
    kept_in_time: int
    kept_late: int
    misses: int
    moved_promises: int
    texts_by_state: Mapping[str, int]
    waiting_since: Mapping[str, datetime]
    """Since when the longest waiting thing of each queue is due. Queues where nothing is due are left out."""


class Vitals(Protocol):
    """Reads how the house is. Raises (both): Unavailable when the database does not answer within two seconds."""

    def signs(self, *, now: datetime, overdue_before: datetime, silent_before: datetime) -> VitalSigns:
        """Return the signs. A live call last heard of before `silent_before` should have been ended."""
        ...

    def figures(self, *, now: datetime) -> Figures: ...
