"""A message to a member of staff on its way by mail, chat or telephone. It has its states and which may follow which.

Texts have states of their own (sms.py), because the carrier reports on each of them in its own words. What every other
channel knows is less. Its server took the message, it reached the person, or neither.

Knows: states. Must not know: how a channel sends, tickets, wording.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from voicebot.errors import Refused


class MessageState(StrEnum):
    """Where a message is."""

    WAITING = "waiting"
    """Written, not yet handed over."""
    SENDING = "sending"
    """Taken up by one worker. The other side may have it."""
    SENT = "sent"
    """The other side has it, and a receipt will follow, as from a telephone that rings."""
    TAKEN = "taken"
    """The other side took it and says no more, as a mail server, a chat."""
    DELIVERED = "delivered"
    """It reached the person."""
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    """Not sent on purpose. `reason` says why."""


MESSAGE_RANKS: dict[MessageState, int] = {
    MessageState.WAITING: 0,
    MessageState.SENDING: 1,
    MessageState.SENT: 2,
    MessageState.TAKEN: 3,
    MessageState.DELIVERED: 3,
    MessageState.FAILED: 3,
    MessageState.SUPPRESSED: 3,
}
"""A message moves to a higher rank only. States of the highest rank are final."""

FINAL_MESSAGE_STATES = frozenset(state for state, rank in MESSAGE_RANKS.items() if rank == max(MESSAGE_RANKS.values()))
_WITH_US = frozenset({MessageState.WAITING, MessageState.SENDING})


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffMessage:
    """One message to one member of staff by one channel. Unique on purpose and channel, so nobody is told twice.

    It has no address. That is looked up as the message leaves, so that an address which is a secret is never stored.
    """

    id: str
    ticket_id: str
    purpose: str
    """Idempotency key, as in `Sms`. It names the member."""
    channel: str
    """Name of the channel."""
    member_id: str
    template: str
    subject: str
    body: str
    state: MessageState
    created_at: datetime
    not_before: datetime
    state_at: datetime
    """When the state last changed. A stuck row is found by it."""
    attempts: int = 0
    """Counts the times it was taken up. It is the fencing token of a claim."""
    reason: str = ""
    receipt: str = ""
    """What the other side calls it, such as the id of a call. Empty where it gives none."""


def may_move_message(current: MessageState, state: MessageState) -> bool:
    """Tell whether a message may go on to a state, that is to a higher rank, and suppressed only while it is with
    us.
    """
    if state is MessageState.SUPPRESSED:
        return current in _WITH_US
    return MESSAGE_RANKS[state] > MESSAGE_RANKS[current]


def move_message(
    message: StaffMessage, state: MessageState, at: datetime, *, receipt: str = "", reason: str = ""
) -> StaffMessage:
    """Return the message in a later state, or the same message when the state is not later than the one it has."""
    if not may_move_message(message.state, state):
        return message
    return replace(
        message, state=state, state_at=at, receipt=receipt or message.receipt, reason=reason or message.reason
    )


def put_message_back(message: StaffMessage, at: datetime, *, not_before: datetime) -> StaffMessage:
    """Return the message waiting again. Raises: Refused unless it was being sent."""
    if message.state is not MessageState.SENDING:
        raise Refused(f"a message that is {message.state} is not sent again", code="message-transition")
    return replace(message, state=MessageState.WAITING, state_at=at, not_before=not_before)
