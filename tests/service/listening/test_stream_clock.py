"""Time from the timestamps of audio."""

import pytest

from voicebot.service.listening.stream_clock import StreamClock
from voicebot.telephony.media_stream import MediaFrame

FRAME = b"\xff" * 160


@pytest.mark.parametrize(
    ("stamps_ms", "now_s"),
    [
        ([], 0.0),
        ([0, 20, 40], 0.06),
        ([900, 920], 0.94),
        ([0, 20, 5000], 5.02),
        ([0, 0, 0, 0], 0.08),
        ([1000, 20, 40], 1.06),
        ([-7], 0.02),
        ([0, 10**15, 10**15], 0.06),
    ],
    ids=["none", "steady", "deaf start", "lost frames", "standing still", "going back", "negative", "nonsense"],
)
def test_the_time_of_a_stream_follows_the_stamps_of_its_frames(stamps_ms: list[int], now_s: float) -> None:
    clock = StreamClock()
    for stamp in stamps_ms:
        clock.heard(MediaFrame(FRAME, stamp))
    assert clock.now_s == pytest.approx(now_s)


def test_empty_frame_moves_the_time_to_its_stamp_and_never_back() -> None:
    clock = StreamClock()
    clock.heard(MediaFrame(b"", 400))
    clock.heard(MediaFrame(b"", 300))
    assert clock.now_s == 0.4
