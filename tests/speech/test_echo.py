"""Our own voice on the line: taken out where it comes back, and nobody else's with it.

When the first fails our words are taken for the caller's; when the second does the caller is not heard.
"""

from collections.abc import Iterator

import numpy as np
import pytest

from voicebot.speech.audio import RATE_HZ, Samples, decode_mulaw, encode_mulaw
from voicebot.speech.echo import EchoCanceller

NOISE_DB = -62.0
FRAME = RATE_HZ // 50


def a_voice(seed: int, seconds: float, *, level_db: float = -20.0) -> Samples:
    """Make something as irregular as speech: pulses of a changing pitch through changing formants, in syllables."""
    dice = np.random.default_rng(seed)
    syllables = [_syllable(dice) for _ in range(round(seconds * 5))]
    wave = np.concatenate(syllables)
    wave *= 32768 * 10 ** (level_db / 20) / np.sqrt((wave[np.abs(wave) > 0] ** 2).mean())
    return np.clip(wave, -32000, 32000).astype(np.int16)


def _syllable(dice: np.random.Generator) -> np.ndarray:
    length = RATE_HZ // 5
    pulses = np.zeros(length)
    pulses[:: int(dice.integers(40, 90))] = 1.0
    formant = np.exp(-np.arange(60) / dice.uniform(6, 20)) * np.cos(np.arange(60) * dice.uniform(0.3, 2.0))
    sound = np.convolve(pulses + dice.normal(0, 0.05, length), formant)[:length]
    return sound * np.hanning(length) * dice.uniform(0.3, 1.0)


class Telephone:
    """A line with noise on which some of what we play comes back, and on which somebody may speak."""

    def __init__(self, *, echo_db: float | None, delay_ms: int = 120, bends: bool = False, rings: bool = False) -> None:
        self.canceller = EchoCanceller()
        self._gain = 0.0 if echo_db is None else 10 ** (-echo_db / 20)
        self._delay = delay_ms * 8
        self._bends, self._rings = bends, rings
        self._dice = np.random.default_rng(7)
        self._ours = np.zeros(60 * RATE_HZ)
        self._at = self._ends = 0

    def plays(self, voice: Samples, *, late_ms: int = 0) -> None:
        """Play this from now on; it is heard a little later than we believe, and after what was played before."""
        self.canceller.playing(encode_mulaw(voice), self._at / RATE_HZ)
        starts = self._ends = max(self._ends, self._at + late_ms * 8)
        self._ends += len(voice)
        self._ours[starts : starts + len(voice)] += voice

    def stops(self) -> None:
        """Cut what is being played."""
        self.canceller.stopped()
        self._ours[self._at :] = 0

    def passes(self, seconds: float, somebody: Samples | None = None) -> tuple[Samples, Samples]:
        """Let time pass; return what came over the line and what was left of it."""
        length = round(seconds * RATE_HZ) // FRAME * FRAME
        line = self._line(length, somebody)
        left = [self._frame(line[at : at + FRAME]) for at in range(0, length, FRAME)]
        return line, np.concatenate(left)

    def hears_nothing(self, seconds: float) -> Samples:
        """Let time pass on a line that is muted; return what was left of nothing."""
        return np.concatenate([self._frame(np.zeros(FRAME, np.int16)) for _ in range(round(seconds * 50))])

    def _frame(self, frame: Samples) -> Samples:
        self._at += len(frame)
        return self.canceller.clean(frame, self._at / RATE_HZ, noise_db=NOISE_DB)

    def _line(self, length: int, somebody: Samples | None) -> Samples:
        line = self._dice.normal(0, 32768 * 10 ** (NOISE_DB / 20), length)
        if self._gain:
            line += self._echo(length)
        if somebody is not None:
            line[: len(somebody)] += somebody[:length]
        return decode_mulaw(encode_mulaw(np.clip(line, -32000, 32000).astype(np.int16)))

    def _echo(self, length: int) -> np.ndarray:
        before = RATE_HZ // 10
        padded = np.concatenate([np.zeros(self._delay + before), self._ours])
        wave = padded[self._at : self._at + length + before] * self._gain
        if self._rings:
            room = np.exp(-np.arange(640) / 120.0) * np.random.default_rng(1).normal(0, 0.12, 640)
            room[0] = 1.0
            wave = np.convolve(wave, room)[: len(wave)]
        if self._bends:
            loudest = max(1.0, float(np.abs(wave).max()))
            wave = np.tanh(wave / loudest * 2.5) * loudest * 0.6
        return wave[before:]


def sound_s(wave: Samples) -> float:
    """Return the seconds that stand out from the line's noise."""
    return sum(_level_db(frame) > NOISE_DB + 6 for frame in _frames(wave)) / 50


