"""The carrier as ports: texts, live calls, recordings.

Knows: what can come of asking. Must not know: its API.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from voicebot.errors import Unavailable


class SmsSender(Protocol):
    """Hands one text to the carrier."""

    def send(self, recipient: str, body: str) -> str:
        """Send once and return the message sid.

        Raises: SmsRefused (the carrier said no; code), SmsBusy (429, nothing was sent, try again),
        SmsUncertain (time-out or 5xx: nobody knows; look it up, never send blindly again).
        """
        ...

    def find(self, recipient: str, body: str, since: datetime) -> Sequence[str]:
        """Return the sids of all texts with this body that the carrier has, newest first, for an uncertain send."""
        ...

    def state_of(self, message_sid: str) -> tuple[str, int | None]:
        """Return the carrier's status word and error code, for a receipt that never came."""
        ...


class SmsRefused(Exception):
    """The carrier refused the text for good; `code` is its error number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the carrier refused a text with error {code}")
        self.code = code


class SmsBusy(Exception):
    """The carrier was too busy (429); nothing was sent."""


class FileTooLarge(Unavailable):
    """A file at the carrier is larger than we take."""


class SmsUncertain(Exception):
    """The create call ended without an answer that tells whether the text exists."""


class CarrierControl(Protocol):
    """Acts on a live call and fetches recordings."""

    def redirect(self, carrier_call_id: str, url: str) -> None:
        """Make the live call fetch new instructions from an absolute URL. Raises: Unavailable."""
        ...

    def download_recording(self, recording_sid: str) -> bytes:
        """Return the WAV bytes. Raises: Unavailable (not ready yet, or gone)."""
        ...

    def download_file(self, message_sid: str, media_sid: str, *, most_bytes: int) -> bytes:
        """Return a file that came with a text. Raises: FileTooLarge; Unavailable (gone, or not to be had now)."""
        ...

    def delete_file(self, message_sid: str, media_sid: str) -> None:
        """Delete it at the carrier once it is safe with us; one that is gone is deleted. Raises: Unavailable."""
        ...

    def delete_recording(self, recording_sid: str) -> None:
        """Delete it at the carrier once it is safe with us. Raises: Unavailable."""
        ...
