"""Prompts said more slowly: as long as wanted, at the pitch and loudness that they had."""

import numpy as np
import pytest

from voicebot.speech.audio import RATE_HZ, Samples, decode_mulaw, encode_mulaw, silence
from voicebot.speech.stretch import stretched


def _tone(hertz: float, seconds: float = 1.0) -> bytes:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return encode_mulaw((8000 * np.sin(2 * np.pi * hertz * at)).astype(np.int16))


def _pitch_hz(samples: Samples) -> float:
    """The strongest frequency of the middle, where nothing fades in or out."""
    middle = samples[1000:-1000].astype(np.float64)
    strengths = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    return float(np.argmax(strengths)) * RATE_HZ / len(middle)


@pytest.mark.parametrize("pace", [0.7, 0.85, 1.2])
@pytest.mark.parametrize("hertz", [110.0, 440.0])
def test_slower_speech_lasts_longer_and_keeps_its_pitch_and_loudness(pace: float, hertz: float) -> None:
    slow = decode_mulaw(stretched(_tone(hertz), pace))
    assert len(slow) == round(RATE_HZ / pace)
    assert _pitch_hz(slow) == pytest.approx(hertz, rel=0.02)
    loudness = np.abs(slow[1000:-1000].astype(np.float64)).mean()
    assert loudness == pytest.approx(8000 * 2 / np.pi, rel=0.05)


def test_silence_stays_silence() -> None:
    assert np.abs(decode_mulaw(stretched(silence(0.5), 0.85))).max() == 0


def test_the_usual_pace_and_a_click_are_left_as_they_are() -> None:
    assert stretched(_tone(200), 1.0) == _tone(200)
    assert stretched(b"\x10" * 200, 0.85) == b"\x10" * 200


def test_nothing_of_the_beginning_and_the_end_is_lost() -> None:
    speech = silence(0.2) + _tone(200, 0.3) + silence(0.2)
    loud = np.flatnonzero(np.abs(decode_mulaw(stretched(speech, 0.85)).astype(np.float64)) > 2000)
    assert loud[0] / RATE_HZ == pytest.approx(0.2 / 0.85, abs=0.03)
    assert loud[-1] / RATE_HZ == pytest.approx(0.5 / 0.85, abs=0.03)
