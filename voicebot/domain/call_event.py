"""Something that happened to a call and is told by no other row, such as a stream that opened, a webhook that came
twice.

Knows: what is kept of it. Must not know: who writes it, who reads it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Part(StrEnum):
    """Who did it, or told us of it."""

    CARRIER = "carrier"
    CALLER = "caller"
    WEB = "web"
    FLOW = "flow"
    WORKER = "worker"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class CallEvent:
    """One event. Holds no telephone number, no key that a caller pressed and none of their words."""

    ticket_id: str
    at: datetime
    part: Part
    what: str
    """snake_case, past tense, like verbs of the history."""
    detail: str = ""
    call_id: str | None = None
    """None where it concerns the case and no call of it, as of a text handed over."""
