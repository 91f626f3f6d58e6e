"""Media Streams messages, from texts of the socket to values and back, and the protocol's order as a state machine.

Numbers arrive as JSON strings. Frames have no promised size. Unknown events may come with any release of the carrier.
So nothing odd ends a call. It is counted and ignored.
Source: Twilio, voice/media-streams/websocket-messages (twilio.md 1.2).
Knows: the wire. Must not know: clips, recognisers, the flow.
"""

import base64
import binascii
import json
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

MAX_MESSAGE_BYTES = 65_536
"""A message above this is no media frame (20 ms are 160 bytes, base64 and JSON make about 300 of them)."""

SEND_CHUNK_BYTES = 16_000
"""Outgoing audio goes in messages of at most two seconds, because a longer one would fill a socket's send buffer."""

LONGEST_STREAM_MS = 24 * 3_600_000
"""No call lasts longer at the carrier, so a time beyond it is nonsense that would upset every timer."""

BYTES_PER_MS = 8
"""Mu-law, 8 kHz, mono."""

_KEYS = frozenset("0123456789*#ABCD")
"""The fourth column is on no telephone a caller holds, yet it is a key, and no trouble of the line (ITU-T Q.23)."""


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """`start` says which call this is."""

    stream_sid: str
    carrier_call_id: str


@dataclass(frozen=True, slots=True)
class MediaFrame:
    """Inbound audio, raw mu-law 8 kHz. It has any size, usually 160 bytes (20 ms)."""

    audio: bytes
    timestamp_ms: int
    """Milliseconds since the stream began, as the carrier counts."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """`dtmf` is one key, 0-9, *, # or one of A-D, which mean nothing anywhere."""

    key: str


@dataclass(frozen=True, slots=True)
class MarkReturned:
    """`mark` says that playback got there, or was cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class StreamStopped:
    """`stop`, or the socket closed."""

    is_clean: bool
    """True for a `stop` message, and False for a socket that just closed."""


StreamEvent = StreamStarted | MediaFrame | KeyPressed | MarkReturned | StreamStopped


@dataclass(frozen=True, slots=True)
class SendAudio:
    """Play raw mu-law 8 kHz bytes."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class SendMark:
    """Ask to be told when playback got here."""

    name: str


@dataclass(frozen=True, slots=True)
class SendClear:
    """Stop what is playing, whereupon the remaining marks come back."""


@dataclass(frozen=True, slots=True)
class CloseStream:
    """Close the socket from our side, whereupon the verb after it is fetched."""


StreamCommand = SendAudio | SendMark | SendClear | CloseStream


class StreamTrouble(StrEnum):
    """Why a message was ignored, where each is a label of the counter that operators read."""

    TOO_LARGE = "too_large"
    BROKEN_JSON = "broken_json"
    BROKEN_FIELD = "broken_field"
    """A field is missing or of the wrong kind."""
    BROKEN_AUDIO = "broken_audio"
    """The payload is empty or not base64."""
    UNKNOWN_EVENT = "unknown_event"
    OUT_OF_ORDER = "out_of_order"
    """Known, but not at this place of the protocol."""
    OTHER_STREAM = "other_stream"
    """Its `streamSid` is not the one that started."""
    OTHER_TRACK = "other_track"
    """Audio of the outbound track, which we never ask for."""


class StreamState(StrEnum):
    """Where the protocol stands."""

    CONNECTING = "connecting"
    """Nothing heard yet."""
    CONNECTED = "connected"
    OPEN = "open"
    """`start` was read, so audio, keys and marks may come."""
    STOPPED = "stopped"


LEGAL_EVENTS: dict[StreamState, frozenset[str]] = {
    # A `start` without `connected` is taken: nothing in it depends on the greeting.
    StreamState.CONNECTING: frozenset({"connected", "start"}),
    StreamState.CONNECTED: frozenset({"start"}),
    StreamState.OPEN: frozenset({"media", "dtmf", "mark", "stop"}),
    StreamState.STOPPED: frozenset(),
}
"""What may come in each state."""

_KNOWN_EVENTS = frozenset[str]().union(*LEGAL_EVENTS.values())


