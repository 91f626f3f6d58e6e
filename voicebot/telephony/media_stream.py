"""Media Streams messages: texts of the socket to values and back, and the protocol's order as a state machine.

Source: Twilio, voice/media-streams/websocket-messages (twilio.md 1.2). Numbers arrive as JSON strings.
Knows: the wire. Must not know: clips, recognisers, the flow.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StreamStarted:
    """`start`: which call this is."""

    stream_sid: str
    carrier_call_id: str


@dataclass(frozen=True, slots=True)
class MediaFrame:
    """Inbound audio, raw mu-law 8 kHz; any size, usually 160 bytes (20 ms)."""

    audio: bytes
    timestamp_ms: int
    """Milliseconds since the stream began, as the carrier counts."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """`dtmf`: one key, 0-9, * or #."""

    key: str


@dataclass(frozen=True, slots=True)
class MarkReturned:
    """`mark`: playback got there, or was cleared."""

    name: str


@dataclass(frozen=True, slots=True)
class StreamStopped:
    """`stop`, or the socket closed."""

    is_clean: bool
    """True for a `stop` message; False for a socket that just closed."""


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
    """Stop what is playing; the remaining marks come back."""


@dataclass(frozen=True, slots=True)
class CloseStream:
    """Close the socket from our side: the verb after it is fetched."""


StreamCommand = SendAudio | SendMark | SendClear | CloseStream
