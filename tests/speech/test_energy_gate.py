"""What the gate lets through, and where it lies on the line."""

from typing import Any

import numpy as np
import pytest

from voicebot.speech.audio import Samples
from voicebot.speech.energy_gate import EnergyGate, GateSettings


def _tone(seconds: float, level_db: float = -25) -> Samples:
    """A square wave of exactly this level."""
    half = np.full(round(seconds * 4000), 32768 * 10 ** (level_db / 20))
    return np.stack([half, -half], axis=1).reshape(-1).astype(np.int16)


def _quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * 8000), dtype=np.int16)


def _hiss(seconds: float, level_db: float) -> Samples:
    noise = np.random.default_rng(7).normal(0, 32768 * 10 ** (level_db / 20), round(seconds * 8000))
    return noise.astype(np.int16)


def _passed_s(gate: EnergyGate, *sounds: Samples) -> float:
    return sum(len(gate.feed(sound)) for sound in sounds) / 8000


def test_silence_is_kept_from_the_recogniser() -> None:
    gate = EnergyGate()
    assert _passed_s(gate, _quiet(10)) == 0
    assert (gate.heard_s, gate.fed_s, gate.sound_s, gate.quiet_s) == (10, 0, 0, None)


def test_sound_is_let_through_with_lead_in_and_hang_over() -> None:
    gate = EnergyGate()
    assert _passed_s(gate, _quiet(5), _tone(1), _quiet(5)) == pytest.approx(0.3 + 1 + 0.7)
    assert gate.sound_s == pytest.approx(1)
    assert gate.quiet_s == pytest.approx(5)


def test_short_pauses_are_let_through_whole() -> None:
    gate = EnergyGate()
    assert _passed_s(gate, _tone(1), _quiet(0.6), _tone(1)) == pytest.approx(2.6)


def test_no_sample_is_changed_doubled_or_put_in_another_order() -> None:
    gate = EnergyGate()
    ramp = np.arange(2000, 2000 + 8000 * 3, dtype=np.int64).astype(np.int16) | 1024
    line = np.concatenate([_quiet(1), ramp, _quiet(0.5)])
    assert gate.feed(line).tolist() == line[round(0.7 * 8000) :].tolist()


@pytest.mark.parametrize("size", [1, 33, 160, 161, 5000])
def test_pieces_of_any_size_give_the_same(size: int) -> None:
    line = np.concatenate([_quiet(1), _tone(0.5), _quiet(2), _tone(0.5), _quiet(1)])
    whole, pieces = EnergyGate(), EnergyGate()
    expected = whole.feed(line)
    got = np.concatenate([pieces.feed(line[at : at + size]) for at in range(0, len(line), size)])
    assert got.tolist() == expected.tolist()


def test_call_that_starts_with_speech_loses_nothing_of_it() -> None:
    assert _passed_s(EnergyGate(), _tone(2)) == pytest.approx(2)


def test_noise_of_the_line_is_learned_and_then_kept_out() -> None:
    gate = EnergyGate()
    gate.feed(_hiss(5, -45))
    assert _passed_s(gate, _hiss(5, -45)) == 0
    assert _passed_s(gate, _hiss(1, -30)) == pytest.approx(1.3)


def test_speech_just_above_the_noise_is_let_through_and_noise_just_below_is_not() -> None:
    for louder, passes in ((8, True), (4, False)):
        gate = EnergyGate()
        gate.feed(_tone(5, -50))
        assert (_passed_s(gate, _tone(0.5, -50 + louder)) > 0) is passes, louder


def test_very_soft_speech_on_a_silent_line_is_let_through() -> None:
    assert _passed_s(EnergyGate(), _quiet(5), _tone(1, -60)) == pytest.approx(1.3)


def test_steady_loud_sound_never_becomes_the_noise_of_the_line_for_good() -> None:
    gate = EnergyGate()
    gate.feed(_tone(20, -10))
    assert _passed_s(gate, _tone(1, -10)) == pytest.approx(1)


def test_always_open_gate_measures_and_lets_everything_through() -> None:
    gate = EnergyGate(GateSettings(is_always_open=True))
    assert _passed_s(gate, _quiet(2), _tone(1), _quiet(2)) == pytest.approx(5)
    assert gate.sound_s == pytest.approx(1)


