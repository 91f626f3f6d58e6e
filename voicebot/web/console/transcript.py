"""A transcript as the page shows it. It has words with their times, in stretches between pauses, doubtful ones marked.

Knows: words, times, doubts. Must not know: players, colours.
Source: complaints.md 4 (few words marked, or the marks are ignored).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from voicebot.domain.doubt import Doubt
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import Word
from voicebot.service.answer.doubt import marked_words
from voicebot.service.answer.keep import TALK_SLOT

PAUSE_S = 1.0
"""So long a pause begins a new stretch, which shows its time."""

MOST_WORDS = 40
"""Words of a stretch for somebody who does not pause."""

_WHY_SILENT = {
    AnswerState.SPOOLED: "The voice is on its way from the call; it will be here in a moment.",
    AnswerState.AWAITING_RECORDING: "The carrier still holds the recording; it is fetched as soon as it is ready.",
    AnswerState.DESTROYED: "Destroyed: voice and words were kept and have been deleted for good.",
    AnswerState.LOST: "The recording is lost: it could not be had. The history says why.",
}

_WHY_MISSING = "The file of this voice is not to be found. Tell whoever runs this service; the words are what there is."

_TALK = "Both voices, without words: listen. In headphones staff are on the left, the complainant on the right."
_WHY_WORDLESS = {
    AnswerState.AWAITING_TRANSCRIPT: "The words are being made from the voice; listen meanwhile.",
    AnswerState.DONE: "No words could be made out: listen.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class SpokenWord:
    """A word, and whether it must be heard before anybody relies on it."""

    text: str
    start_s: float
    end_s: float
    doubt: Doubt | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Words between two pauses."""

    start_s: float
    words: tuple[SpokenWord, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Transcript:
    """An answer to be read and listened to."""

    stretches: tuple[Stretch, ...]
    spoken: str
    """The timed words as one text."""
    text: str
    """What stands there when there are no timed words, such as a text message, or keys."""
    doubtful: int
    """How many words are marked, whatever for."""
    has_voice: bool
    why_silent: str
    """Why there is no voice, as a sentence. It is empty when there is one, or none can be expected."""
    why_wordless: str


def transcript_of(answer: Answer, *, locale: str, is_missing: bool = False) -> Transcript:
    """Return an answer as the page shows it, where `is_missing` means that its voice should be kept, and its file is
    gone.
    """
    stretches = tuple(_stretches(marked_words(answer, locale)))
    has_voice = answer.audio_key is not None and not is_missing
    has_words = bool(stretches or answer.text)
    return Transcript(
        stretches=stretches,
        spoken=" ".join(word.text for stretch in stretches for word in stretch.words),
        text="" if stretches else answer.text,
        doubtful=sum(word.doubt is not None for stretch in stretches for word in stretch.words),
        has_voice=has_voice,
        why_silent=_why_silent(answer, has_voice=has_voice, is_missing=is_missing),
        why_wordless=_why_wordless(answer) if has_voice and not has_words else "",
    )


def _why_wordless(answer: Answer) -> str:
    return _TALK if answer.slot == TALK_SLOT else _WHY_WORDLESS.get(answer.state, "")


def _why_silent(answer: Answer, *, has_voice: bool, is_missing: bool) -> str:
    if has_voice:
        return ""
    return _WHY_MISSING if is_missing else _WHY_SILENT.get(answer.state, "")


def _stretches(words: Iterable[tuple[Word, Doubt | None]]) -> Iterator[Stretch]:
    gathered: list[SpokenWord] = []
    for word, doubt in words:
        if gathered and (word.start_s - gathered[-1].end_s >= PAUSE_S or len(gathered) >= MOST_WORDS):
            yield Stretch(start_s=gathered[0].start_s, words=tuple(gathered))
            gathered = []
        gathered.append(SpokenWord(text=word.text, start_s=word.start_s, end_s=word.end_s, doubt=doubt))
    if gathered:
        yield Stretch(start_s=gathered[0].start_s, words=tuple(gathered))
