"""Takes our own voice out of what comes over the line. A loudspeaker telephone sends it back, softer and later.

We know what we play and about when. How much later it comes back is found by correlation and found again for each
prompt, since each is sent a little earlier or later. A short filter is then fitted by least squares over the last
second, and what it predicts is subtracted. What is left is kept only where it is louder than the echo was, because
below that it is the remainder of the echo, which loudspeakers and codecs bend beyond any filter. Such a frame is turned
down to the line's noise, so that neither the gate nor the recogniser hears it.

While we are silent nothing is touched, and the samples go through as they came. So they do where no echo is found.
Words are not compared with those of our prompts. Tried with a room whose echo rings louder than it arrives, -10 to -28
dB. Of 28 hearings of our own voice 2 held only words of the prompt, for a grammar writes the nearest phrase it has
("need", "with a boss"). Besides, callers answer with the prompt's own words ("say yes or no"). Levels tell more. In
common rooms -10 to -28 dB, 60 to 400 ms, 144 prompts were neither cut nor answered. Nothing of a line is known before
its first prompt has come back or has not (`is_judged`).
Source: least squares over a window is what adaptive filters approach (S. Haykin, Adaptive Filter Theory, chapter 9);
turning down the remainder is the "non-linear processor" of ITU-T G.168. The limits were tried on real voices.
Knows: samples, stream time. Must not know: prompts' names, gates, recognisers.
"""

import math

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.audio import RATE_HZ, Samples, decode_mulaw

_Wave = NDArray[np.float32]

EARLIEST_S = 0.1
"""We may believe that we are heard so much later than we are, for what waits to be fed is counted in messages."""
LATEST_S = 0.9
"""The longest way there and back.

It is two mobile telephones with 0.4 s, the carrier's buffers and a busy machine of ours.
"""
_JUDGED_AFTER_S = 1.2
"""By then a line that sends our voice back was found.

That is 0.3 s after it first came back, at 0.9 s with a delay of 0.6.
"""
_STEP = RATE_HZ * 8 // 100
"""80 ms. That is how often delay and filter are looked at anew."""
_SEARCHED = RATE_HZ * 4 // 10
"""0.4 s of the line are compared when the delay is looked for."""
_FEWEST = RATE_HZ * 16 // 100
"""Less of our own sound than this tells no delay."""
_FITTED = RATE_HZ
"""One second. Over so much the filter is fitted."""
_AHEAD, _BEHIND = 16, 112
"""Taps before and after the loudest, that is 2 ms and 14 ms, the near reflections of a room."""
_MATCHES = 0.4
"""Correlation from which a delay is believed. Two different voices reach 0.25, an echo under a voice 0.5."""
_SAME_DELAY = 4
"""In samples, half a millisecond."""
_EXPLAINS = 0.3
"""Share of the line's energy from which a fitted filter is believed, because below it somebody speaks, or there is no
echo.
"""
_LOUDER_DB = 1.0
"""What is left counts as somebody's sound when it is so much louder than the echo was."""
_LOUDER_UNFOUND_DB = 6.0
"""The same before the delay of a new prompt is known, when nothing has been subtracted yet."""
_KEPT = _FITTED + RATE_HZ
"""So much of what we played is kept behind the line. It is what is fitted, and the longest way."""
_RINGS_ON = 0.5
"""Of the echo's power after each frame, because a room of some size takes 0.4 s to fall silent."""
_OF_LATE = 0.8
"""For each frame. It is a tenth of a second."""
_EARLIER, _LATER = RATE_HZ * 25 // 100, RATE_HZ * 4 // 10
"""By so much a prompt may be heard earlier or later than the one before it, for our machine may be busy at either."""
_TAPS = _AHEAD + _BEHIND
_TAP_DISTANCES = np.abs(np.arange(_TAPS)[:, None] - np.arange(_TAPS)[None, :])
_REGULAR = 1e-3
_SOLVING_STEPS = 20
_FRAME = RATE_HZ // 50
_FULL_SCALE = 32768
_EMPHASIS = 0.9