def _frames(wave: Samples) -> Iterator[Samples]:
    yield from wave[: len(wave) // FRAME * FRAME].reshape(-1, FRAME)


def _level_db(wave: Samples) -> float:
    return float(10 * np.log10(np.mean((wave / 32768.0) ** 2) + 1e-12))


# --- our own voice -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("echo_db", [16, 22, 30])
@pytest.mark.parametrize("delay_ms", [40, 120, 400])
@pytest.mark.parametrize(("bends", "rings"), [(False, False), (True, False), (False, True)])
def test_our_own_voice_does_not_come_through(*, echo_db: float, delay_ms: int, bends: bool, rings: bool) -> None:
    line = Telephone(echo_db=echo_db, delay_ms=delay_ms, bends=bends, rings=rings)
    came = left = 0.0
    for prompt, late_ms in enumerate((0, 60, 20, 260)):
        line.plays(a_voice(prompt, 4), late_ms=late_ms)
        before, after = line.passes(5)
        came, left = came + sound_s(before), left + sound_s(after)
    assert came > 6
    assert left < 0.06 * came


def test_a_prompt_that_follows_at_once_is_taken_out_too() -> None:
    line = Telephone(echo_db=20)
    line.plays(a_voice(1, 3))
    line.passes(2)
    line.plays(a_voice(2, 3))
    line.passes(1.5)
    _, after = line.passes(3)
    assert sound_s(after) == 0


def test_what_still_comes_back_after_a_cut_is_ours() -> None:
    line = Telephone(echo_db=18, delay_ms=300)
    line.plays(a_voice(1, 6))
    line.passes(3)
    line.stops()
    before, after = line.passes(1)
    assert sound_s(before) > 0.1
    assert sound_s(after) <= 0.02


@pytest.mark.parametrize("delay_ms", [40, 120, 400, 600])
def test_a_line_is_judged_by_the_first_second_of_our_voice(delay_ms: int) -> None:
    line, silent_line = Telephone(echo_db=22, delay_ms=delay_ms), Telephone(echo_db=None)
    for each in (line, silent_line):
        assert not each.canceller.is_judged
        each.plays(a_voice(3, 3))
        each.passes(1.2)
    assert (line.canceller.is_judged, line.canceller.is_heard) == (True, True)
    assert (silent_line.canceller.is_judged, silent_line.canceller.is_heard) == (True, False)


def test_a_prompt_that_is_silent_for_a_while_is_taken_out_after_it_too() -> None:
    line = Telephone(echo_db=20)
    line.plays(np.concatenate([a_voice(1, 3), np.zeros(3 * RATE_HZ, np.int16), a_voice(2, 3)]))
    line.passes(6.5)
    before, after = line.passes(2)
    assert sound_s(before) > 0.5
    assert sound_s(after) == 0


def test_a_steady_tone_of_ours_that_comes_back_is_taken_out() -> None:
    line = Telephone(echo_db=18)
    line.plays(np.tile(np.array([16000, 16000, -16000, -16000], np.int16), RATE_HZ))
    before, after = line.passes(3)
    assert sound_s(before) > 2
    assert sound_s(after[RATE_HZ:]) == 0


# --- everybody else's --------------------------------------------------------------------------------------


def test_a_line_is_not_touched_while_we_are_silent() -> None:
    line = Telephone(echo_db=20)
    line.plays(a_voice(1, 3))
    line.passes(5)
    before, after = line.passes(3, a_voice(2, 3))
    assert (before == after).all()


@pytest.mark.parametrize("caller", range(4))
def test_a_line_without_echo_is_not_touched_while_somebody_speaks_over_us(caller: int) -> None:
    line = Telephone(echo_db=None)
    line.plays(a_voice(1, 6))
    before, after = line.passes(6, a_voice(10 + caller, 6, level_db=-24))
    assert not line.canceller.is_heard
    assert (before == after).all()


@pytest.mark.parametrize("echo_db", [16, 22])
def test_who_speaks_over_us_is_heard_through_our_echo(echo_db: float) -> None:
    line = Telephone(echo_db=echo_db)
    line.plays(a_voice(1, 3))
    line.passes(4)
    line.plays(a_voice(2, 6))
    line.passes(1)
    caller = a_voice(11, 2, level_db=-24)
    _, after = line.passes(2, caller)
    assert sound_s(after) > 0.65 * sound_s(caller)  # the soft parts drown in the echo
    assert np.corrcoef(after.astype(float), caller[: len(after)].astype(float))[0, 1] > 0.95


def test_who_speaks_from_our_first_word_on_is_heard() -> None:
    line = Telephone(echo_db=22)
    line.plays(a_voice(1, 4))
    caller = a_voice(12, 2, level_db=-24)
    _, after = line.passes(2, caller)
    assert sound_s(after) > 0.75 * sound_s(caller)


def test_a_caller_who_mutes_the_telephone_while_we_speak_is_heard_as_silent_and_again_afterwards() -> None:
    line = Telephone(echo_db=20)
    line.plays(a_voice(1, 9))
    line.passes(3)
    muted = line.hears_nothing(3)
    assert sound_s(muted[RATE_HZ:]) == 0
    caller = a_voice(12, 2, level_db=-24)
    _, after = line.passes(2, caller)
    assert sound_s(after) > 0.6 * sound_s(caller)


def test_frames_of_any_size_are_taken() -> None:
    canceller = EchoCanceller()
    canceller.playing(encode_mulaw(a_voice(1, 2)), 0.0)
    assert not len(canceller.clean(np.zeros(0, np.int16), 0.0, noise_db=NOISE_DB))
    whole = canceller.clean(np.zeros(8001, np.int16), 8001 / RATE_HZ, noise_db=NOISE_DB)
    assert len(whole) == 8001
