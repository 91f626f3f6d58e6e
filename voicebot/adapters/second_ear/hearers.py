"""Which recogniser a model's folder is for, and the hearing itself.

Two kinds are known. A Whisper model converted for faster-whisper has its `model.bin` beside its `config.json`. A larger
Vosk model has its acoustic model in `am`.
Source: speech.md 6. Whisper base hears half as many words wrongly as the small Vosk model does. It takes 0.14 s of
processor time for a second of audio, and each clip, however short, costs a window of thirty seconds.
Knows: faster-whisper, Vosk. Must not know: processes.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from voicebot.distribution import how_to_add
from voicebot.domain.utterance import Word
from voicebot.errors import SettingFault
from voicebot.speech.audio import RATE_HZ, decode_mulaw, pcm_bytes

Hearer = Callable[[bytes], Iterable[Word]]
"""Mu-law audio to words."""
LOADED = "loaded"
"""The first line of a process that hears. What breaks before it is the model's fault, what breaks after it may be the
audio's."""
_PIECE_BYTES = RATE_HZ * 2 // 2
LEAD_S, TAIL_S = 0.3, 0.5
"""Silence around a voice. Whisper hears the first and the last word worse without it: 14.3 % of the words of clips that
begin and end with a word were wrong, and 13.0 % with it."""
WHISPER_HZ = 16_000
ENGLISH = frozenset({"en"})
MULTILINGUAL_WORDS = 51_865
"""So large a vocabulary, or a larger one, makes CTranslate2 take a Whisper model for one of many languages."""
_LANGUAGE_MARK = re.compile(r"<\|([a-z]{2,3})\|>")


class ModelKind(StrEnum):
    """What reads the folder."""

    WHISPER = "whisper"
    VOSK = "vosk"


def kind_of(folder: Path) -> ModelKind:
    """Return which recogniser the folder is for. Raises: SettingFault when it is for none that we know."""
    # os.path says no where a folder cannot be looked into, where Path raises.
    if all(os.path.isfile(folder / name) for name in ("model.bin", "config.json")):
        return ModelKind.WHISPER
    if os.path.isfile(folder / "am" / "final.mdl"):
        return ModelKind.VOSK
    raise SettingFault(
        f"looking for a second model in {folder}: there is neither a Whisper model for faster-whisper (model.bin, "
        "config.json) nor a Vosk model (am/final.mdl); set VOICEBOT_SECOND_MODEL_DIR to such a folder, or to nothing",
        code="second-model",
    )


def languages_of(folder: Path) -> frozenset[str]:
    """Return the languages that the model knows. Raises: SettingFault when there is no model that we know.

    A Vosk model is taken to be English, as our own is. A Whisper model names its languages among its words, but one for
    English alone names those that it was never taught, too.
    """
    if kind_of(folder) is ModelKind.VOSK:
        return ENGLISH
    try:
        vocabulary = _vocabulary(folder)
    except (OSError, ValueError) as broken:
        raise SettingFault(
            f"looking which languages the second model in {folder} knows: its vocabulary cannot be read "
            f"({type(broken).__name__}); put the model there anew, or set VOICEBOT_SECOND_MODEL_DIR to another one",
            code="second-model",
        ) from broken
    if len(vocabulary) < MULTILINGUAL_WORDS:
        return ENGLISH
    return frozenset(found[1] for found in map(_LANGUAGE_MARK.fullmatch, vocabulary) if found)


def _vocabulary(folder: Path) -> list[str]:
    """Return all that a Whisper model can write, marks included. Raises: OSError, ValueError."""
    listed = folder / "vocabulary.json"
    if not listed.is_file():
        return (folder / "vocabulary.txt").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    return TypeAdapter(list[str]).validate_json(listed.read_bytes())


def load(folder: Path, language: str) -> Hearer:
    """Load the model and return what hears mu-law audio.

    Raises: SettingFault when model or package are missing, or the model does not know the language.
    """
    if language not in (known := languages_of(folder)):
        raise SettingFault(
            f"listening again with the model in {folder}: it does not know the language {language!r}, only "
            f"{', '.join(sorted(known))}; set VOICEBOT_SECOND_MODEL_DIR to a model that does",
            code="second-model",
        )
    return {ModelKind.WHISPER: _whisper, ModelKind.VOSK: _vosk}[kind_of(folder)](folder, language)


def _whisper(folder: Path, language: str) -> Hearer:
    try:
        from faster_whisper import WhisperModel
    except ImportError as missing:
        raise SettingFault(
            f"listening again with the model in {folder}: faster-whisper is not installed; {how_to_add('second')}",
            code="second-model",
        ) from missing
    # One thread: the other cores belong to calls, whatever the priority.
    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=1)

    def hear(mulaw: bytes) -> Iterator[Word]:
        # Each window is heard for itself, or one that was misheard leads the next ones astray.
        segments, _ = model.transcribe(
            amid_silence(_at_16_khz(mulaw)), language=language, word_timestamps=True, condition_on_previous_text=False
        )
        for word in (word for segment in segments for word in segment.words or ()):
            start_s, end_s = (max(0.0, at - LEAD_S) for at in (word.start, word.end))
            yield Word(text=word.word.strip(), start_s=start_s, end_s=end_s, confidence=word.probability)

    return hear


def _vosk(folder: Path, language: str) -> Hearer:
    from voicebot.adapters.vosk_recogniser import VoskRecognisers

    recognisers = VoskRecognisers({language: folder}, limit=1)

    def hear(mulaw: bytes) -> Iterator[Word]:
        recogniser, pcm = recognisers.make(language, None), pcm_bytes(decode_mulaw(mulaw))
        for at in range(0, len(pcm), _PIECE_BYTES):
            segment = recogniser.accept(pcm[at : at + _PIECE_BYTES])
            yield from segment.words if segment is not None else ()
        yield from recogniser.finish().words

    return hear


def amid_silence(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return samples at Whisper's rate with silence before and behind them."""
    return np.pad(samples, (round(LEAD_S * WHISPER_HZ), round(TAIL_S * WHISPER_HZ)))


def _at_16_khz(mulaw: bytes) -> NDArray[np.float32]:
    """Return samples from -1 to 1 at twice the rate, by the spectrum with nothing put above the telephone's band."""
    samples = decode_mulaw(mulaw).astype(np.float64) / 32768
    spectrum = np.fft.rfft(samples)
    return (np.fft.irfft(spectrum, 2 * len(samples)) * 2).astype(np.float32)