@pytest.mark.parametrize(
    ("fed_s", "heard_s"),
    [(0.0, 4.7), (0.3, 5.0), (1.3, 6.0), (1.9, 6.6), (2.0, 6.7), (2.1, 15.8), (2.3, 16.0), (3.3, 17.0), (9.0, 22.7)],
    ids=lambda value: str(value),
)
def test_recogniser_time_leads_back_to_line_time(fed_s: float, heard_s: float) -> None:
    gate = EnergyGate()
    _passed_s(gate, _quiet(5), _tone(1), _quiet(10), _tone(1), _quiet(3))
    assert gate.heard_at(fed_s) == pytest.approx(heard_s)


def test_recogniser_time_before_anything_was_fed_is_line_time() -> None:
    assert EnergyGate().heard_at(0.0) == 0


def test_start_begins_a_new_count_but_keeps_the_noise_floor() -> None:
    gate = EnergyGate()
    gate.feed(_hiss(5, -45))
    gate.start()
    assert (gate.heard_s, gate.fed_s, gate.quiet_s) == (0, 0, None)
    assert _passed_s(gate, _hiss(3, -45)) == 0


def test_start_forgets_the_lead_in_so_that_nothing_earlier_is_heard_in_a_new_answer() -> None:
    gate = EnergyGate()
    gate.feed(_quiet(1))
    gate.start()
    assert _passed_s(gate, _tone(0.5)) == pytest.approx(0.5)


def test_recent_sound_tells_talk_from_a_cough() -> None:
    recent: dict[float, Any] = {}
    for seconds in (0.4, 1.0):
        gate = EnergyGate()
        gate.feed(np.concatenate([_quiet(2), _tone(seconds)]))
        recent[seconds] = gate.recent_sound_s
    assert recent == {0.4: pytest.approx(0.4), 1.0: pytest.approx(1.0)}


def test_knocks_are_told_from_words() -> None:
    gate = EnergyGate()
    knock = np.concatenate([_tone(0.02, -15), _quiet(0.5)])
    gate.feed(np.concatenate([_quiet(1), knock, knock, _tone(1.0)]))
    assert gate.are_only_bursts(1.0, 1.8)
    assert not gate.are_only_bursts(1.0, gate.heard_s)


def test_the_loudness_of_the_lines_own_noise_is_told() -> None:
    gate = EnergyGate()
    gate.feed(_hiss(5, -45))
    assert gate.floor_db == pytest.approx(-45, abs=2)


# --- the caller among other sounds -------------------------------------------------------------------------


def test_all_sound_may_be_the_callers_until_words_were_said() -> None:
    gate = EnergyGate()
    gate.feed(_tone(1, -45))
    assert gate.caller_s == gate.sound_s == pytest.approx(1)


def test_far_softer_sound_is_sound_but_not_the_callers() -> None:
    gate = EnergyGate()
    gate.feed(_tone(1, -24))
    gate.caller_spoke()
    gate.start()
    gate.feed(_tone(1, -38))
    assert (gate.caller_s, gate.recent_caller_s, gate.caller_quiet_s) == (0, 0, None)
    assert gate.sound_s == pytest.approx(1)
    assert gate.is_open
    gate.feed(_tone(0.5, -30))
    assert gate.caller_s == pytest.approx(0.5)
    assert gate.caller_quiet_s == 0


def test_a_louder_voice_is_the_caller_at_once_and_a_softer_one_little_by_little() -> None:
    gate = EnergyGate()
    for level_db in (-40, -20):
        gate.feed(_tone(1, level_db))
        gate.caller_spoke()
    gate.start()
    gate.feed(_tone(1, -34))
    assert gate.caller_s == 0
    for _ in range(40):
        gate.feed(np.concatenate([_quiet(0.1), _tone(1.1, -30)]))
        gate.caller_spoke()
    gate.start()
    gate.feed(_tone(1, -34))
    assert gate.caller_s == pytest.approx(1)


def test_a_short_peak_tells_no_loudness() -> None:
    gate = EnergyGate()
    gate.feed(_tone(0.2, -10))
    gate.caller_spoke()
    gate.feed(_tone(1, -40))
    assert gate.recent_caller_s == pytest.approx(1.2)
