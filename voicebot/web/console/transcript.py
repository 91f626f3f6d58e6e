"""A transcript as the page shows it. It has words with their times, in stretches between pauses, doubtful ones marked.

Knows: words, times, doubts. Must not know: players, colours.
Source: complaints.md 4 (few words marked, or the marks are ignored).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from voicebot.domain.doubt import Doubt, gravest
from voicebot.domain.review import Piece, ReviewEntry, coverage
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.domain.utterance import Word
from voicebot.service.answer.doubt import both_hearings, marked_words
from voicebot.service.answer.keep import TALK_SLOT
from voicebot.service.answer.shown import pieces_of, shown_text
from voicebot.speech.differences import Heard

PAUSE_S = 1.0
"""So long a pause begins a new stretch, which shows its time."""

MOST_WORDS = 40
"""Words of a stretch for somebody who does not pause."""

MOST_READ_OUT = 12
"""Words to check that are read out before an answer. Who listens to a longer list remembers none of it."""

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
    """A word as it is shown, and whether it must be heard before anybody relies on it.

    A correction of several words is one of them, too.
    """

    text: str
    start_s: float
    end_s: float
    doubt: Doubt | None
    """Why it is marked. None also for what somebody has looked at."""
    first: int
    """Its range among the words of the answer (domain/review.py)."""
    end: int
    original: str = ""
    """What was heard, where a correction stands in its place."""
    is_checked: bool = False
    """Somebody has corrected or accepted it."""

    @property
    def is_to_hear(self) -> bool:
        """Whether somebody must hear it before anybody relies on it."""
        return self.doubt is not None and self.doubt.is_to_hear


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
    """How many words are to be heard, whatever for."""
    checked_said: str
    """How many of them somebody has looked at. Empty where none is marked."""
    has_voice: bool
    why_silent: str
    """Why there is no voice, as a sentence. It is empty when there is one, or none can be expected."""
    why_wordless: str
    hearings: tuple[Heard, ...]
    """The words of the call beside those of a second hearing. Empty without one."""

    @property
    def to_check(self) -> str:
        """The words that are still to be heard, for whoever reads without seeing marks."""
        words = [word.text for stretch in self.stretches for word in stretch.words if word.is_to_hear]
        more = len(words) - MOST_READ_OUT
        return ", ".join(words[:MOST_READ_OUT]) + (f" and {more} more" if more > 0 else "")

    @property
    def differences(self) -> int:
        """How often the two hearings differ."""
        return sum(not each.is_same for each in self.hearings)


def transcript_of(
    answer: Answer, entries: Sequence[ReviewEntry] = (), *, locale: str, is_missing: bool = False
) -> Transcript:
    """Return an answer as the page shows it, with what reviewers made of it.

    `is_missing` means that its voice should be kept, and its file is gone.
    """
    heard = tuple(_spoken(at, word, doubt) for at, (word, doubt) in enumerate(marked_words(answer, locale)))
    pieces = pieces_of(answer, entries)
    told = (piece for piece in pieces if piece.shown or piece.correction)
    stretches = tuple(_stretches(_shown(piece, heard) for piece in told)) if heard else ()
    text = "" if stretches else shown_text(answer, entries)
    doubtful = [at for at, word in enumerate(heard) if word.is_to_hear]
    has_voice = answer.audio_key is not None and not is_missing
    return Transcript(
        stretches=stretches,
        spoken=" ".join(word.text for stretch in stretches for word in stretch.words),
        text=text,
        doubtful=len(doubtful),
        checked_said=coverage(pieces, doubtful).said,
        has_voice=has_voice,
        why_silent=_why_silent(answer, has_voice=has_voice, is_missing=is_missing),
        why_wordless=_why_wordless(answer) if has_voice and not (stretches or text) else "",
        hearings=both_hearings(answer),
    )


def _why_wordless(answer: Answer) -> str:
    return _TALK if answer.slot == TALK_SLOT else _WHY_WORDLESS.get(answer.state, "")


def _why_silent(answer: Answer, *, has_voice: bool, is_missing: bool) -> str:
    if has_voice:
        return ""
    return _WHY_MISSING if is_missing else _WHY_SILENT.get(answer.state, "")


def _stretches(words: Iterable[SpokenWord]) -> Iterator[Stretch]:
    gathered: list[SpokenWord] = []
    for word in words:
        if gathered and (word.start_s - gathered[-1].end_s >= PAUSE_S or len(gathered) >= MOST_WORDS):
            yield Stretch(start_s=gathered[0].start_s, words=tuple(gathered))
            gathered = []
        gathered.append(word)
    if gathered:
        yield Stretch(start_s=gathered[0].start_s, words=tuple(gathered))


def _shown(piece: Piece, heard: Sequence[SpokenWord]) -> SpokenWord:
    """Return a piece with the time of the words that it stands for."""
    words = heard[piece.first : piece.end]
    return replace(
        words[0],
        text=piece.shown,
        end_s=words[-1].end_s,
        doubt=None if piece.is_checked else gravest(word.doubt for word in words),
        end=piece.end,
        original="" if piece.correction is None else piece.original,
        is_checked=piece.is_checked,
    )


def _spoken(at: int, word: Word, doubt: Doubt | None) -> SpokenWord:
    return SpokenWord(text=word.text, start_s=word.start_s, end_s=word.end_s, doubt=doubt, first=at, end=at + 1)
