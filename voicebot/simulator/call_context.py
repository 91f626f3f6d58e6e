"""What every verb needs of its call, that is the line, the courier, the ledger, and where relative URLs begin.

Knows: the parts of a call. Must not know: any one verb.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qs, urljoin, urlsplit

from voicebot.simulator import sound
from voicebot.simulator.callbacks import Callbacks
from voicebot.simulator.caller import Caller
from voicebot.simulator.clock import CarrierClock
from voicebot.simulator.courier import Courier, Reply, Unreachable
from voicebot.simulator.forms import voice_form
from voicebot.simulator.ledger import Ledger
from voicebot.simulator.line import Line, LineCall
from voicebot.simulator.options import CarrierOptions
from voicebot.simulator.person import Lives
from voicebot.simulator.phone import Phone
from voicebot.simulator.twiml_document import TwimlFault

_CLIP_TYPES = {"audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"}


@dataclass(frozen=True, slots=True)
class DocumentRequest:
    """The next document to fetch, with where, how, and what to tell beside the usual fields."""

    url: str
    method: str = "POST"
    fields: Mapping[str, str] = field(default_factory=dict)
    twiml: str = ""
    """Inline TwiML instead of a URL."""


@dataclass(frozen=True, slots=True)
class Detection:
    """Machine detection that was asked for."""

    waits_for_end: bool
    """With DetectMessageEnd the word comes when a machine's greeting is over."""
    is_async: bool
    """The call goes on meanwhile. Otherwise the first document is fetched when the word is there."""
    callback: str = ""
    callback_method: str = "POST"


@dataclass(frozen=True, slots=True)
class Ringing:
    """How somebody is rung, and who is told of it."""

    timeout_s: float
    status_callback: str = ""
    status_method: str = "POST"
    status_events: frozenset[str] = frozenset({"completed"})
    detection: Detection | None = None


@dataclass(frozen=True, slots=True)
class OutboundOrder:
    """A call that the hotline asks for through the REST API."""

    to_number: str
    from_number: str
    doc_request: DocumentRequest
    ringing: Ringing
    fallback_url: str = ""
    fallback_method: str = "POST"
    most_s: float = 0.0


Fallback = Callable[[], tuple[str, str]]
"""Returns URL and method of what is asked when a document fails. With an empty URL, nothing is."""


class Exchange(Protocol):
    """What verbs ask of the carrier to ring somebody else."""

    clock: CarrierClock
    ledger: Ledger
    options: CarrierOptions

    def phone_of(self, number: str) -> Phone:
        """Return the telephone of a number, and nobody picks up one that is not known."""
        ...

    def register(self, call: LineCall) -> None:
        """Write a new call into the ledger."""
        ...

    def answered(self, call: LineCall, script: "Caller | Lives", fallback: Fallback) -> "CallContext":
        """Return the context of a leg that was picked up just now."""
        ...

    def ring_from(self, other_leg: LineCall) -> LineCall:
        """Ring the hotline with a leg that hears, and says, what another leg does, and return the new leg at once."""
        ...

    def close_book(self, call: LineCall, *, status: str, by: str, fault: Exception | None = None) -> None:
        """Write down how a call ended."""
        ...

    def tell(self, call: LineCall, url: str, *, status: str, sequence: int, method: str = "POST") -> None:
        """Post a status callback in the background."""
        ...

    def callback(
        self, subject: str, url: str, form: Mapping[str, str], *, method: str = "POST", delay_s: float = 0.0
    ) -> None:
        """Post any other callback in the background."""
        ...


class ClipCache:
    """Clips fetched before, as long as their `Cache-Control: max-age` lasts, and shared by all calls."""

    def __init__(self) -> None:
        self._clips: dict[str, tuple[float, bytes]] = {}

    def get(self, url: str) -> bytes | None:
        """Return the clip unless it is unknown or stale."""
        until_s, clip = self._clips.get(url, (0.0, b""))
        return clip if time.monotonic() < until_s else None

    def keep(self, url: str, clip: bytes, cache_control: str) -> None:
        """Keep a clip for as long as its answer allowed."""
        words = dict(part.strip().lower().partition("=")[::2] for part in cache_control.split(","))
        if words.get("max-age", "").isdigit() and "no-store" not in words:
            self._clips[url] = (time.monotonic() + int(words["max-age"]), clip)


@dataclass
class CallContext:
    """One call's context, where `base_url` is the document being played."""

    call: LineCall
    line: Line
    courier: Courier
    callbacks: Callbacks
    ledger: Ledger
    clock: CarrierClock
    clips: ClipCache
    api_url: str
    exchange: Exchange
    fallback: Fallback
    base_url: str = ""

    @property
    def options(self) -> CarrierOptions:
        """The carrier's options."""
        return self.courier.options

    def form(self, **more: str) -> dict[str, str]:
        """Return the usual fields of a voice webhook and some more."""
        return voice_form(self.call, self.ledger.account_sid, self.options) | more

    def url(self, written: str) -> str:
        """Resolve a URL of the document. Raises: TwimlFault 11100 (relative in inline TwiML, or no http)."""
        whole = urljoin(self.base_url, written)
        if urlsplit(whole).scheme not in {"http", "https"}:
            raise TwimlFault(
                11100, f"{written or 'an empty URL'} is no absolute URL and there is none to resolve it against"
            )
        return whole

    def clip(self, written: str) -> tuple[str, bytes]:
        """Fetch the clip of a `<Play>` and return its prompt key and mu-law bytes.

        Raises: TwimlFault 12300 (not an 8 kHz WAV), Unreachable.
        """
        url = self.url(written)
        key = parse_qs(urlsplit(url).query).get("prompt", [""])[0]
        audio = self.clips.get(url) if self.options.caches_media else None
        if audio is None:
            audio = self._fetch_clip(url)
        return key, audio

    def post_quietly(self, url: str, form: Mapping[str, str]) -> Reply | None:
        """Post something whose answer is of no use, such as an action after hang-up."""
        try:
            return self.courier.ask(url, form)
        except Unreachable:
            return None

    def _fetch_clip(self, url: str) -> bytes:
        reply = self.courier.ask(url, {}, method="GET")
        if reply.content_type not in _CLIP_TYPES:
            raise TwimlFault(12300, f"<Play>: content type {reply.content_type or 'missing'} is not audio/wav")
        try:
            audio = sound.read_wav(reply.body)
        except ValueError as error:
            raise TwimlFault(12300, f"<Play>: {error}") from error
        self.clips.keep(url, audio, reply.cache_control)
        return audio
