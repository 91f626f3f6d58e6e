"""A recording of a prompt, brought down to a telephone line. It is trimmed and levelled, or refused with the reason.

Source: ITU-T P.56 speaks of active speech level, and -20 dB of full scale is what prompts on telephone networks usually
have. The limits of a take are our judgement.
Knows: waves from -1 to 1, what may be wrong with them. Must not know: files, words, who recorded.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.audio import RATE_HZ, encode_mulaw

_LOW_HZ, _HIGH_HZ = 180.0, 3700.0
"""What a telephone line carries, a little wider, because the codec takes care of the rest."""
_LEVEL = 10 ** (-20 / 20)
_PEAK = 10 ** (-2 / 20)
_TRIM_BELOW = 10 ** (-42 / 20)
_LEAD_S, _TAIL_S = 0.03, 0.08
_FRAME = RATE_HZ // 100

_CUT_OFF = 0.99
"""A sample so near to the loudest that a recording can hold is cut off where its neighbours are, too."""
_CUT_OFF_RUN = 3
_LEAST_LEVEL_DB = -45.0
"""A voice below this comes up with all the noise of its recording."""
_LEAST_ABOVE_NOISE_DB = 20.0
"""How far the voice stands above what is heard where nobody speaks."""

_ROOM_PEAKS = 5.0
"""The peaks of a noise lie so far above its level."""

Wave = NDArray[np.float64]


def as_clip(wave: Wave, *, rate_hz: float, is_recorded: bool = False) -> bytes:
    """Return a voice as mu-law 8 kHz, without the silence around it, at the level of prompts.

    Where a person recorded it, silence is what the room sounds like.
    """
    line = to_telephone(wave, rate_hz=rate_hz)
    room = _ROOM_PEAKS * _room_level(_frames(line)) if is_recorded else 0.0
    return encode_mulaw((levelled(trimmed(line, room=room)) * 32767).astype(np.int16))


def why_refused(wave: Wave, *, rate_hz: float) -> tuple[str, ...]:
    """Return what is wrong with a recording, each with its cure. Empty when it may be played to callers."""
    return tuple(_faults(wave, to_telephone(wave, rate_hz=rate_hz)))


def _faults(wave: Wave, line: Wave) -> Iterator[str]:
    frames = _frames(line)
    level = _decibels(_active_level(frames))
    if level < _LEAST_LEVEL_DB:
        yield f"it is too quiet ({level:.0f} dB): speak nearer to the microphone, or raise its level"
        return
    if cut := _cut_off(wave):
        yield f"it is clipped in {cut} places, where the sound was louder than the recording holds: lower the level"
    above = level - _decibels(_room_level(frames))
    if above < _LEAST_ABOVE_NOISE_DB:
        yield (
            f"it is noisy: the voice is only {above:.0f} dB above what is heard beside it, and "
            f"{_LEAST_ABOVE_NOISE_DB:.0f} are needed: find a quiet room, and leave half a second before and after"
        )


def _cut_off(wave: Wave) -> int:
    """Return how many stretches of a few samples lie at the loudest that a recording holds."""
    is_loudest = np.concatenate([[False], np.abs(wave) >= _CUT_OFF, [False]])
    edges = np.flatnonzero(is_loudest[1:] != is_loudest[:-1])
    return int((edges[1::2] - edges[::2] >= _CUT_OFF_RUN).sum())


def to_telephone(wave: Wave, *, rate_hz: float) -> Wave:
    """Resample to 8 kHz within a telephone's band, by cutting the spectrum (clips are short and finite)."""
    padded = np.concatenate([wave, np.zeros(int(rate_hz / 10))])
    length = round(len(padded) * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(padded)
    hertz = np.arange(len(spectrum)) * rate_hz / len(padded)
    low = np.clip((hertz - _LOW_HZ * 0.6) / (_LOW_HZ * 0.4), 0, 1)
    high = np.clip((_HIGH_HZ * 1.05 - hertz) / (_HIGH_HZ * 0.05), 0, 1)
    kept = (spectrum * np.sin(low * np.pi / 2) ** 2 * np.sin(high * np.pi / 2) ** 2)[: length // 2 + 1]
    narrow = np.zeros(length // 2 + 1, dtype=np.complex128)
    narrow[: len(kept)] = kept
    return np.fft.irfft(narrow, length) * (length / len(padded))


def trimmed(wave: Wave, *, room: float = 0.0) -> Wave:
    """Cut the silence before and after, but for a breath that keeps joints from sounding glued.

    What is not louder than `room` is silence, too.
    """
    quiet = max(_TRIM_BELOW * float(np.abs(wave).max(initial=0.0)), room, 1e-9)
    loud = np.flatnonzero(np.abs(wave) > quiet)
    if not len(loud):
        return wave[:0]
    start = max(0, int(loud[0]) - int(_LEAD_S * RATE_HZ))
    end = min(len(wave), int(loud[-1]) + int(_TAIL_S * RATE_HZ))
    cut = wave[start:end].copy()
    edge = min(len(cut) // 2, _FRAME)
    cut[:edge] *= np.linspace(0, 1, edge)
    cut[len(cut) - edge :] *= np.linspace(1, 0, edge)
    return cut


def levelled(wave: Wave) -> Wave:
    """Bring the level of its loud parts to that of prompts, or, where peaks forbid it, as near as they allow."""
    level = _active_level(_frames(wave))
    peak = float(np.abs(wave).max(initial=0.0))
    return wave * min(_LEVEL / max(level, 1e-9), _PEAK / max(peak, 1e-9))


def _frames(wave: Wave) -> NDArray[np.float64]:
    return wave[: len(wave) // _FRAME * _FRAME].reshape(-1, _FRAME)


def _active_level(frames: NDArray[np.float64]) -> float:
    """Return the level of the loud parts, from 0 to 1. Nothing is 0."""
    power = (frames**2).mean(axis=1)
    active = power[power >= power.max(initial=0.0) / 1000]
    return float(np.sqrt(active.mean())) if len(active) else 0.0


def _room_level(frames: NDArray[np.float64]) -> float:
    """Return the level of the softest twentieth, which is where nobody speaks."""
    return float(np.sqrt(np.quantile((frames**2).mean(axis=1), 0.05)))


def _decibels(level: float) -> float:
    return 20 * float(np.log10(max(level, 1e-9)))
