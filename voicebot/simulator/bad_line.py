"""A bad line, that is 20 ms pieces of sound that are lost, come too late, or lie under a noise.

Telephone sound travels in packets. The far end plays them `PLAYOUT_MS` after they were due, so that what comes a
little late is still heard, and what comes later than that is lost like any other packet. A packet never overtakes
the one before it, so one long delay costs several. Nothing is put in the place of a lost packet, which is the worst
that telephones do.
Source: RFC 3550, 6.4.1 (jitter), ITU-T G.711 Appendix I (concealment, which is left out here).
Knows: samples. Must not know: calls, who talks.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from voicebot.simulator import sound
from voicebot.simulator.scripts import VOICES
from voicebot.simulator.sound import RATE_HZ, SILENT_TICK, TICK_BYTES

PLAYOUT_MS = 60.0
SPEECH_RMS = 3277.0
"""Of 32768, which is -20 dB of full scale, about what a telephone makes of a voice. Noise is measured against it."""
_TICK_MS = 20.0
_NOISE_S = 8
_TALKERS = ("story_kettle", "story_short", "remedy_refund", "mumble")


class Noise(StrEnum):
    """What is heard behind the caller."""

    NONE = "none"
    HISS = "hiss"
    PEOPLE = "people"
    """Four voices that talk at once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LineQuality:
    """How bad a line is, where the default is a good one."""

    loss_percent: float = 0.0
    jitter_ms: float = 0.0
    """Mean delay of a packet beyond the quickest one, in milliseconds."""
    noise: Noise = Noise.NONE
    noise_below_db: float = 20.0
    """How much softer the noise is than a voice."""

    def __post_init__(self) -> None:
        """Refuse what no line is. Raises: ValueError naming the value."""
        if not 0 <= self.loss_percent <= 100:
            raise ValueError(f"loss of {self.loss_percent:g} %: give 0 to 100")
        if not 0 <= self.jitter_ms <= 1000:
            raise ValueError(f"jitter of {self.jitter_ms:g} ms: give 0 to 1000")
        if not -10 <= self.noise_below_db <= 60:
            raise ValueError(f"noise {self.noise_below_db:g} dB below the voice: give -10 to 60")


class BadLine:
    """One direction of a line, which carries one call. The same seed gives the same line."""

    def __init__(self, quality: LineQuality, *, seed: int = 0) -> None:
        self._quality = quality
        self._dice = np.random.default_rng(seed)
        self._late_ms = 0.0
        self._noise = _noise(quality.noise, self._dice) * (SPEECH_RMS / 10 ** (quality.noise_below_db / 20))
        self._position = 0

    def carry(self, tick: bytes) -> bytes:
        """Return what arrives of 20 ms of mu-law, which is 160 bytes as well."""
        heard = self._with_noise(tick)
        return SILENT_TICK if self._is_lost() else heard

    def _is_lost(self) -> bool:
        quality = self._quality
        fresh_ms = self._dice.exponential(quality.jitter_ms) if quality.jitter_ms else 0.0
        self._late_ms = max(fresh_ms, self._late_ms - _TICK_MS)
        return self._late_ms > PLAYOUT_MS or self._dice.random() * 100 < quality.loss_percent

    def _with_noise(self, tick: bytes) -> bytes:
        if self._quality.noise is Noise.NONE:
            return tick
        piece = np.take(self._noise, range(self._position, self._position + TICK_BYTES), mode="wrap")
        self._position = (self._position + TICK_BYTES) % len(self._noise)
        return sound.to_mulaw(np.clip(sound.to_pcm(tick) + piece, -32767, 32767).astype(np.int16))


def _noise(kind: Noise, dice: np.random.Generator) -> NDArray[np.float64]:
    """Return some seconds of a noise, of loudness 1 (root mean square), that may be repeated."""
    length = _NOISE_S * RATE_HZ
    wave = dice.normal(0.0, 1.0, length)
    if kind is Noise.PEOPLE:
        wave = np.sum([_voice(name, number * RATE_HZ, length) for number, name in enumerate(_TALKERS)], axis=0)
    return np.asarray(wave / np.sqrt(np.mean(wave**2)))


def _voice(name: str, shift: int, length: int) -> NDArray[np.float64]:
    pcm = sound.to_pcm(sound.trim(sound.load(VOICES / f"{name}.wav"))).astype(np.float64)
    return np.roll(np.resize(pcm, length), shift)
