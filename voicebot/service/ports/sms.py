"""The ports of texts, which are the outbox, and who sends.

Knows: domain types. Must not know: who fulfils a port.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.adjustment import AdjustmentKind
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.text_request import KeptTextRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class TextStanding:
    """How whoever has a number stands to texts from us."""

    is_out: bool
    """Whether the newest request of theirs is to get none."""
    agreed: frozenset[AdjustmentKind]
    last_error: int | None
    """The carrier's error of the newest text whose end is known. None when it was delivered, or when there is none."""


class SmsOutbox(Protocol):
    """Texts to be sent and what became of them."""

    def add(self, sms: Sms) -> bool:
        """Write once, unique on `purpose`. False when that text exists already."""
        ...

    def save(self, sms: Sms) -> None: ...
    def get(self, sms_id: str) -> Sms | None: ...
    def by_sid(self, message_sid: str) -> Sms | None: ...
    def of_purpose(self, purpose: str) -> Sms | None: ...
    def claim(self, sms_id: str, now: datetime) -> Sms | None:
        """Move WAITING to SENDING by compare-and-set. None when somebody else did or it is not due."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Sms]: ...
    def stuck(self, states: Iterable[SmsState], before: datetime, limit: int) -> Sequence[Sms]: ...
    def of_ticket(self, ticket_id: str) -> Sequence[Sms]: ...
    def count_to(self, recipient: str, since: datetime, *, kind: str = "") -> int:
        """How many texts to a number, written since, were taken up to be sent. Only those of one `kind` of purpose."""
        ...

    def add_receipt(self, message_sid: str, status: str, error_code: int | None, at: datetime) -> bool:
        """Keep the raw receipt, unique on (sid, status). False for a repeat."""
        ...

    def receipts(self, message_sid: str) -> Sequence[tuple[str, int | None]]:
        """Return (status, error code) of every receipt kept for the sid, because some come before we know whose they
        are.
        """
        ...

    def receipt_times(self, message_sid: str) -> Sequence[tuple[datetime, str, int | None]]:
        """Return instant, status and error code of every receipt kept for the sid. To look at, not to decide by."""
        ...

    def opted_out(self, recipient: str, sender: str) -> bool: ...
    def standing_of(self, recipient: str, sender: str) -> TextStanding:
        """Return how a recipient stands to this sender's texts."""
        ...

    def add_text_request(self, request: KeptTextRequest) -> bool:
        """Keep a request after all requests that came before it. False when the text that says it is known already."""
        ...

    def knows_inbound(self, message_sid: str) -> bool: ...
    def knows_text_request(self, message_sids: Sequence[str]) -> bool:
        """Whether one of these texts is known as a request."""
        ...

    def add_inbound(self, message_sid: str, at: datetime) -> bool:
        """Remember that a text came, unique on its sid, whatever becomes of it. False for a repeat."""
        ...


class SmsSender(Protocol):
    """Hands one text to the carrier."""

    def send(self, recipient: str, body: str) -> str:
        """Send once and return the message sid.

        Raises: SmsRefused (the carrier said no with a code), SmsBusy (429, nothing was sent, try again), SmsUncertain
        (time-out or 5xx. Nobody knows whether it went, so look it up and never send it blindly again).
        """
        ...

    def find(self, recipient: str, body: str, since: datetime) -> Sequence[str]:
        """Return the sids of all texts with this body that the carrier has, newest first, for an uncertain send."""
        ...

    def state_of(self, message_sid: str) -> tuple[str, int | None]:
        """Return the carrier's status word and error code, for a receipt that never came."""
        ...


class SmsRefused(Exception):
    """The carrier refused the text for good. `code` is its error number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the carrier refused a text with error {code}")
        self.code = code


class SmsBusy(Exception):
    """The carrier was too busy (429). Nothing was sent."""


class SmsUncertain(Exception):
    """The create call ended without an answer that tells whether the text exists."""
