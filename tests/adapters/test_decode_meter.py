"""Recognisers that count what they cost."""

import pytest
from prometheus_client import REGISTRY

from tests.fakes import CodedVoice, FakeRecognisers
from voicebot.adapters.decode_meter import MeteredRecognisers
from voicebot.errors import Unavailable
from voicebot.service.ports import Places, Seat
from voicebot.speech.audio import decode_mulaw, pcm_bytes

SEAT = Seat(holder="+12025550143")


def counted(name: str) -> float:
    """Return a counter's value now."""
    return REGISTRY.get_sample_value(f"voicebot_{name}") or 0.0


def test_audio_and_the_time_it_took_are_counted_once_an_answer() -> None:
    voice = CodedVoice()
    recogniser = MeteredRecognisers(FakeRecognisers(voice)).make("en", None)
    before = {name: counted(name) for name in ("decoded_audio_seconds_total", "decode_seconds_total")}
    answers = counted("decode_ratio_count")
    recogniser.accept(pcm_bytes(decode_mulaw(voice.says("my parcel", 2.0))))
    assert recogniser.partial() == "my parcel"
    assert recogniser.finish().text == "my parcel"
    assert counted("decoded_audio_seconds_total") - before["decoded_audio_seconds_total"] == pytest.approx(2.0)
    assert counted("decode_seconds_total") > before["decode_seconds_total"]
    assert counted("decode_ratio_count") == answers + 1


def test_an_answer_too_short_to_tell_has_no_ratio() -> None:
    answers = counted("decode_ratio_count")
    recogniser = MeteredRecognisers(FakeRecognisers()).make("en", None)
    recogniser.accept(bytes(1600))
    recogniser.settle()
    recogniser.finish()
    assert counted("decode_ratio_count") == answers


def test_everything_else_is_the_inner_ones() -> None:
    inner = FakeRecognisers(limit=1)
    metered = MeteredRecognisers(inner)
    assert metered.has_room(SEAT)
    assert metered.reserve(SEAT)
    assert metered.places() == Places(1, 1)
    assert not metered.reserve(SEAT)
    metered.release(SEAT)
    assert metered.supports("en")
    assert not metered.supports("fr")


def test_an_engine_that_fails_is_heard_of_and_its_time_counts() -> None:
    recogniser = MeteredRecognisers(FakeRecognisers(fails_after_s=0.01)).make("en", None)
    before = counted("decode_seconds_total")
    with pytest.raises(Unavailable):
        recogniser.accept(bytes(16_000))
    assert counted("decode_seconds_total") > before