class EchoCanceller:
    """One call's echo. Tell it what is played, then give it each piece of the line in order."""

    def __init__(self) -> None:
        self._ours: _Wave = np.zeros(0, np.float32)
        self._ours_from = 0
        """Where `_ours` begins, in samples of stream time."""
        self._line: _Wave = np.zeros(0, np.float32)
        self._line_to = 0
        self._now = 0
        self._compared_from = 0
        """Until here what comes back is of the prompt before, whose delay is not this one's."""
        self._looked_at = 0
        self._delay: int | None = None
        """In samples, because that of the last prompt is the best guess for the next."""
        self._filter: _Wave | None = None
        self._likely: int | None = None
        self._taken = 0.0
        """Power that subtracting has taken from the line of late. Below zero it has added some."""
        self._ringing = 0.0
        """Power of the echo as it rings on in a room, longer than the filter is."""
        self._is_found = False
        """Whether the delay was found within what is being played now."""
        self._first_at: int | None = None

    @property
    def is_heard(self) -> bool:
        """Whether this line has sent our voice back."""
        return self._filter is not None

    @property
    def is_judged(self) -> bool:
        """Whether it is known if this line sends our voice back, because it has, or would have by now."""
        has_had_time = self._first_at is not None and self._now - self._first_at >= _JUDGED_AFTER_S * RATE_HZ
        return self.is_heard or has_had_time

    def playing(self, mulaw: bytes, at_s: float) -> None:
        """We are heard saying this from that instant of stream time, or after what is still being said."""
        wave = decode_mulaw(mulaw).astype(np.float32)
        starts, ends = round(at_s * RATE_HZ), self._ours_from + len(self._ours)
        self._first_at = starts if self._first_at is None else self._first_at
        # After a rest of ours the next prompt has a delay of its own: it is sent a little earlier or later.
        if starts > ends:
            self._is_found, self._likely, self._line, self._taken = False, None, self._line[:0], 0.0
            self._compared_from = starts + (self._delay or 0)
        if starts - ends > LATEST_S * RATE_HZ:
            self._ours, self._ours_from = wave, starts
            return
        self._forget_before(self._line_to - _KEPT)
        self._ours = np.concatenate([self._ours, np.zeros(max(0, starts - ends), np.float32), wave])

    def stopped(self) -> None:
        """What is being played is cut now."""
        self._ours = self._ours[: max(0, self._now - self._ours_from)]

    def clean(self, samples: Samples, ends_at_s: float, *, noise_db: float) -> Samples:
        """Return the line's samples without our echo. `noise_db` is the line's own noise, in dB of full scale."""
        ends = self._now = round(ends_at_s * RATE_HZ)
        if not len(samples) or not self._may_echo(ends, len(samples)):
            self._line = self._line[:0]
            return samples
        self._remember(samples.astype(np.float32), ends)
        if ends - self._looked_at >= _STEP:
            self._looked_at = ends
            self._look()
        return samples if self._filter is None else self._without_echo(samples, noise_db)

    def _forget_before(self, instant: int) -> None:
        gone = min(max(0, instant - self._ours_from), len(self._ours))
        self._ours, self._ours_from = self._ours[gone:], self._ours_from + gone

    # --- what is known of the line --------------------------------------------------------------------------

    def _may_echo(self, ends: int, length: int) -> bool:
        """Whether anything we play can come back within these samples."""
        # Most of a call we are silent, and then the samples go through untouched at no cost.
        last = self._ours_from + len(self._ours)
        is_near = self._ours_from - EARLIEST_S * RATE_HZ < ends and ends - length < last + LATEST_S * RATE_HZ
        return is_near and len(self._ours) > 0

    def _remember(self, wave: _Wave, ends: int) -> None:
        # Sound of a gap or of the prompt before would be fitted to the wrong words: what is kept begins anew.
        is_next = abs(ends - len(wave) - self._line_to) <= len(wave) and self._line_to >= self._compared_from
        self._line = np.concatenate([self._line, wave])[-_FITTED:] if is_next else wave
        self._line_to = ends

    def _ours_between(self, begin: int, end: int) -> _Wave:
        """Return what we play between two instants, zero where nothing."""
        wave = np.zeros(end - begin, np.float32)
        first, last = max(begin, self._ours_from), min(end, self._ours_from + len(self._ours))
        if last > first:
            wave[first - begin : last - begin] = self._ours[first - self._ours_from : last - self._ours_from]
        return wave

    # --- delay and filter -----------------------------------------------------------------------------------

    def _look(self) -> None:
        # Many carriers send pure silence while nobody speaks: nothing can be found in it, and looking is dear.
        if not self._line.any():
            self._likely = None
            return
        is_same = self._is_found and self._fits(self._delay)
        if not is_same and self._fits(self._agreed_delay()):
            self._is_found = True

    def _fits(self, delay: int | None) -> bool:
        """Fit the filter at a delay. Where it explains little, the one before stays."""
        found = None if delay is None else self._fitted(delay)
        if found is None:
            return False
        self._delay, self._filter = delay, found
        return True

    def _agreed_delay(self) -> int | None:
        """Return a delay that was likely at the look before too, because two voices resemble each other only by
        chance.
        """
        before, self._likely = self._likely, self._likely_delay()
        if self._likely is None:
            return None
        known = (before, self._delay)
        is_agreed = any(one is not None and abs(one - self._likely) <= _SAME_DELAY for one in known)
        return self._likely if is_agreed else None

    def _likely_delay(self) -> int | None:
        line = _emphasised(self._line[-_SEARCHED:])
        if len(line) < _FEWEST:
            return None
        early, late = round(EARLIEST_S * RATE_HZ), round(LATEST_S * RATE_HZ)
        ours = self._ours_between(self._line_to - len(line) - late, self._line_to + early)
        matches = np.abs(_matches(line, _emphasised(ours)))
        best = int(np.argmax(matches))
        return late - best if matches[best] >= _MATCHES else None

    def _fitted(self, delay: int) -> _Wave | None:
        """Return the filter that fits the last second of this prompt best, or None where it explains little."""
        line = _emphasised(self._line)
        ours = _emphasised(self._ours_before(self._line_to - delay, len(line)))
        # Correlations by FFT: over a second of samples they are dear otherwise.
        size = 1 << (len(ours) - 1).bit_length()
        spectrum = np.fft.rfft(ours, size)
        # Energies of a steady tone are near the largest number of 32 bits, and solving multiplies them.
        own = np.fft.irfft(np.abs(spectrum) ** 2, size)[:_TAPS].astype(np.float64)
        cross = np.fft.irfft(np.conj(np.fft.rfft(line, size)) * spectrum, size)[_TAPS - 1 :: -1].astype(np.float64)
        if own[0] <= 0:
            return None
        system = own[_TAP_DISTANCES]
        # Speech has nearly no energy at some frequencies. Without this the system has no stable solution there.
        system[np.diag_indices(_TAPS)] += _REGULAR * own[0]
        found = _solved(system, cross)
        explained = float(found @ cross) / max(float(line @ line), 1e-9)
        return found.astype(np.float32) if explained >= _EXPLAINS else None

    def _ours_before(self, end: int, length: int) -> _Wave:
        """Return what the filter needs to predict so many samples of the line."""
        return self._ours_between(end - length - _BEHIND + 1, end + _AHEAD)

    # --- taking it out --------------------------------------------------------------------------------------

    def _without_echo(self, samples: Samples, noise_db: float) -> Samples:
        assert self._delay is not None, "found with the filter"
        wave, ended = samples.astype(np.float32), self._line_to - self._delay
        echo = self._echo(ended, len(wave))
        # Before the delay of this prompt is found only the echo's loudness is known, so more is turned down.
        if self._is_found and self._fits_still(wave, echo):
            self._ringing = max(_power(echo), self._ringing * _RINGS_ON)
            left, ours = wave - echo, self._ringing * _times(_LOUDER_DB)
        else:
            left, ours = wave, self._loudest_near(ended, len(wave)) * _times(_LOUDER_UNFOUND_DB)
        return _as_samples(left if _power(left) > ours else _turned_down(left, noise_db))

    def _echo(self, ended: int, length: int) -> _Wave:
        assert self._filter is not None, "asked only of a line with an echo"
        return np.convolve(self._ours_before(ended, length), self._filter, "valid")

    def _fits_still(self, wave: _Wave, echo: _Wave) -> bool:
        """Whether less is left than came, of late, because a delay of the prompt before would add an echo of its
        own.
        """
        self._taken = self._taken * _OF_LATE + _power(wave) - _power(wave - echo)
        return self._taken >= 0

    def _loudest_near(self, end: int, length: int) -> float:
        """Return how loud our echo can be, when what we play now may come back a little earlier or later."""
        assert self._filter is not None, "asked only of a line with an echo"
        ours = self._ours_between(end - length - _LATER, end + _EARLIER)
        frames = ours[: len(ours) // _FRAME * _FRAME].reshape(-1, _FRAME)
        return float((frames**2).mean(axis=1).max(initial=0.0)) * float(self._filter @ self._filter)


def _solved(system: NDArray[np.float64], wanted: NDArray[np.float64]) -> NDArray[np.float64]:
    """Solve by conjugate gradients, which is near enough in few steps, and without the threads that a solver would
    wake.
    """
    found = np.zeros_like(wanted)
    left, way = wanted.copy(), wanted.copy()
    error = float(left @ left)
    for _ in range(_SOLVING_STEPS):
        if error <= 0:
            break
        ahead = system @ way
        length = error / float(way @ ahead)
        found, left = found + length * way, left - length * ahead
        error, before = float(left @ left), error
        way = left + error / before * way
    return found


def _power(wave: _Wave) -> float:
    return float(np.vdot(wave, wave)) / max(1, len(wave))


def _times(decibels: float) -> float:
    return math.pow(10, decibels / 10)


def _turned_down(wave: _Wave, noise_db: float) -> _Wave:
    """Return the wave no louder than the line's noise."""
    # Not to zero: the gate takes the softest of late for the line's noise, and would then let that noise through.
    allowed = _times(noise_db) * _FULL_SCALE**2
    return wave * np.float32(min(1.0, math.sqrt(allowed / max(_power(wave), 1e-9))))


def _as_samples(wave: _Wave) -> Samples:
    return np.clip(np.rint(wave), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)


def _emphasised(wave: _Wave) -> _Wave:
    """Lift the high tones, so that two voices resemble each other less."""
    lifted = wave.copy()
    lifted[1:] -= _EMPHASIS * wave[:-1]
    return lifted


def _matches(line: _Wave, ours: _Wave) -> _Wave:
    """Return how well the line matches each stretch of ours as long as itself, -1 to 1."""
    size = 1 << (len(ours) + len(line) - 1).bit_length()
    both = np.fft.irfft(np.conj(np.fft.rfft(line, size)) * np.fft.rfft(ours, size), size)
    energy = np.concatenate([[0.0], np.cumsum(ours.astype(np.float64) ** 2)])
    stretches = energy[len(line) :] - energy[: -len(line)]
    loudest = float(stretches.max(initial=0.0))
    # A floor under the energy, or pauses of ours would match anything.
    own = np.sqrt(np.maximum(stretches, 0.05 * loudest + 1e-9) * max(float(line @ line), 1e-9))
    return np.asarray(both[: len(stretches)] / own, dtype=np.float32)
