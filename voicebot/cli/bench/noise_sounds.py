"""Sounds that telephones stand in, made here so that anybody can measure with them. They are knocks, dishes, a tap,
music.

They are no recordings. Each has what makes its kind hard. A knock is sudden, dishes ring, a tap hides the soft sounds
of speech, music has tones and a beat. Levels are those of the loud parts, in dB of full scale.
Knows: samples. Must not know: lines, calls.
"""

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.audio import RATE_HZ

Wave = NDArray[np.float64]

_FULL_SCALE = 32768
_BOX = ((200, 1.0), (400, 0.9), (600, 0.8), (800, 0.6), (1000, 0.3))
"""Hertz and part of what a hollow piece of furniture rings with. Of several tried, bare Vosk took these for "oh"."""


def knocks(seconds: float, *, times: int, every_s: float, burst_ms: int, level_db: float, seed: int = 1) -> Wave:
    """Return series of `times` knocks 0.25 s apart, one series each `every_s`, like a fist on the table, a dropped
    phone.
    """
    dice, wave = np.random.default_rng(seed), np.zeros(round(seconds * RATE_HZ))
    for begins_s in np.arange(every_s / 2, seconds, every_s):
        for number in range(times):
            _add(wave, _knock(dice, burst_ms), at_s=float(begins_s) + number * 0.25)
    return _levelled(wave, level_db)


def dishes(seconds: float, *, level_db: float, seed: int = 2) -> Wave:
    """Return plates and cutlery, with four clinks a second that ring for a tenth of it."""
    dice, wave = np.random.default_rng(seed), np.zeros(round(seconds * RATE_HZ))
    for begins_s in np.sort(dice.uniform(0, seconds, round(seconds * 4))):
        _add(wave, _ring(dice, hertz=(900, 3400), lasts_s=0.12) * dice.uniform(0.2, 1), at_s=float(begins_s))
    return _levelled(wave, level_db)


def tap(seconds: float, *, level_db: float, seed: int = 3) -> Wave:
    """Return running water, a noise whose loudness wavers."""
    dice, length = np.random.default_rng(seed), round(seconds * RATE_HZ)
    marks = np.arange(0, length + 800, 800)
    slow = np.interp(np.arange(length), marks, dice.uniform(0.5, 1, len(marks)))
    return _levelled(np.diff(dice.normal(0, 1, length + 1), prepend=0)[:length] * slow, level_db)


def music(seconds: float, *, level_db: float, seed: int = 4) -> Wave:
    """Return chords of three tones with overtones, two a second, and a drum on every beat."""
    dice, wave = np.random.default_rng(seed), np.zeros(round(seconds * RATE_HZ))
    for begins_s in np.arange(0, seconds, 0.5):
        root = 220 * 2 ** (dice.choice([0, 3, 5, 7, 10]) / 12)
        for step in (1.0, 1.25, 1.5):
            _add(wave, _tone(root * step, lasts_s=0.48), at_s=float(begins_s))
        _add(wave, _knock(dice, 60) * 0.5, at_s=float(begins_s))
    return _levelled(wave, level_db)


def _knock(dice: np.random.Generator, burst_ms: int) -> Wave:
    length = burst_ms * RATE_HZ // 1000
    at, bent = np.arange(length) / RATE_HZ, dice.uniform(0.95, 1.05)
    body = sum(part * np.sin(2 * np.pi * hertz * bent * at) for hertz, part in _BOX)
    return np.asarray((body + dice.normal(0, 0.2, length)) * np.exp(-np.arange(length) / (length * 0.8)))


def _ring(dice: np.random.Generator, *, hertz: tuple[float, float], lasts_s: float) -> Wave:
    at = np.arange(round(lasts_s * RATE_HZ)) / RATE_HZ
    tones = sum(np.sin(2 * np.pi * dice.uniform(*hertz) * at + dice.uniform(0, 6)) for _ in range(3))
    return np.asarray(tones * np.exp(-at / (lasts_s / 4)))


def _tone(hertz: float, *, lasts_s: float) -> Wave:
    at = np.arange(round(lasts_s * RATE_HZ)) / RATE_HZ
    overtones = sum(np.sin(2 * np.pi * hertz * part * at) / part for part in (1, 2, 3, 4))
    return np.asarray(overtones * np.exp(-at / 0.3))


def _add(wave: Wave, sound: Wave, *, at_s: float) -> None:
    begins = round(at_s * RATE_HZ)
    fits = max(0, min(len(sound), len(wave) - begins))
    wave[begins : begins + fits] += sound[:fits]


def _levelled(wave: Wave, level_db: float) -> Wave:
    """Bring the loudest tenth of the frames that sound to a level."""
    frames = wave[: len(wave) // 160 * 160].reshape(-1, 160)
    power = (frames**2).mean(axis=1)
    loud = np.percentile(power[power > power.max(initial=0) / 1000], 90) if len(power) else 0.0
    return wave * float(_FULL_SCALE * 10 ** (level_db / 20) / max(float(loud), 1e-12) ** 0.5)
