"""Vosk behind the ports `Recognisers` and `Recogniser`, with one shared model, one recogniser for each prompt.

Source: speech.md 2 to 4, measured with vosk 0.3.45. Rules that crash or corrupt when broken are these. A recogniser
belongs to one thread. Its grammar is given when it is made and never changed (doing so aborts the process). A grammar
is a JSON *string* and needs "[unk]" in it. A live recogniser holds 53 MB until it is deleted.
Knows: Vosk. Must not know: streams, gates, endpoints.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import structlog
import vosk

from voicebot.adapters.speech_model import INSTALL_COMMAND, find_model
from voicebot.adapters.wide_model import wide_copy
from voicebot.domain.utterance import Alternative, Hypothesis, Word
from voicebot.errors import SettingFault, Unavailable
from voicebot.service.call.listening_places import ListeningPlaces
from voicebot.service.ports import Places, Seat
from voicebot.speech.alternatives import joined

RATE_HZ = 8000
CHUNK_BYTES = RATE_HZ * 2 // 5
"""200 ms, which is the decoder's own step. Smaller helpings cost the same and say nothing sooner."""
UNKNOWN = "[unk]"
"""Stands in every grammar for everything else, because without it any noise becomes a phrase at confidence 1."""
NOISE_WORDS = {"en": frozenset({"huh", "the"})}
"""What a model answers, alone in a segment, when a door slams or somebody breathes, which is never an answer."""

log = structlog.get_logger(__name__)


def load_recognisers(model_dir: Path, *, limit: int, vouched: str = "") -> "VoskRecognisers":
    """Load the installed models (2 to 3 s, so do it before the first call).

    Raises: SettingFault when the English model is not installed, not its publisher's, or does not load.
    """
    folder = find_model(model_dir, "en", vouched=vouched)
    if folder is None:
        raise SettingFault(
            f"loading the speech model: none is installed in {model_dir}; run `{INSTALL_COMMAND}`", code="model-missing"
        )
    return VoskRecognisers({"en": folder}, limit=limit, is_wide=True)


