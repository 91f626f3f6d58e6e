"""The carrier as ports for texts, live calls and recordings.

Knows: what can come of asking. Must not know: its API.
"""

from typing import Protocol

from voicebot.errors import Unavailable


class FileTooLarge(Unavailable):
    """A file at the carrier is larger than we take."""


class CarrierControl(Protocol):
    """Acts on a live call and fetches recordings."""

    def redirect(self, carrier_call_id: str, url: str) -> None:
        """Make the live call fetch new instructions from an absolute URL. Raises: Unavailable."""
        ...

    def download_recording(self, recording_sid: str) -> bytes:
        """Return the WAV bytes. Raises: Unavailable (not ready yet, or gone)."""
        ...

    def download_file(self, message_sid: str, media_sid: str, *, most_bytes: int) -> bytes:
        """Return a file that came with a text. Raises: FileTooLarge and Unavailable (gone, or not to be had now)."""
        ...

    def delete_file(self, message_sid: str, media_sid: str) -> None:
        """Delete it at the carrier once it is safe with us. One that is gone is deleted. Raises: Unavailable."""
        ...

    def delete_recording(self, recording_sid: str) -> None:
        """Delete it at the carrier once it is safe with us. Raises: Unavailable."""
        ...