class _Ignored(Exception):
    """This message is not for us, so it carries the reason that is counted."""

    def __init__(self, trouble: StreamTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class MediaStream:
    """One socket's protocol. Give it each text received, and each command to be sent."""

    def __init__(self) -> None:
        self.state = StreamState.CONNECTING
        self.troubles: Counter[StreamTrouble] = Counter()
        """How many messages were ignored, by reason."""
        self._stream_sid = ""
        self._next_timestamp_ms = 0

    def read(self, message: str | bytes) -> StreamEvent | None:
        """Turn one received message into what it means. What means nothing to us is None, and counted in `troubles`."""
        try:
            fields = _fields(message)
            self._check_order(fields)
            return self._event(fields)
        except _Ignored as ignored:
            self.troubles[ignored.trouble] += 1
            return None

    def write(self, command: StreamCommand) -> tuple[str, ...]:
        """Turn a command into the texts to send, in order, with none for `CloseStream`, which the socket does
        itself.
        """
        if not self._stream_sid:
            raise AssertionError("nothing can be sent before the stream has started")
        match command:
            case SendAudio(audio):
                return tuple(self._media(chunk) for chunk in _chunks(audio))
            case SendMark(name):
                return (self._text("mark", mark={"name": name}),)
            case SendClear():
                return (self._text("clear"),)
            # The protocol has no message for this. Closing the socket is what goes on with the next verb.
            case CloseStream():
                return ()
            case _:
                assert_never(command)

    def _check_order(self, fields: dict[str, Any]) -> None:
        event = fields.get("event")
        # Twilio adds events without notice.
        if event not in _KNOWN_EVENTS:
            raise _Ignored(StreamTrouble.UNKNOWN_EVENT)
        if event not in LEGAL_EVENTS[self.state]:
            raise _Ignored(StreamTrouble.OUT_OF_ORDER)
        # One socket carries one stream (twilio.md 1.2). A message without the field can only be of that one.
        if self.state is StreamState.OPEN and fields.get("streamSid", self._stream_sid) != self._stream_sid:
            raise _Ignored(StreamTrouble.OTHER_STREAM)

    def _event(self, fields: dict[str, Any]) -> StreamEvent | None:
        match fields["event"]:
            case "connected":
                self.state = StreamState.CONNECTED
                return None
            case "start":
                return self._started(fields)
            case "media":
                return self._frame(_part(fields, "media"))
            case "dtmf":
                return KeyPressed(_key(_part(fields, "dtmf")))
            case "mark":
                return MarkReturned(_text_of(_part(fields, "mark"), "name"))
            case _:
                self.state = StreamState.STOPPED
                return StreamStopped(is_clean=True)

    def _started(self, fields: dict[str, Any]) -> StreamStarted:
        start = _part(fields, "start")
        # Twilio writes it in both places. Either is enough to answer with, and without it nothing can be played.
        sid = fields.get("streamSid") or start.get("streamSid")
        if not isinstance(sid, str) or not sid:
            raise _Ignored(StreamTrouble.BROKEN_FIELD)
        started = StreamStarted(stream_sid=sid, carrier_call_id=_text_of(start, "callSid"))
        self._stream_sid, self.state = sid, StreamState.OPEN
        return started

    def _frame(self, media: dict[str, Any]) -> MediaFrame:
        # A `<Connect>` stream has the caller's track only (twilio.md 1.2): another one would be our own voice.
        if media.get("track", "inbound") != "inbound":
            raise _Ignored(StreamTrouble.OTHER_TRACK)
        audio = _audio(media)
        timestamp_ms = self._timestamp_ms(media)
        # From the bytes, not 20 ms: frames of that size are usual, but promised nowhere.
        self._next_timestamp_ms = timestamp_ms + len(audio) // BYTES_PER_MS
        return MediaFrame(audio, timestamp_ms)

    def _timestamp_ms(self, media: dict[str, Any]) -> int:
        """Read the carrier's count. A broken one is counted and replaced, for the voice in the frame is good."""
        try:
            timestamp_ms = int(media["timestamp"])
        except (KeyError, TypeError, ValueError, OverflowError):  # 1e999 is read as infinite
            timestamp_ms = -1
        if 0 <= timestamp_ms <= LONGEST_STREAM_MS:
            return timestamp_ms
        self.troubles[StreamTrouble.BROKEN_FIELD] += 1
        return self._next_timestamp_ms

    def _media(self, chunk: bytes) -> str:
        return self._text("media", media={"payload": base64.b64encode(chunk).decode("ascii")})

    def _text(self, event: str, **parts: dict[str, str]) -> str:
        # Exactly these fields: an unknown one, or a foreign streamSid, is Twilio's warning 31951.
        return json.dumps({"event": event, "streamSid": self._stream_sid, **parts}, separators=(",", ":"))


def _chunks(audio: bytes) -> list[bytes]:
    return [audio[start : start + SEND_CHUNK_BYTES] for start in range(0, len(audio), SEND_CHUNK_BYTES)]


def _fields(message: str | bytes) -> dict[str, Any]:
    if len(message) > MAX_MESSAGE_BYTES:
        raise _Ignored(StreamTrouble.TOO_LARGE)
    try:
        fields = json.loads(message)
    except (ValueError, RecursionError):  # JSONDecodeError and UnicodeDecodeError are both ValueErrors
        raise _Ignored(StreamTrouble.BROKEN_JSON) from None
    if not isinstance(fields, dict) or not isinstance(fields.get("event"), str):
        raise _Ignored(StreamTrouble.BROKEN_FIELD)
    return fields


def _part(fields: dict[str, Any], name: str) -> dict[str, Any]:
    part = fields.get(name)
    if not isinstance(part, dict):
        raise _Ignored(StreamTrouble.BROKEN_FIELD)
    return part


def _text_of(part: dict[str, Any], name: str) -> str:
    text = part.get(name)
    if not isinstance(text, str) or not text:
        raise _Ignored(StreamTrouble.BROKEN_FIELD)
    return text


def _key(dtmf: dict[str, Any]) -> str:
    key = _text_of(dtmf, "digit")
    if key not in _KEYS:
        raise _Ignored(StreamTrouble.BROKEN_FIELD)
    return key


def _audio(media: dict[str, Any]) -> bytes:
    try:
        # Without `validate` foreign characters are skipped, and noise would pass for audio.
        return base64.b64decode(_text_of(media, "payload"), validate=True)
    except (_Ignored, binascii.Error, ValueError):
        raise _Ignored(StreamTrouble.BROKEN_AUDIO) from None
