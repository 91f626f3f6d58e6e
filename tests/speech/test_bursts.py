"""A knock is told from a voice. When these fail a fist on the table speaks, or a short word is lost."""

import numpy as np
import pytest

from voicebot.cli.bench.noise_sounds import Wave, knocks
from voicebot.simulator.scripts import VOICES
from voicebot.speech.audio import decode_mulaw, read_wav
from voicebot.speech.energy_gate import EnergyGate

_EVERY_S = 3.0


def _on_a_line(sound: Wave, *, noise_db: float = -66) -> EnergyGate:
    """Return the gate of a quiet second and the sound."""
    line = np.concatenate([np.zeros(8000), sound])
    line += np.random.default_rng(1).normal(0, 32768 * 10 ** (noise_db / 20), len(line))
    gate = EnergyGate()
    gate.feed(np.clip(line, -32000, 32000).astype(np.int16))
    return gate


def _are_only_bursts(gate: EnergyGate) -> bool:
    return gate.are_only_bursts(0, gate.heard_s)


def _ringing(wave: Wave) -> Wave:
    """Let a room ring with it for 0.4 s, ten decibels softer than it was."""
    tail = np.random.default_rng(2).normal(0, 1, 3200) * np.exp(-6.9 * np.arange(3200) / 3200)
    return wave + np.convolve(wave, 0.3 * tail / np.sqrt((tail**2).sum()))[: len(wave)]


def _tone(seconds: float, level_db: float) -> Wave:
    return np.resize([1.0, -1.0], round(seconds * 8000)) * 32768 * 10 ** (level_db / 20)


@pytest.mark.parametrize("burst_ms", [20, 60, 120, 150])
@pytest.mark.parametrize("times", [1, 4])
def test_knocks_are_only_bursts(burst_ms: int, times: int) -> None:
    sound = knocks(_EVERY_S, times=times, every_s=_EVERY_S, burst_ms=burst_ms, level_db=-10)
    assert _are_only_bursts(_on_a_line(sound))


@pytest.mark.parametrize("burst_ms", [60, 120, 150])
def test_a_knock_with_which_the_room_rings_is_a_burst(burst_ms: int) -> None:
    sound = _ringing(knocks(_EVERY_S, times=1, every_s=_EVERY_S, burst_ms=burst_ms, level_db=-10))
    assert _are_only_bursts(_on_a_line(sound))


@pytest.mark.parametrize("name", ["yes", "no", "supervisor", "mumble"])
@pytest.mark.parametrize("softer_db", [0, 20])
def test_a_short_word_is_a_voice(name: str, softer_db: int) -> None:
    said = decode_mulaw(read_wav((VOICES / f"{name}.wav").read_bytes())) * 10 ** (-softer_db / 20)
    assert not _are_only_bursts(_on_a_line(said))


def test_a_short_sound_that_grows_is_a_voice() -> None:
    assert not _are_only_bursts(_on_a_line(np.concatenate([_tone(0.06, -30), _tone(0.08, -20), np.zeros(800)])))


def test_a_short_sound_that_hardly_stands_out_from_the_noise_is_a_voice() -> None:
    assert not _are_only_bursts(_on_a_line(np.concatenate([_tone(0.12, -38), np.zeros(800)]), noise_db=-52))


def test_silence_holds_no_burst() -> None:
    assert not _are_only_bursts(_on_a_line(np.zeros(800)))


def test_only_what_lies_there_counts() -> None:
    gate = _on_a_line(np.concatenate([_tone(0.3, -20), np.zeros(8000), _tone(0.1, -20), np.zeros(8000)]))
    assert not gate.are_only_bursts(1.0, 1.3)
    assert gate.are_only_bursts(2.2, 2.5)
    assert not gate.are_only_bursts(1.0, 2.5)
    gate.start()
    assert not gate.are_only_bursts(0, 9)
