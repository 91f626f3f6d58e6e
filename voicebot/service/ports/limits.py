"""What a defence against strangers who make us pay has to remember, as a port.

Source: the dangers of a line that calls back, twilio.md 1.12.
Knows: instants, ids, shares of a telephone number too short to ring. Must not know: limits, SQL.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class TextCounts:
    """How many texts left since an instant."""

    to_number: int
    """Of texts to one number, those that were written since then and taken up."""
    to_prefix: int
    to_region: int
    in_all: int


class Limits(Protocol):
    """Texts sent to complainants, silent calls that wait to be joined, alarms that were given."""

    def hold_texts(self) -> None:
        """Let whoever counts texts next wait until we are done, so that two never take the last place together."""
        ...

    def record_text_sent(self, sms_id: str, *, prefix: str, region: str, at: datetime) -> bool:
        """Remember that a text left, once. False when it had left before (a second try)."""
        ...

    def was_text_sent(self, sms_id: str) -> bool: ...
    def count_texts(self, since: datetime, *, number: str, prefix: str, region: str) -> TextCounts:
        """Count the texts that left at or after the instant. Those to the number as `SmsOutbox.count_to` does."""
        ...

    def add_silent(self, call_id: str, due_at: datetime) -> None:
        """Remember a call without a word until it is settled. Twice changes nothing."""
        ...

    def is_silent(self, call_id: str) -> bool:
        """Whether this call waits to be settled as one without a word."""
        ...

    def silent_due(self, now: datetime, limit: int) -> Sequence[str]:
        """Ids of silent calls to be settled by now, longest due first."""
        ...

    def end_silent(self, call_id: str) -> bool:
        """Forget a silent call. False when somebody else has settled it."""
        ...

    def alarm_once(self, name: str, at: datetime) -> bool:
        """Remember that an alarm was given. False when it was given before under this name."""
        ...
