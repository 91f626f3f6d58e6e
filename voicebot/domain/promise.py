"""The promise to the caller. It says which callback window, made when, in which words, kept or broken.

Knows: promises, breaches and their clock. Must not know: how a window is found (callback_window.py), who is told
(escalation.py).
Source: complaints.md S0-12, S2-21 and D-03 (what is moved is never counted as kept).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from voicebot.domain.callback_window import (
    CallbackWindow,
    FoundWindow,
    ServiceLevelTarget,
    WindowReason,
    WindowRules,
    candidate_windows,
    find_window,
    overlap,
    windows_with_room,
)
from voicebot.errors import Refused

__all__ = [
    "PROMISE_TRANSITIONS",
    "Breach",
    "CallOutcome",
    "CallbackWindow",
    "FoundWindow",
    "KeptEvidence",
    "Promise",
    "PromiseState",
    "ServiceLevelTarget",
    "WindowReason",
    "WindowRules",
    "candidate_windows",
    "find_window",
    "is_overdue",
    "overlap",
    "settle",
    "unkept",
    "windows_with_room",
]


STANDARD_TARGET = "standard"
"""Target of a usual call. Every policy has it, and the flow names the same."""

REPEAT_TARGET = "repeat"
"""Target of a call that is promised to somebody who called again. A policy may leave it out."""

FIND_NUMBER = "find_number"
"""Target of what is owed to a case without a number to ring. Staff find one. Nobody was promised a call by it."""


MOVED_BY_US = "we cannot keep the time"
"""How the history begins the line of a window that was chosen anew because we cannot keep it.

Such lines are counted by it.
"""


class PromiseState(StrEnum):
    """A promise is open until it is kept, breached or moved."""

    OPEN = "open"
    KEPT = "kept"
    BREACHED = "breached"
    MOVED = "moved"
    """Replaced by a later window at the caller's request, before it closed."""
    WITHDRAWN = "withdrawn"
    """Nobody waits for the call any more, because the case was answered or ended without it. Never counted as kept."""


class KeptEvidence(StrEnum):
    """What shows that the complainant was spoken with. It is written with the talk, and never reckoned afterwards."""

    CALL = "call"
    """A call of ours. Both sides were connected, and more (`evidence_of_talk`)."""
    ATTESTED = "attested"
    """The word of staff, with a reason."""
    SUPERVISOR = "supervisor"
    """The same, by somebody with a say."""


class CallOutcome(StrEnum):
    """What came of ringing the complainant. Only a talk keeps a promise."""

    REACHED = "reached"
    """Spoken with the complainant."""
    VOICEMAIL = "voicemail"
    """A machine answered, whether or not a message was left."""
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    SOMEBODY_ELSE = "somebody_else"
    """A person who is not the complainant answered."""
    FAILED = "failed"
    """The number could not be reached at all."""


PROMISE_TRANSITIONS: dict[PromiseState, frozenset[PromiseState]] = {
    PromiseState.OPEN: frozenset(
        {PromiseState.KEPT, PromiseState.BREACHED, PromiseState.MOVED, PromiseState.WITHDRAWN}
    ),
    PromiseState.KEPT: frozenset(),
    PromiseState.BREACHED: frozenset({PromiseState.KEPT}),
    PromiseState.MOVED: frozenset(),
    PromiseState.WITHDRAWN: frozenset(),
}
"""A breached promise may still be kept late. That stops the climb, the breach stays. Only `unkept` leads back."""


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
    kept_evidence: KeptEvidence | None = None
    """None while it is not kept, and where a release before this field kept it. Then nothing but a word is known."""
    is_silent: bool = False
    """Made to somebody who left neither a word nor a key, and told to nobody, so it takes a small share of a window."""

    @property
    def window(self) -> CallbackWindow:
        """Return the window as one value."""
        return CallbackWindow(opens_at=self.window_opens_at, closes_at=self.window_closes_at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Breach:
    """A window that closed without a logged call. Written once per promise."""

    id: str
    promise_id: str
    ticket_id: str
    at: datetime
    """The instant at which the window closed, not when the sweep noticed."""
    quiet_until: datetime | None = None
    """Somebody acknowledged, so there is no step before this instant."""
    ended_at: datetime | None = None
    """The climb is over, because contact was logged, or the ladder has no more steps."""
    next_step_at: datetime | None = None
    """When the next step is due. None when none is left. The sweep reads only this."""


def settle(
    promise: Promise,
    state: PromiseState,
    at: datetime,
    *,
    by: str | None = None,
    reason: str | None = None,
    evidence: KeptEvidence | None = None,
) -> Promise:
    """Return the promise in its next state.

    A call before the window opens counts as kept. One after it closed is kept late, so the breach comes first.
    Raises: Refused, with nothing changed, when the table or the clock rules the step out.
    """
    if state not in PROMISE_TRANSITIONS[promise.state]:
        raise Refused(f"the promise is {promise.state} and cannot become {state}", code="promise-transition")
    if promise.state is PromiseState.OPEN:
        _check_clock(promise, state, at)
    if state is PromiseState.KEPT:
        kept = replace(promise, state=state, settled_at=at)
        return replace(kept, kept_by=by, kept_reason=reason, kept_evidence=evidence)
    return replace(promise, state=state, settled_at=at)


def unkept(promise: Promise, *, was_missed: bool = False) -> Promise:
    """Return a kept promise as it stood before a talk that was logged by mistake, which is open, or missed already.

    Raises: Refused, with nothing changed, when it is not kept.
    """
    if promise.state is not PromiseState.KEPT:
        raise Refused(f"the promise is {promise.state}, so no talk has kept it", code="promise-transition")
    before = replace(promise, kept_by=None, kept_reason=None, kept_evidence=None)
    if was_missed:
        return replace(before, state=PromiseState.BREACHED, settled_at=promise.window_closes_at)
    return replace(before, state=PromiseState.OPEN, settled_at=None)


def is_overdue(promise: Promise, now: datetime) -> bool:
    """Tell whether an open promise's window has closed without a logged call."""
    return promise.state is PromiseState.OPEN and promise.window_closes_at <= now


def _check_clock(promise: Promise, state: PromiseState, at: datetime) -> None:
    if state is PromiseState.BREACHED and at < promise.window_closes_at:
        raise Refused("the window has not closed yet, so the promise is not broken", code="promise-transition")
    if state is not PromiseState.BREACHED and at > promise.window_closes_at:
        raise Refused(
            f"the window has closed, so the promise is broken before it can be {state}", code="promise-transition"
        )


def written_span(promise: Promise) -> str:
    """Return the window as the history keeps it. It is two instants in ISO 8601 with a slash between them."""
    return f"{promise.window_opens_at.isoformat()}/{promise.window_closes_at.isoformat()}"


def shown_by(promise: Promise) -> str:
    """Say what shows that a kept promise was kept."""
    return _SHOWN_BY[promise.kept_evidence or KeptEvidence.ATTESTED]


_SHOWN_BY = {
    KeptEvidence.CALL: "shown by a call of ours",
    KeptEvidence.ATTESTED: "by the word of staff alone",
    KeptEvidence.SUPERVISOR: "by the word of somebody with a say alone",
}


def owed(target: str) -> str:
    """Say what an open promise owes."""
    return "find a number" if target == FIND_NUMBER else f"call {target}"
