"""The ports of messages to staff beside texts. They are their outbox, and what sending one may end in.

Knows: domain types. Must not know: which channels there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.staff_message import MessageState, StaffMessage


class StaffOutbox(Protocol):
    """Messages to be sent to staff and what became of them."""

    def add(self, message: StaffMessage) -> bool:
        """Write once, unique on purpose and channel. False when that message exists already."""
        ...

    def save(self, message: StaffMessage) -> None: ...
    def get(self, message_id: str) -> StaffMessage | None: ...
    def of_purpose(self, purpose: str) -> Sequence[StaffMessage]:
        """One for each channel that was taken, in the order in which they were."""
        ...

    def by_receipt(self, channel: str, receipt: str) -> StaffMessage | None: ...
    def claim(self, message_id: str, now: datetime) -> StaffMessage | None:
        """Move WAITING to SENDING by compare-and-set and count the attempt. None when another did or it is not due."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[StaffMessage]: ...
    def stuck(self, states: Iterable[MessageState], before: datetime, limit: int) -> Sequence[StaffMessage]: ...
    def of_ticket(self, ticket_id: str) -> Sequence[StaffMessage]: ...
    def count_to(self, member_id: str, channel: str, since: datetime) -> int:
        """How many messages to a member by a channel, written since, were taken up to be sent."""
        ...


class MessageRefused(Exception):
    """The other side refused a message for good. `reason` is in words of ours, without an address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What a mail or a chat gets, that is words, and a key that is the same when they are sent again."""

    key: str
    subject: str
    body: str
    written_at: datetime


class LetterSender(Protocol):
    """Hands a letter to one address, which is a mailbox, or a chat by the name that a setting gives it."""

    def send(self, address: str, letter: Letter) -> None:
        """Send once. Raises: MessageRefused (for good), Unavailable (try again)."""
        ...
