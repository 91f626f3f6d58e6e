"""The promise to the caller: which callback window, made when, in which words, kept or broken.

Knows: targets, windows, working time (domain/business_calendar.py). Must not know: who is told (escalation.py).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, kw_only=True, slots=True)
class CallbackWindow:
    """Earliest and latest instant (aware, UTC) at which we said we would ring."""

    opens_at: datetime
    closes_at: datetime


class PromiseState(StrEnum):
    """A promise is open until it is kept, breached or moved."""

    OPEN = "open"
    KEPT = "kept"
    BREACHED = "breached"
    MOVED = "moved"
    """Replaced by a later window at the caller's wish, before it closed."""


PROMISE_TRANSITIONS: dict[PromiseState, frozenset[PromiseState]] = {
    PromiseState.OPEN: frozenset({PromiseState.KEPT, PromiseState.BREACHED, PromiseState.MOVED}),
    PromiseState.KEPT: frozenset(),
    PromiseState.BREACHED: frozenset({PromiseState.KEPT}),
    PromiseState.MOVED: frozenset(),
}
"""A breached promise may still be kept late: that stops the climb, the breach stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """What we told one complainant."""

    id: str
    ticket_id: str
    target: str
    """Name of the service-level target it follows, for example `standard` or `supervisor`."""
    window_opens_at: datetime
    window_closes_at: datetime
    made_at: datetime
    words: str
    """The sentence as spoken or texted."""
    locale: str
    state: PromiseState
    confirmed_by_caller: bool = False
    attempt: int = 1
    """1 for the first window of a case, 2 for the one offered with the apology after a miss."""
    why_json: str = "{}"
    """How the window was found (`WindowReason`), so that anybody can be told "why this instant"."""
    settled_at: datetime | None = None
    """When it was kept, breached or moved."""
    kept_by: str | None = None
    kept_reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """A window that closed without a logged call. Written once per promise."""

    id: str
    promise_id: str
    ticket_id: str
    at: datetime
    """The instant at which the window closed, not when the sweep noticed."""
    quiet_until: datetime | None = None
    """Somebody acknowledged: no step before this instant."""
    ended_at: datetime | None = None
    """The climb is over: contact was logged, or the ladder has no more steps."""
    next_step_at: datetime | None = None
    """When the next step is due; None when none is left. The sweep reads only this."""
