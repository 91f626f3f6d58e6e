"""The hotline's number at the carrier, and what the carrier lists of calls and recordings, as ports.

Knows: what can come of asking. Must not know: the carrier's API, what the addresses serve.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicebot.domain.picture import FileSent

NumberSettings = Mapping[str, str]
"""Setting to value in the carrier's own names (`voice_url`). Empty when it is not set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CarrierNumber:
    """One number of the account, with what the carrier does when somebody calls or texts it."""

    sid: str
    number: str
    """E.164."""
    takes_calls: bool
    takes_texts: bool
    settings: NumberSettings
    """Addresses with their methods, and what would outrank them, such as `trunk_sid`, `…_application_sid`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextGroup:
    """A group of senders (Twilio calls it a Messaging Service) that the number belongs to."""

    sid: str
    name: str
    sends_to_number: bool
    """Whether texts to the number go to the number's own address. Else the group's address gets them."""


class HotlineNumbers(Protocol):
    """The account's numbers. Every method raises: Unavailable (away, or the answer makes no sense), Refused (the
    carrier said no, with its error number in the message).
    """

    def all(self) -> Sequence[CarrierNumber]:
        """Return every number of the account."""
        ...

    def find(self, number: str) -> CarrierNumber | None:
        """Return the number with this E.164 form, read afresh."""
        ...

    def change(self, sid: str, settings: NumberSettings) -> None:
        """Set these settings and leave all others. An empty value clears one."""
        ...

    def text_group_of(self, sid: str) -> TextGroup | None:
        """Return the group whose settings may outrank the number's for texts."""
        ...

    def send_texts_to_number(self, group_sid: str, *, is_on: bool) -> None:
        """Make a group hand texts on to the address of the number that they came to, or to its own again."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedCall:
    """A call as the carrier's list tells it."""

    carrier_call_id: str
    caller: str
    """As given. It may be in E.164, a stand-in for a withheld number, or an address."""
    started_at: datetime
    is_over: bool
    status: str
    """The carrier's word. It is completed, busy, no-answer, failed, canceled, or one of a call that goes on."""
    seconds: int
    """How long it lasted. 0 when nobody knows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedRecording:
    """A recording as the carrier's list tells it."""

    recording_sid: str
    carrier_call_id: str
    recorded_at: datetime
    is_available: bool
    """Whole and ready to be fetched. One in the making is looked at again later."""
    is_absent: bool
    """Will never be had."""
    seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedText:
    """A text that came to a number of ours, as the carrier's list tells it."""

    message_sid: str
    sender: str
    """As given. It is in E.164, a short code or a name. Blotted out where the carrier was told to redact."""
    body: str
    """Empty when there was none, or when it was redacted."""
    sent_at: datetime
    files: int
    """How many pictures and other files came with it."""


class CarrierListing(Protocol):
    """What the carrier keeps of us, page by page. Raises (while iterating): Unavailable."""

    def calls_to(self, number: str, *, since: datetime) -> Iterator[ListedCall]:
        """Yield calls from outside to this number that began at or after the instant."""
        ...

    def call(self, carrier_call_id: str, *, to: str) -> ListedCall | None:
        """Return one call from outside to this number, or None for any other call, and where there is none."""
        ...

    def texts_to(self, number: str, *, since: datetime) -> Iterator[ListedText]:
        """Yield texts from outside to this number that were sent at or after the instant."""
        ...

    def files_of(self, message_sid: str) -> Sequence[FileSent]:
        """Return the files of one text."""
        ...

    def recordings(self, *, since: datetime) -> Iterator[ListedRecording]:
        """Yield recordings of the whole account made at or after the instant."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptSettings:
    """What a number was set to before we changed it. Appended, never changed."""

    id: str
    number_sid: str
    at: datetime
    values_json: str
    """JSON object of setting to the value it had, only of settings that were then changed."""
    undoes: str | None = None
    """The row whose values this change put back. None for a change that connected."""


class KeptNumbers(Protocol):
    """What connecting replaced."""

    def add(self, kept: KeptSettings) -> None: ...
    def standing(self, number_sid: str) -> Sequence[KeptSettings]:
        """Return the changes of a number that have not been undone, newest first."""
        ...
