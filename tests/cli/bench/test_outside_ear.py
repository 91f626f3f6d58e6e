"""What a stop-watch at the caller's ear would show."""

import pytest

from voicebot.cli.bench.outside_ear import wait_after_s
from voicebot.simulator import Happening, LineCall, LineEvent
from voicebot.speech.audio import silence

VOICE = b"\x90\x10" * 40
"""10 ms, loud."""
BREATH = b"\xfa\x7a" * 40
"""10 ms, far softer than any word."""


def _a_call(caller: bytes, hotline: bytes, *, spoke_at_s: float) -> LineCall:
    call = LineCall(sid="CA1", from_number="", to_number="")
    call.caller_track += caller
    call.hotline_track += hotline
    call._events.append(LineEvent(spoke_at_s, Happening.SPOKE, "yes"))
    return call


def test_breath_after_the_words_and_before_ours_is_waited_through() -> None:
    caller = silence(1) + VOICE * 30 + BREATH * 20 + silence(3)
    hotline = silence(2) + BREATH * 10 + VOICE * 50
    call = _a_call(caller, hotline, spoke_at_s=1.5)
    assert wait_after_s(call, "yes") == pytest.approx(0.8, abs=0.02)


def test_who_said_nothing_or_heard_nothing_did_not_wait() -> None:
    call = _a_call(silence(1) + VOICE * 10, silence(2), spoke_at_s=1.1)
    assert wait_after_s(call, "yes") is None
    assert wait_after_s(call, "no") is None
