"""Says the same audio more slowly or quickly, at the same pitch.

This is waveform-similarity overlap-add. The output is laid together of overlapping pieces of the input. Each piece is
taken near where its share of the time lies, at the place that goes on best from the piece before, so that the periods
of a voice meet in phase. A piece of 30 ms holds at least two periods of a deep voice.
Source: W. Verhelst, M. Roelands, "An overlap-add technique based on waveform similarity (WSOLA)", ICASSP 1993.
Knows: mu-law at 8 kHz. Must not know: prompts, callers.
"""

import numpy as np
from numpy.typing import NDArray

from voicebot.speech.audio import RATE_HZ, decode_mulaw, encode_mulaw

_HOP = RATE_HZ * 15 // 1000
"""Samples from one piece to the next, half of a piece."""
_PIECE = 2 * _HOP
_REACH = RATE_HZ // 100
"""Samples that a piece may lie off its time to either side: a whole period of a voice of 100 Hz."""
_QUIET = 1.0
"""Keeps a silent stretch from being divided by nothing."""

Wave = NDArray[np.float64]


def stretched(mulaw: bytes, pace: float) -> bytes:
    """Return the audio at `pace` times its speed, at the same pitch, so that 0.85 is slower by 15 %.

    What is shorter than a piece stays as it is.

    >>> len(stretched(bytes(8000), 0.8))
    10000
    """
    if pace == 1.0 or len(mulaw) < _PIECE:
        return mulaw
    wave = _laid_together(decode_mulaw(mulaw).astype(np.float64), pace)[: round(len(mulaw) / pace)]
    return encode_mulaw(np.clip(np.rint(wave), -32768, 32767).astype(np.int16))


def _laid_together(wave: Wave, pace: float) -> Wave:
    """Return the pieces over one another, a little longer than wanted."""
    count = int(len(wave) / pace) // _HOP + 2
    ends_at = round(count * _HOP * pace)
    padded = np.pad(wave, (_REACH, max(0, ends_at - len(wave)) + _REACH + 2 * _PIECE))
    window = np.hanning(_PIECE + 1)[:_PIECE]
    out = np.zeros(count * _HOP + _PIECE)
    out[:_HOP] = padded[_REACH : _REACH + _HOP] * (1 - window[:_HOP])  # the first piece fades in over nothing
    at = _REACH
    for number in range(count):
        if number:
            at = _best_place(padded, goes_on_at=at + _HOP, wanted=_REACH + round(number * _HOP * pace))
        out[number * _HOP : number * _HOP + _PIECE] += padded[at : at + _PIECE] * window
    return out


def _best_place(padded: Wave, *, goes_on_at: int, wanted: int) -> int:
    """Return where near `wanted` the audio is most like what went on from the piece before."""
    natural = padded[goes_on_at : goes_on_at + _PIECE]
    around = padded[wanted - _REACH : wanted + _REACH + _PIECE]
    likeness = np.correlate(around, natural, mode="valid")
    energy = np.sqrt(np.convolve(around**2, np.ones(_PIECE), mode="valid")) + _QUIET
    return wanted - _REACH + int(np.argmax(likeness / energy))
