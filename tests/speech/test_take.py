"""What a telephone line makes of a recorded voice, and which recordings are not played to callers."""

from collections.abc import Callable

import numpy as np
import pytest

from voicebot.speech.audio import decode_mulaw
from voicebot.speech.take import Wave, as_clip, levelled, to_telephone, trimmed, why_refused


def _tone(hertz: float, seconds: float, *, rate_hz: float, level: float = 0.3) -> Wave:
    wave: Wave = level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate_hz)) / rate_hz)
    return wave


def _loudness(wave: Wave) -> float:
    return float(np.sqrt((wave[800:-1600] ** 2).mean()))


@pytest.mark.parametrize(("hertz", "gain"), [(50, 0), (1000, 1), (3000, 1), (4500, 0), (8000, 0)])
def test_line_carries_only_its_band(hertz: float, gain: float) -> None:
    line = to_telephone(_tone(hertz, 1, rate_hz=22050), rate_hz=22050)
    assert _loudness(line) == pytest.approx(gain * 0.3 / np.sqrt(2), abs=0.01)


def test_line_keeps_duration_and_pitch() -> None:
    line = to_telephone(_tone(1000, 1, rate_hz=22050), rate_hz=22050)
    assert len(line) == pytest.approx(8000 * 1.1, abs=2)
    crossings = np.count_nonzero(np.diff(np.sign(line[:7600])) > 0)
    assert crossings == pytest.approx(950, abs=2)


def test_silence_around_is_cut_but_for_a_breath() -> None:
    voice = _tone(500, 0.5, rate_hz=8000)
    line = np.concatenate([np.zeros(4000), voice, np.zeros(8000)])
    assert len(trimmed(line)) / 8000 == pytest.approx(0.5 + 0.03 + 0.08, abs=0.01)


def test_nothing_but_silence_is_cut_to_nothing() -> None:
    assert len(trimmed(np.zeros(800))) == 0
    assert len(levelled(np.zeros(0))) == 0


@pytest.mark.parametrize("level", [0.01, 0.1, 0.9])
def test_every_voice_comes_to_the_level_of_prompts(level: float) -> None:
    line = levelled(_tone(500, 1, rate_hz=8000, level=level))
    assert 20 * np.log10(_loudness(line)) == pytest.approx(-20, abs=0.1)


def test_level_never_clips_a_peak() -> None:
    line = _tone(500, 1, rate_hz=8000, level=0.02)
    line[4000] = 0.5
    assert np.abs(levelled(line)).max() <= 0.8


def _take(*, level: float = 0.3, noise: float = 0.0005) -> Wave:
    """Half a second of a quiet room, a second of voice, and the room again."""
    rng = np.random.default_rng(1)
    room = np.zeros(11025)
    wave = np.concatenate([room, _tone(500, 1, rate_hz=22050, level=level), room])
    return np.clip(wave + noise * rng.standard_normal(len(wave)), -1, 1)


def test_a_good_recording_becomes_a_clip_of_its_voice_alone() -> None:
    take = _take(level=0.05)
    assert why_refused(take, rate_hz=22050) == ()
    clip = decode_mulaw(as_clip(take, rate_hz=22050, is_recorded=True)) / 32768
    assert len(clip) / 8000 == pytest.approx(1.1, abs=0.03)
    assert 20 * np.log10(_loudness(clip)) == pytest.approx(-20, abs=0.5)


@pytest.mark.parametrize(
    ("take", "why"),
    [
        (lambda: _take(level=3.0), "it is clipped in 1000 places"),
        (lambda: _take(noise=0.05), "it is noisy: the voice is only"),
        (lambda: _take(level=0.004, noise=0), "it is too quiet (-51 dB)"),
        (lambda: np.zeros(22050), "it is too quiet (-180 dB)"),
        (lambda: np.zeros(0), "it is too quiet (-180 dB)"),
    ],
    ids=["clipped", "noisy", "quiet", "silent", "empty"],
)
def test_a_recording_that_callers_would_not_follow_is_refused_with_the_reason(
    take: Callable[[], Wave], why: str
) -> None:
    (found,) = why_refused(take(), rate_hz=22050)
    assert found.startswith(why)
