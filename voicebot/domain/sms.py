"""A text message on its way: states, their ranks, error classes.

Receipts arrive in any order and more than once; states are ranked and a final one never moves back.
Source: Twilio, outbound message status in status callbacks; error classes in complaints.md 5.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SmsState(StrEnum):
    """Ours until the carrier has it, then the carrier's."""

    WAITING = "waiting"
    """Row written (outbox), not yet handed over."""
    SENDING = "sending"
    """Claimed by one worker; the create call may be under way."""
    QUEUED = "queued"
    """The carrier has it (queued, accepted or scheduled)."""
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The create call ended in a time-out or a 5xx: never sent again blindly, looked up instead."""
    SUPPRESSED = "suppressed"
    """Not sent on purpose (opted out, landline, gate, state no longer true); `reason` says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """One text to one person. `purpose` is unique: the same deed never texts twice."""

    id: str
    ticket_id: str
    purpose: str
    """Idempotency key, for example `sms_confirmation:<ticket>` or `step:<breach>:<step>:<staff>`."""
    template: str
    recipient: str
    """E.164."""
    body: str
    state: SmsState
    created_at: datetime
    not_before: datetime
    message_sid: str | None = None
    error_code: int | None = None
    reason: str = ""
    attempts: int = 0
    state_at: datetime | None = None
    """When the state last changed; a stuck row is found by it."""
