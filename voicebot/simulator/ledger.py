"""What the pretend carrier keeps. It has its number's settings, calls, recordings and messages.

Knows: shapes. Must not know: HTTP, threads of calls. Guard changes that span fields with `lock`.
"""

import re
import secrets
import threading
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from voicebot.simulator.line import LineCall

API_VERSION = "2010-04-01"
E164 = re.compile(r"\+[1-9]\d{6,14}")


def new_sid(prefix: str) -> str:
    """Return a fresh sid, with two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class NumberSettings:
    """Where the hotline's number sends what. Empty means not set."""

    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    trunk_sid: str = ""
    voice_application_sid: str = ""
    sms_application_sid: str = ""
    voice_receive_mode: str = "voice"

    @staticmethod
    def at(hotline_url: str) -> "NumberSettings":
        """Return the settings of a hotline whose public origin this is."""
        base = hotline_url.rstrip("/")
        return NumberSettings(
            voice_url=f"{base}/twilio/voice",
            voice_fallback_url=f"{base}/twilio/voice/fallback",
            status_callback=f"{base}/twilio/voice/status",
            sms_url=f"{base}/twilio/sms",
        )


@dataclass(slots=True)
class Media:
    """A picture or other file of a text."""

    kind: str
    content: bytes
    sid: str = field(default_factory=lambda: new_sid("ME"))


@dataclass(slots=True)
class Message:
    """One text, sent by the hotline or to it."""

    sid: str
    sender: str
    recipient: str
    body: str
    direction: str
    created_at: datetime
    updated_at: datetime
    status: str = "queued"
    error_code: int | None = None
    sent_at: datetime | None = None
    status_callback: str = ""
    messaging_service_sid: str | None = None
    media: list[Media] = field(default_factory=list)


@dataclass(slots=True)
class CallEntry:
    """A call as the REST API shows it."""

    line: LineCall
    started_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None


@dataclass(slots=True)
class Recording:
    """What was recorded."""

    sid: str
    call_sid: str
    wav: bytes
    seconds: int
    started_at: datetime
    ready_at_s: float
    """Carrier second from which its media can be fetched."""
    status: str = "completed"
    channels: int = 1
    source: str = "RecordVerb"


@dataclass(slots=True)
class MessagingService:
    """A group of senders whose settings may outrank the number's own."""

    sid: str = field(default_factory=lambda: new_sid("MG"))
    name: str = "the pretend service"
    has_number: bool = True
    """Whether the hotline's number is in it."""
    uses_number_webhook: bool = False
    inbound_url: str = ""
    campaign_states: tuple[str, ...] = ()
    """Of its registrations for texts to the United States, such as `PENDING`, `VERIFIED`, `FAILED` …"""


class Trouble(StrEnum):
    """What the REST API can be told to do instead of answering."""

    BUSY = "busy"
    """429 with code 20429, and nothing is done."""
    SERVER_ERROR = "server_error"
    """500, and nothing is done."""
    SERVER_ERROR_AFTER_ACTION = "server_error_after_action"
    """The request is carried out, the answer is a 500."""
    HANG = "hang"
    """Nothing is done and no answer comes for `hang_s` real seconds."""
    HANG_AFTER_ACTION = "hang_after_action"
    """The request is carried out, its answer comes `hang_s` real seconds late."""


@dataclass
class Ledger:
    """All of it, in memory."""

    account_sid: str
    number: str
    number_sid: str = field(default_factory=lambda: new_sid("PN"))
    takes_calls: bool = True
    takes_texts: bool = True
    other_numbers: dict[str, str] = field(default_factory=dict)
    """Further numbers of the account by sid, but nothing is set on them."""
    settings: NumberSettings = NumberSettings()
    messages: dict[str, Message] = field(default_factory=dict)
    calls: dict[str, CallEntry] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    services: dict[str, MessagingService] = field(default_factory=dict)
    """Messaging Services by sid."""
    landlines: set[str] = field(default_factory=set)
    """Numbers that take no text."""
    opted_out: set[str] = field(default_factory=set)
    """Numbers that texted STOP to the hotline."""
    unreachable: set[str] = field(default_factory=set)
    """Numbers whose texts end undelivered with 30003."""
    troubles: deque[Trouble] = field(default_factory=deque)
    """What the next requests to the REST API meet, in order."""
    hang_s: float = 30.0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def change_settings(self, **changes: str) -> None:
        """Replace settings of the number by name."""
        with self.lock:
            self.settings = replace(self.settings, **changes)

    def texts_to(self, number: str) -> list[Message]:
        """Return the texts that the hotline sent to a number, oldest first."""
        with self.lock:
            return [text for text in self.messages.values() if text.recipient == number and text.direction != "inbound"]

    def calls_to(self, number: str) -> list[LineCall]:
        """Return the calls and legs by which the hotline rang a number, oldest first."""
        with self.lock:
            lines = [entry.line for entry in self.calls.values()]
        return [line for line in lines if line.to_number == number and line.direction != "inbound"]

    def next_trouble(self) -> Trouble | None:
        """Take the next trouble, if one was ordered."""
        with self.lock:
            return self.troubles.popleft() if self.troubles else None
