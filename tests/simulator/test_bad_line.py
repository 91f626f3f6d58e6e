"""What a bad line does to a voice: as much as was chosen, and nothing where nothing was."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from voicebot.simulator import LineQuality, Noise, sound
from voicebot.simulator.bad_line import SPEECH_RMS, BadLine

TICK = sound.tone(400)
SECONDS = 40


def carried(quality: LineQuality, tick: bytes = TICK) -> list[bytes]:
    line = BadLine(quality, seed=3)
    return [line.carry(tick) for _ in range(50 * SECONDS)]


def share_lost(quality: LineQuality) -> float:
    return carried(quality).count(sound.SILENT_TICK) / (50 * SECONDS)


def test_a_good_line_changes_no_byte() -> None:
    assert set(carried(LineQuality())) == {TICK}


def test_so_many_packets_are_lost_as_were_chosen() -> None:
    assert share_lost(LineQuality(loss_percent=5)) == pytest.approx(0.05, abs=0.015)


def test_what_comes_a_little_late_is_heard_and_what_comes_much_later_is_lost_in_a_row() -> None:
    assert share_lost(LineQuality(jitter_ms=5)) == 0
    heard = [tick != sound.SILENT_TICK for tick in carried(LineQuality(jitter_ms=40))]
    lost = heard.count(False)
    in_a_row = sum(1 for one, following in pairwise(heard) if not one and not following)
    assert 0.1 < lost / len(heard) < 0.6
    assert in_a_row > lost / 3


@pytest.mark.parametrize("noise", [Noise.HISS, Noise.PEOPLE])
def test_noise_is_as_much_softer_than_a_voice_as_was_chosen(noise: Noise) -> None:
    quality = LineQuality(noise=noise, noise_below_db=10)
    pcm = sound.to_pcm(b"".join(carried(quality, sound.SILENT_TICK))).astype(np.float64)
    below_db = 20 * np.log10(SPEECH_RMS / np.sqrt(np.mean(pcm**2)))
    assert below_db == pytest.approx(10, abs=0.5)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: LineQuality(loss_percent=101), "loss of 101 %"),
        (lambda: LineQuality(jitter_ms=-1), "jitter of -1 ms"),
        (lambda: LineQuality(noise_below_db=float("nan")), "noise nan dB"),
    ],
)
def test_what_no_line_is_gets_refused_by_name(wrong: Callable[[], LineQuality], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        wrong()
