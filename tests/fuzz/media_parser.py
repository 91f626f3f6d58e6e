"""Fuzzes the parser of media messages, led by coverage: `python -m tests.fuzz.media_parser -max_total_time=60`.

Takes libFuzzer's arguments; ends with a status other than 0 and the bytes that did it when the parser raises, or
when the process grows by more than `GROWTH_BYTES`. Each input is a talk of up to some messages on one stream, parted by
a zero byte, since the protocol is a state machine.
"""

import json
import sys
from itertools import count

import atheris
import psutil

with atheris.instrument_imports(include=["voicebot.telephony.media_stream"]):
    from voicebot.telephony.media_stream import (
        LONGEST_STREAM_MS,
        MediaFrame,
        MediaStream,
        SendAudio,
        SendMark,
        StreamState,
    )

STREAM = "MZ0123456789abcdef0123456789abcdef"
START = json.dumps({"event": "start", "streamSid": STREAM, "start": {"streamSid": STREAM, "callSid": "CA1"}})


GROWTH_BYTES = 256 * 1024 * 1024
"""The fuzzer's own tables and corpus grow by some tens of megabytes; what kept the messages read would pass this."""
LOOK_EVERY = 200

_runs = count(1)
_first_bytes: list[int] = []


def resident_bytes() -> int:
    """Return what the process holds in memory now."""
    return int(psutil.Process().memory_info().rss)


def _check_memory() -> None:
    if next(_runs) % LOOK_EVERY == 0:
        _first_bytes.append(resident_bytes())
        assert _first_bytes[-1] - _first_bytes[0] < GROWTH_BYTES, "memory grows with the messages read"


def read_talk(data: bytes) -> None:
    """Read the messages twice: from the beginning of a stream, and on one that has started."""
    _check_memory()
    fresh, started = MediaStream(), MediaStream()
    started.read(START)
    for message in data.split(b"\0"):
        for stream in (fresh, started):
            _check(stream, stream.read(message))
            _check(stream, stream.read(message.decode("utf-8", "replace")))


def _check(stream: MediaStream, event: object) -> None:
    if isinstance(event, MediaFrame):
        assert 0 <= event.timestamp_ms <= 2 * LONGEST_STREAM_MS, "a time that no stream has"
    if stream.state is StreamState.OPEN:
        assert stream.write(SendAudio(b"\xff" * 160)), "an open stream can be written to"
        assert stream.write(SendMark("1:x"))


def main() -> None:
    """Fuzz as long as the arguments say."""
    atheris.Setup(sys.argv, read_talk)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
