"""Whether the speech model hears. It sends a committed clip through the real recogniser, compares the words and tells
the time.

Knows: recognisers, clips with their words. Must not know: which engine it is.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic

from voicebot.domain.utterance import Hypothesis
from voicebot.service.doctor.finding import Finding, broken, doubt, fine
from voicebot.service.ports import Recogniser, Recognisers, SecondEar
from voicebot.speech.audio import decode_mulaw, duration_s, pcm_bytes
from voicebot.speech.word_errors import WordErrors, word_errors

MOST_WORD_ERRORS = 0.3
"""Share of words. The good model mishears none of the clip, a wrong or deaf one nearly all."""
CHUNK_BYTES = 3200


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownClip:
    """A clip and what is said in it."""

    locale: str
    mulaw: bytes
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What came of one hearing."""

    words: str
    errors: WordErrors
    clip_s: float
    took_s: float

    @property
    def is_deaf(self) -> bool:
        """Whether too much was misheard for a model that works."""
        return self.errors.rate > MOST_WORD_ERRORS


def hear(recognisers: Recognisers, clip: KnownClip, *, elapsed_s: Callable[[], float] = monotonic) -> Heard:
    """Let the model hear a clip it should understand. Raises: SettingFault when there is none, Unavailable."""
    recogniser = recognisers.make(clip.locale, None)
    began = elapsed_s()
    words = _heard(recogniser, pcm_bytes(decode_mulaw(clip.mulaw)))
    took_s = elapsed_s() - began
    return Heard(words=words, errors=word_errors(clip.words, words), clip_s=duration_s(clip.mulaw), took_s=took_s)


def model(
    recognisers: Recognisers, clip: KnownClip, *, elapsed_s: Callable[[], float] = monotonic
) -> Iterator[Finding]:
    """Tell whether the model hears the clip, and how fast. Raises: as `hear`."""
    heard = hear(recognisers, clip, elapsed_s=elapsed_s)
    errors, pace = heard.errors, f"{heard.clip_s:.1f} s of speech took {heard.took_s:.1f} s"
    if heard.is_deaf:
        yield broken(
            f"the model misheard {errors.errors} of {errors.words} words of a clear clip",
            cure="delete its folder in VOICEBOT_MODEL_DIR and run `voicebot model install`",
        )
    elif heard.took_s > heard.clip_s:
        yield doubt(
            f"the model hears, but slower than people speak ({pace})",
            cure="give this machine more or faster cores, or set VOICEBOT_MAX_RECOGNISERS to 0 (callers are recorded)",
        )
    else:
        yield fine(f"the model heard {errors.words - errors.errors} of {errors.words} words; {pace}")


def second_model(ear: SecondEar, clip: KnownClip, locales: Iterable[str]) -> Iterator[Finding]:
    """Tell whether the model that listens again hears the clip, and which of the hotline's languages it does not know.

    Raises: SettingFault, Unavailable.
    """
    heard = ear.hear(clip.mulaw, clip.locale, lambda: True) or ()
    errors = word_errors(clip.words, " ".join(word.text for word in heard))
    said = f"the model that listens again heard {errors.words - errors.errors} of {errors.words} words of a clear clip"
    if errors.rate > MOST_WORD_ERRORS:
        yield broken(said, cure="set VOICEBOT_SECOND_MODEL_DIR to a model that hears, or to nothing")
    else:
        yield fine(f"{said} ({ear.name})")
    unknown = [locale for locale in locales if not ear.supports(locale)]
    if unknown:
        yield doubt(
            f"the model that listens again does not know {', '.join(unknown)}: such calls keep their first words alone",
            cure="set VOICEBOT_SECOND_MODEL_DIR to a multilingual Whisper model, or leave it so",
        )


def _heard(recogniser: Recogniser, pcm: bytes) -> str:
    segments: list[Hypothesis | None] = [
        recogniser.accept(pcm[at : at + CHUNK_BYTES]) for at in range(0, len(pcm), CHUNK_BYTES)
    ]
    segments.append(recogniser.finish())
    return " ".join(segment.text for segment in segments if segment is not None and segment.text)