class VoskRecognisers:
    """Makes recognisers, of which `limit` calls may hold a place at the same time.

    Raises (when made): SettingFault when a model cannot be loaded.
    """

    def __init__(self, folders: Mapping[str, Path], *, limit: int, is_wide: bool = False) -> None:
        """Load the models. With `is_wide` each is loaded once more, to look for alternatives widely (wide_model.py)."""
        vosk.SetLogLevel(-1)
        self._models = {language: _load(folder) for language, folder in folders.items()}
        self._wide = {language: _load_wide(folder) for language, folder in folders.items()} if is_wide else {}
        self._places = ListeningPlaces(limit)
        self._grammars: dict[tuple[str, tuple[str, ...], bool], str] = {}

    def reserve(self, seat: Seat) -> bool:
        """Take one place for a call, and return False when this caller gets none."""
        return self._places.reserve(seat)

    def release(self, seat: Seat) -> None:
        """Give the place back."""
        self._places.release(seat)

    def has_room(self, seat: Seat) -> bool:
        """Whether this caller would find a place now."""
        return self._places.has_room(seat)

    def places(self) -> Places:
        """Return places taken and allowed."""
        return self._places.places()

    def supports(self, locale: str) -> bool:
        """Whether there is a model for the locale's language."""
        return _language(locale) in self._models

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> "VoskRecogniser":
        """Make the recogniser of one prompt, which tells so many alternatives of what it heard.

        Raises: Unavailable when there is no model for the locale or the engine refuses.
        """
        language = _language(locale)
        if language not in self._models:
            raise Unavailable(f"hearing a caller in {locale}: there is no speech model for it", code="no-model")
        try:
            engine = self._engine(language, grammar, is_wide=alternatives > 0)
            engine.SetMaxAlternatives(alternatives)
        except Exception as fault:
            raise Unavailable("making a recogniser: the engine refused", code="recogniser") from fault
        return VoskRecogniser(engine, noise_words=NOISE_WORDS.get(language, frozenset()))

    def unknown_phrases(self, locale: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
        """Return the phrases that hold a word outside the model's vocabulary, because they can never be heard."""
        model = self._models[_language(locale)]
        return tuple(
            phrase for phrase in phrases if any(model.vosk_model_find_word(word) < 0 for word in phrase.split())
        )

    def _engine(self, language: str, grammar: tuple[str, ...] | None, *, is_wide: bool) -> vosk.KaldiRecognizer:
        model = self._wide.get(language, self._models[language]) if is_wide else self._models[language]
        if grammar is None:
            engine = vosk.KaldiRecognizer(model, float(RATE_HZ))
        else:
            engine = vosk.KaldiRecognizer(
                model, float(RATE_HZ), self._grammar_json(language, grammar, is_string=is_wide)
            )
        engine.SetWords(True)
        return engine

    def _grammar_json(self, language: str, grammar: tuple[str, ...], *, is_string: bool) -> str:
        """Return the grammar as Vosk wants it, where what the model cannot hear is left out and said once."""
        known = self._grammars.get((language, grammar, is_string))
        if known is not None:
            return known
        dropped = self.unknown_phrases(language, grammar)
        if dropped:
            log.warning("grammar_phrases_dropped", language=language, phrases=dropped)
        phrases = [phrase for phrase in grammar if phrase not in dropped and phrase != UNKNOWN]
        text = json.dumps([*phrases, *(_pairs(phrases) if is_string else ()), UNKNOWN])
        self._grammars[language, grammar, is_string] = text
        return text


class VoskRecogniser:
    """One prompt's recogniser, which is made, fed and finished by one thread."""

    def __init__(self, engine: vosk.KaldiRecognizer, *, noise_words: frozenset[str]) -> None:
        self._engine: vosk.KaldiRecognizer | None = engine
        self._noise_words = noise_words
        self._waiting = bytearray()
        self._partial = ""

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Take 16-bit PCM at 8 kHz, any size, and return a final segment when one just ended.

        Raises: Unavailable when the engine fails.
        """
        self._waiting += pcm
        segments = []
        while len(self._waiting) >= CHUNK_BYTES:
            chunk = bytes(self._waiting[:CHUNK_BYTES])
            del self._waiting[:CHUNK_BYTES]
            segments += self._decode(chunk)
        return _joined(segments)

    def partial(self) -> str:
        """Return the words guessed since the last segment, as of the last full helping (5 a second)."""
        return self._partial

    def settle(self) -> Hypothesis:
        """End the segment here and return it. When asked again, or in silence, it is empty.

        Raises: Unavailable when the engine fails.
        """
        return self._flush(self._alive().Result)

    def finish(self) -> Hypothesis:
        """Flush, return the last segment (may be empty) and give the engine's memory back.

        Raises: Unavailable when the engine fails.
        """
        try:
            return self._flush(self._alive().FinalResult)
        finally:
            self._engine = None

    def _flush(self, result: Callable[[], str]) -> Hypothesis:
        segments = self._decode(bytes(self._waiting)) if self._waiting else []
        self._waiting.clear()
        self._partial = ""
        try:
            last = self._read(result())
        except Exception as fault:
            raise Unavailable("finishing a segment: the engine failed", code="recogniser") from fault
        return _joined([*segments, last]) or Hypothesis()

    def _decode(self, chunk: bytes) -> list[Hypothesis]:
        engine = self._alive()
        try:
            if engine.AcceptWaveform(chunk):
                self._partial = ""
                return [self._read(engine.Result())]
            self._partial = self._without_noise(str(json.loads(engine.PartialResult())["partial"]))
        except Exception as fault:
            raise Unavailable("recognising speech: the engine failed", code="recogniser") from fault
        return []

    def _alive(self) -> vosk.KaldiRecognizer:
        assert self._engine is not None, "a finished recogniser takes no more"
        return self._engine

    def _without_noise(self, text: str) -> str:
        return "" if text in self._noise_words else text

    def _read(self, result: str) -> Hypothesis:
        read = json.loads(result)
        if "alternatives" in read:
            return _best_of(tuple(read["alternatives"]))
        text = self._without_noise(read["text"])
        return Hypothesis(text=text, words=_words(read) if text else ())


def _pairs(phrases: Iterable[str]) -> list[str]:
    """Return every word behind every other.

    The engine learns from the phrases of a grammar what follows what. From single words it learns that one is all, and
    leaves out some of a string. Of 108 sayings of numbers it had 75 right at once, and 81 with pairs.
    """
    words = [phrase for phrase in phrases if " " not in phrase]
    return [f"{one} {then}" for one in words for then in words]


def _joined(segments: list[Hypothesis]) -> Hypothesis | None:
    """One hypothesis for all segments that one call brought (two only when much audio came at once)."""
    if not segments:
        return None
    text = " ".join(segment.text for segment in segments if segment.text)
    return Hypothesis(
        text=text,
        words=tuple(word for one in segments for word in one.words),
        alternatives=joined(one.alternatives for one in segments),
    )


def _best_of(read: tuple[dict[str, Any], ...]) -> Hypothesis:
    """Return the best of what Vosk tells when it is asked for alternatives, with all of them.

    Their "confidence" is a logarithm of a likelihood, and there is none of a single word.
    """
    best = max((one["confidence"] for one in read), default=0.0)
    found = [Alternative(text=one["text"], words=_words(one), cost=best - one["confidence"]) for one in read]
    found.sort(key=lambda one: one.cost)
    first = found[0] if found else Alternative()
    return Hypothesis(text=first.text, words=first.words, alternatives=tuple(found) if first.text else ())


def _words(read: Mapping[str, Any]) -> tuple[Word, ...]:
    return tuple(
        Word(text=word["word"], start_s=word["start"], end_s=word["end"], confidence=word.get("conf", 1.0))
        for word in read.get("result", ())
    )


def _language(locale: str) -> str:
    return locale.split("-")[0].lower()


def _load(folder: Path) -> vosk.Model:
    try:
        return vosk.Model(str(folder))
    except Exception as fault:
        raise SettingFault(
            f"loading the speech model in {folder}: it is incomplete; delete that folder and run `{INSTALL_COMMAND}`",
            code="model-broken",
        ) from fault


def _load_wide(folder: Path) -> vosk.Model:
    try:
        with wide_copy(folder) as copy:
            return _load(copy)
    except OSError as fault:
        raise SettingFault(
            f"loading the speech model in {folder} once more for numbers: the folder for temporary files refuses "
            f"({fault.strerror}); set TMPDIR to one that can be written",
            code="model-folder",
        ) from fault
