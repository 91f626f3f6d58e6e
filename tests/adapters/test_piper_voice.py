"""What a telephone line makes of a voice; the voice itself is needed only where clips are made."""

import numpy as np
import pytest

from voicebot.adapters.piper_voice import Wave, levelled, to_telephone, trimmed


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
