"""Messages of a bidirectional media stream, as the carrier writes and reads them.

Source: Twilio, voice/media-streams/websocket-messages; numbers are JSON strings; an unknown event, extra or missing
fields, a wrong streamSid or bad JSON is warning 31951.
Knows: the wire. Must not know: sockets, playback.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from voicebot.simulator.ledger import new_sid


@dataclass(frozen=True, slots=True)
class PlayAudio:
    """`media` from the hotline."""

    audio: bytes


@dataclass(frozen=True, slots=True)
class SetMark:
    """`mark` from the hotline."""

    name: str


@dataclass(frozen=True, slots=True)
class ClearAll:
    """`clear` from the hotline."""


Order = PlayAudio | SetMark | ClearAll


class Malformed(Exception):
    """The hotline sent something that the protocol does not have (31951)."""


@dataclass(slots=True)
class Messages:
    """Writes one stream's messages, counting them, and reads the hotline's."""

    account_sid: str
    call_sid: str
    parameters: dict[str, str] = field(default_factory=dict)
    stream_sid: str = field(default_factory=lambda: new_sid("MZ"))
    _sequence: int = 0
    _chunk: int = 0

    def connected(self) -> str:
        """Return the first message, which has neither counter nor streamSid."""
        return json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})

    def start(self) -> str:
        """Return the message that tells which call this is."""
        start = {
            "streamSid": self.stream_sid,
            "accountSid": self.account_sid,
            "callSid": self.call_sid,
            "tracks": ["inbound"],
            "customParameters": self.parameters,
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        return self._message("start", start=start)

    def media(self, audio: bytes, timestamp_ms: int) -> str:
        """Return one frame of the caller's sound."""
        self._chunk += 1
        media = {
            "track": "inbound",
            "chunk": str(self._chunk),
            "timestamp": str(timestamp_ms),
            "payload": base64.b64encode(audio).decode(),
        }
        return self._message("media", media=media)

    def dtmf(self, key: str) -> str:
        """Return one key."""
        return self._message("dtmf", dtmf={"track": "inbound_track", "digit": key})

    def mark(self, name: str) -> str:
        """Return a mark that was reached or cleared."""
        return self._message("mark", mark={"name": name})

    def stop(self) -> str:
        """Return the last message."""
        return self._message("stop", stop={"accountSid": self.account_sid, "callSid": self.call_sid})

    def read(self, text: str | bytes) -> Order:
        """Read one message of the hotline. Raises: Malformed."""
        message = _json_object(text)
        if message.get("streamSid") != self.stream_sid:
            raise Malformed("wrong or missing streamSid")
        match message.get("event"):
            case "media":
                return PlayAudio(_payload(_part(message, "media", "payload")))
            case "mark":
                return SetMark(_part(message, "mark", "name"))
            case "clear":
                _refuse_extra(message, {"event", "streamSid"})
                return ClearAll()
            case _:
                raise Malformed("unknown event")

    def _message(self, event: str, **part: Any) -> str:
        self._sequence += 1
        return json.dumps({"event": event, "sequenceNumber": str(self._sequence), "streamSid": self.stream_sid, **part})


def _json_object(text: str | bytes) -> dict[str, Any]:
    if isinstance(text, bytes):
        raise Malformed("a binary frame")
    try:
        message = json.loads(text)
    except ValueError as error:
        raise Malformed("not JSON") from error
    if not isinstance(message, dict):
        raise Malformed("not a JSON object")
    return message


def _part(message: dict[str, Any], name: str, value_name: str) -> str:
    _refuse_extra(message, {"event", "streamSid", name})
    part = message.get(name)
    if not isinstance(part, dict) or not isinstance(part.get(value_name), str):
        raise Malformed(f"{name} lacks its {value_name}")
    _refuse_extra(part, {value_name})
    return str(part[value_name])


def _refuse_extra(fields: dict[str, Any], known: set[str]) -> None:
    if set(fields) - known:
        raise Malformed("fields that the protocol does not have")


def _payload(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("the payload is not base64") from error
