"""The port of promises.

Knows: domain types. Must not know: who fulfils a port.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from voicebot.domain.escalation import StepTaken
from voicebot.domain.promise import Breach, CallbackWindow, Promise


class Promises(Protocol):
    """Promises, breaches and the steps climbed."""

    def add(self, promise: Promise, *, next_warning_at: datetime | None = None) -> None:
        """Write a new promise, and when it is to be warned about first."""
        ...

    def save(self, promise: Promise) -> None: ...
    def get(self, promise_id: str) -> Promise | None: ...
    def lock(self, promise_id: str) -> Promise | None: ...
    def of_ticket(self, ticket_id: str) -> Sequence[Promise]:
        """Oldest first."""
        ...

    def open_of_ticket(self, ticket_id: str) -> Promise | None: ...
    def closed_unkept(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Open promises whose window closed at or before now."""
        ...

    def warnings_due(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Open promises whose `next_warning_at` (kept by the store through `set_next_warning`) has come."""
        ...

    def set_next_warning(self, promise_id: str, at: datetime | None) -> None: ...
    def plan(self, subject_id: str) -> str | None:
        """The steps of a climb, or the warnings of a promise, as JSON. None where none are kept."""
        ...

    def keep_plan(self, subject_id: str, steps_json: str) -> None:
        """Keep them once. What is kept stays."""
        ...

    def open_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """How many open promises each window holds that closes after an instant. Rivals who ask wait until we end."""
        ...

    def silent_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """The same, of promises to callers who left neither a word nor a key."""
        ...

    def add_breach(self, breach: Breach) -> bool:
        """Write the breach of a promise once. False when it stood already."""
        ...

    def save_breach(self, breach: Breach) -> None: ...
    def breaches_of_ticket(self, ticket_id: str) -> Sequence[Breach]: ...
    def breaches_due(self, now: datetime, limit: int) -> Sequence[Breach]:
        """Breaches not ended whose `next_step_at` has come."""
        ...

    def take_step(self, step: StepTaken) -> bool:
        """Write the step once, unique on (subject, step). False when it was taken before."""
        ...

    def save_step(self, step: StepTaken) -> None:
        """Write whom a step that was taken has told."""
        ...

    def steps(self, ticket_id: str) -> Sequence[StepTaken]: ...
