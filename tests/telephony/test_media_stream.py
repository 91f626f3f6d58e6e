"""Messages of a media socket: texts in, values out, and whatever is odd counted and ignored."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.telephony.media_stream import (
    LEGAL_EVENTS,
    MAX_MESSAGE_BYTES,
    SEND_CHUNK_BYTES,
    CloseStream,
    KeyPressed,
    MarkReturned,
    MediaFrame,
    MediaStream,
    SendAudio,
    SendClear,
    SendMark,
    StreamStarted,
    StreamState,
    StreamStopped,
    StreamTrouble,
)

STREAM_SID = "MZ0123456789abcdef0123456789abcdef"
CALL_SID = "CA0123456789abcdef0123456789abcdef"
VOICE = bytes(range(160))


def _connected() -> dict[str, Any]:
    return {"event": "connected", "protocol": "Call", "version": "1.0.0"}


def _start() -> dict[str, Any]:
    start = {
        "streamSid": STREAM_SID,
        "accountSid": "AC0",
        "callSid": CALL_SID,
        "tracks": ["inbound"],
        "customParameters": {},
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    }
    return {"event": "start", "sequenceNumber": "1", "streamSid": STREAM_SID, "start": start}


def _media(audio: bytes = VOICE, *, timestamp: object = "20", **more: object) -> dict[str, Any]:
    payload = base64.b64encode(audio).decode()
    media = {"track": "inbound", "chunk": "1", "timestamp": timestamp, "payload": payload, **more}
    return {"event": "media", "sequenceNumber": "2", "streamSid": STREAM_SID, "media": media}


def _dtmf(digit: object = "5") -> dict[str, Any]:
    return {"event": "dtmf", "streamSid": STREAM_SID, "dtmf": {"track": "inbound_track", "digit": digit}}


def _mark(name: object = "3:ask_story") -> dict[str, Any]:
    return {"event": "mark", "streamSid": STREAM_SID, "mark": {"name": name}}


def _stop() -> dict[str, Any]:
    return {"event": "stop", "streamSid": STREAM_SID, "stop": {"accountSid": "AC0", "callSid": CALL_SID}}


MESSAGES = {
    "connected": _connected(),
    "start": _start(),
    "media": _media(),
    "dtmf": _dtmf(),
    "mark": _mark(),
    "stop": _stop(),
}


def _stream_in(state: StreamState) -> MediaStream:
    stream = MediaStream()
    path: dict[StreamState, tuple[str, ...]] = {
        StreamState.CONNECTING: (),
        StreamState.CONNECTED: ("connected",),
        StreamState.OPEN: ("connected", "start"),
        StreamState.STOPPED: ("connected", "start", "stop"),
    }
    for name in path[state]:
        stream.read(json.dumps(MESSAGES[name]))
    assert stream.state is state
    return stream


def _open() -> MediaStream:
    return _stream_in(StreamState.OPEN)


def _only_trouble(stream: MediaStream) -> StreamTrouble:
    assert sum(stream.troubles.values()) == 1
    return next(iter(stream.troubles))


def test_a_whole_stream_is_read_in_order() -> None:
    stream = MediaStream()
    messages = (_connected(), _start(), _media(), _dtmf("#"), _mark(), _stop())
    assert [stream.read(json.dumps(message)) for message in messages] == [
        None,
        StreamStarted(stream_sid=STREAM_SID, carrier_call_id=CALL_SID),
        MediaFrame(VOICE, 20),
        KeyPressed("#"),
        MarkReturned("3:ask_story"),
        StreamStopped(is_clean=True),
    ]
    assert not stream.troubles


def test_a_start_without_greeting_is_taken() -> None:
    stream = MediaStream()
    assert isinstance(stream.read(json.dumps(_start())), StreamStarted)
    assert not stream.troubles


@pytest.mark.parametrize("state", StreamState)
@pytest.mark.parametrize("name", MESSAGES)
def test_every_event_in_every_state_is_legal_or_ignored_without_change(state: StreamState, name: str) -> None:
    stream = _stream_in(state)
    stream.read(json.dumps(MESSAGES[name]))
    if name in LEGAL_EVENTS[state]:
        assert not stream.troubles
    else:
        assert stream.state is state
        assert _only_trouble(stream) is StreamTrouble.OUT_OF_ORDER


def test_numbers_that_are_no_strings_are_read_too() -> None:
    assert _open().read(json.dumps(_media(timestamp=40))) == MediaFrame(VOICE, 40)


@pytest.mark.parametrize("size", [1, 80, 160, 4000])
def test_a_frame_may_have_any_size(size: int) -> None:
    assert _open().read(json.dumps(_media(b"\x7f" * size))) == MediaFrame(b"\x7f" * size, 20)


@pytest.mark.parametrize("timestamp", [None, "soon", "-20", [], {}, float("inf"), "9" * 12])
def test_a_frame_with_a_broken_timestamp_keeps_its_voice_and_follows_the_one_before(timestamp: object) -> None:
    stream = _open()
    stream.read(json.dumps(_media(timestamp="1000")))
    assert stream.read(json.dumps(_media(timestamp=timestamp))) == MediaFrame(VOICE, 1020)
    assert _only_trouble(stream) is StreamTrouble.BROKEN_FIELD


ODD = {
    "no JSON": ("{not json", StreamTrouble.BROKEN_JSON),
    "empty": ("", StreamTrouble.BROKEN_JSON),
    "bytes that are no text": (b"\xff\xfe\xfd\xfc", StreamTrouble.BROKEN_JSON),
    "nested without end": ("[" * 60_000, StreamTrouble.BROKEN_JSON),
    "a list": ("[1]", StreamTrouble.BROKEN_FIELD),
    "no event": ("{}", StreamTrouble.BROKEN_FIELD),
    "an event that is no text": ('{"event": ["media"]}', StreamTrouble.BROKEN_FIELD),
    "an unknown event": ('{"event": "whisper"}', StreamTrouble.UNKNOWN_EVENT),
    "too large": (" " * (MAX_MESSAGE_BYTES + 1), StreamTrouble.TOO_LARGE),
    "no media": (json.dumps({"event": "media", "streamSid": STREAM_SID}), StreamTrouble.BROKEN_FIELD),
    "a payload that is no base64": (json.dumps(_media(payload="???")), StreamTrouble.BROKEN_AUDIO),
    "a payload that is no ASCII": (json.dumps(_media(payload="ёё==")), StreamTrouble.BROKEN_AUDIO),
    "a payload that is no text": (json.dumps(_media(payload=7)), StreamTrouble.BROKEN_AUDIO),
    "an empty payload": (json.dumps(_media(b"")), StreamTrouble.BROKEN_AUDIO),
    "our own track": (json.dumps(_media(track="outbound")), StreamTrouble.OTHER_TRACK),
    "another stream": (json.dumps({**_media(), "streamSid": "MZother"}), StreamTrouble.OTHER_STREAM),
    "a key that is none": (json.dumps(_dtmf("55")), StreamTrouble.BROKEN_FIELD),
    "a key that is a number": (json.dumps(_dtmf(5)), StreamTrouble.BROKEN_FIELD),
    "a mark without name": (json.dumps(_mark("")), StreamTrouble.BROKEN_FIELD),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_message_is_counted_and_ignored(kind: str) -> None:
    message, trouble = ODD[kind]
    stream = _open()
    assert stream.read(message) is None
    assert _only_trouble(stream) is trouble
    assert stream.read(json.dumps(_media())) == MediaFrame(VOICE, 20)


@pytest.mark.parametrize("broken", [{"start": 1}, {"streamSid": None, "start": {"callSid": CALL_SID}}, {"start": {}}])
def test_a_start_that_does_not_say_whose_it_is_opens_nothing(broken: dict[str, object]) -> None:
    stream = _stream_in(StreamState.CONNECTED)
    assert stream.read(json.dumps({**_start(), **broken})) is None
    assert stream.state is StreamState.CONNECTED
    assert _only_trouble(stream) is StreamTrouble.BROKEN_FIELD


def test_commands_are_written_with_the_stream_they_belong_to() -> None:
    stream = _open()
    assert [json.loads(text) for text in stream.write(SendAudio(VOICE))] == [
        {"event": "media", "streamSid": STREAM_SID, "media": {"payload": base64.b64encode(VOICE).decode()}}
    ]
    assert [json.loads(text) for text in stream.write(SendMark("3:ask_story"))] == [
        {"event": "mark", "streamSid": STREAM_SID, "mark": {"name": "3:ask_story"}}
    ]
    assert [json.loads(text) for text in stream.write(SendClear())] == [{"event": "clear", "streamSid": STREAM_SID}]
    assert stream.write(CloseStream()) == ()


def test_long_audio_is_cut_into_messages_that_join_again() -> None:
    audio = bytes(range(256)) * 200
    texts = _open().write(SendAudio(audio))
    parts = [base64.b64decode(json.loads(text)["media"]["payload"]) for text in texts]
    assert b"".join(parts) == audio
    assert max(map(len, parts)) == SEND_CHUNK_BYTES


def test_nothing_can_be_sent_before_the_start() -> None:
    with pytest.raises(AssertionError):
        MediaStream().write(SendClear())


@given(st.lists(st.one_of(st.text(), st.binary(), st.sampled_from([json.dumps(one) for one in MESSAGES.values()]))))
def test_no_message_ever_raises(messages: list[str | bytes]) -> None:
    stream = MediaStream()
    read = [stream.read(message) for message in messages]
    assert sum(event is None for event in read) >= sum(stream.troubles.values())


@pytest.mark.parametrize("key", "0123456789*#ABCD")
def test_every_key_there_is_is_a_key(key: str) -> None:
    stream = MediaStream()
    stream.read(json.dumps(_start()))
    assert stream.read(json.dumps(_dtmf(key))) == KeyPressed(key)
    assert not stream.troubles
