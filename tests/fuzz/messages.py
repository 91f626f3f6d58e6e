"""Talks on a media socket that a fuzzer begins from."""

from typing import Any

STREAM = "MZ0123456789abcdef0123456789abcdef"
SILENCE = "/" * 212 + "/w=="
Message = dict[str, Any]


def talks() -> list[list[Message]]:
    """Return whole talks: an ordinary one, and odd ones."""
    return [
        [a_greeting(), a_start(), a_frame("0"), a_frame("20"), a_key("5"), a_mark("1:ask"), a_stop()],
        [a_start(), a_frame("x"), a_frame(-1), a_frame(1e300), a_key("A"), a_mark("")],
        [a_start(), a_frame(float("inf")), a_frame(float("nan")), a_frame("9" * 5000), a_frame(None)],
        [{"event": "start", "start": []}, {"event": 1}, {"event": "media", "media": "x"}, {"media": {}}],
    ]


def a_greeting() -> Message:
    return {"event": "connected", "protocol": "Call", "version": "1.0.0"}


def a_start() -> Message:
    start = {"streamSid": STREAM, "accountSid": "AC1", "callSid": "CA1", "tracks": ["inbound"], "customParameters": {}}
    return {"event": "start", "sequenceNumber": "1", "streamSid": STREAM, "start": start}


def a_frame(timestamp: object) -> Message:
    media = {"track": "inbound", "chunk": "2", "timestamp": timestamp, "payload": SILENCE}
    return {"event": "media", "sequenceNumber": "3", "streamSid": STREAM, "media": media}


def a_key(digit: str) -> Message:
    return {
        "event": "dtmf",
        "streamSid": STREAM,
        "sequenceNumber": "5",
        "dtmf": {"track": "inbound_track", "digit": digit},
    }


def a_mark(name: str) -> Message:
    return {"event": "mark", "streamSid": STREAM, "sequenceNumber": "6", "mark": {"name": name}}


def a_stop() -> Message:
    return {
        "event": "stop",
        "streamSid": STREAM,
        "sequenceNumber": "7",
        "stop": {"accountSid": "AC1", "callSid": "CA1"},
    }
