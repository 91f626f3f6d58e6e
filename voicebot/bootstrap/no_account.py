"""What stands at the carrier's ports where there is no account, in development without a carrier.

Every question is answered with the cure, so that a command that needs the carrier says which settings are missing.
Knows: ports. Must not know: settings, adapters.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from voicebot.domain.canary import CanarySpeech
from voicebot.domain.picture import FileSent
from voicebot.errors import Unavailable
from voicebot.service.ports import (
    CarrierNumber,
    ListedCall,
    ListedRecording,
    ListedText,
    NumberSettings,
    TextGroup,
)


class NoCalls:
    """Fulfils `service.ports.CallPlacer`, where every method raises Unavailable."""

    def ring(self, number: str, call_id: str, *, ring_for: timedelta, longest: timedelta) -> str:
        """Raises: Unavailable."""
        raise no_account()

    def ring_self(self, number: str, *, sender: str, speech: CanarySpeech) -> str:
        """Raises: Unavailable."""
        raise no_account()

    def find(self, number: str, since: datetime, *, sender: str = "") -> Sequence[str]:
        """Raises: Unavailable."""
        raise no_account()

    def is_over(self, carrier_call_id: str) -> bool:
        """Raises: Unavailable."""
        raise no_account()

    def record(self, carrier_call_id: str, call_id: str) -> str:
        """Raises: Unavailable."""
        raise no_account()

    def recordings_of(self, carrier_call_id: str) -> tuple[str, ...]:
        """Raises: Unavailable."""
        raise no_account()

    def stop_recording(self, carrier_call_id: str, recording_sid: str) -> None:
        """Raises: Unavailable."""
        raise no_account()


class NoListing:
    """Fulfils `service.ports.CarrierListing`, where every method raises Unavailable."""

    def calls_to(self, number: str, *, since: datetime) -> Iterator[ListedCall]:
        """Raises: Unavailable."""
        raise no_account()

    def call(self, carrier_call_id: str, *, to: str) -> ListedCall | None:
        """Raises: Unavailable."""
        raise no_account()

    def texts_to(self, number: str, *, since: datetime) -> Iterator[ListedText]:
        """Raises: Unavailable."""
        raise no_account()

    def files_of(self, message_sid: str) -> Sequence[FileSent]:
        """Raises: Unavailable."""
        raise no_account()

    def recordings(self, *, since: datetime) -> Iterator[ListedRecording]:
        """Raises: Unavailable."""
        raise no_account()


class NoNumbers:
    """Fulfils `service.ports.HotlineNumbers`, where every method raises Unavailable."""

    def all(self) -> Sequence[CarrierNumber]:
        """Raises: Unavailable."""
        raise no_account()

    def find(self, number: str) -> CarrierNumber | None:
        """Raises: Unavailable."""
        raise no_account()

    def change(self, sid: str, settings: NumberSettings) -> None:
        """Raises: Unavailable."""
        raise no_account()

    def text_group_of(self, sid: str) -> TextGroup | None:
        """Raises: Unavailable."""
        raise no_account()

    def send_texts_to_number(self, group_sid: str, *, is_on: bool) -> None:
        """Raises: Unavailable."""
        raise no_account()


def no_account() -> Unavailable:
    """Return the error that says what is missing."""
    return Unavailable("asking the carrier: there is no account; set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
