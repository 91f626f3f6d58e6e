"""Joins a recogniser's segments into one answer whose word times fit the stored audio.

Knows: hypotheses, maps of time. Must not know: what the words mean, how they were recognised.
"""

from collections.abc import Callable

from voicebot.domain.utterance import Alternative, Hypothesis, Utterance, Word
from voicebot.speech.alternatives import joined

UNKNOWN = "[unk]"
"""What a recogniser with a grammar writes for sounds outside it."""


class Transcript:
    """The words of one answer, as they come."""

    def __init__(self) -> None:
        self._segments: list[Hypothesis] = []
        self._partial = ""
        self.second_text = ""
        """What a second recogniser heard in the same audio."""

    def add(self, segment: Hypothesis) -> None:
        """Take a final segment, which replaces the partial that led to it."""
        self._partial = ""
        # Vosk gives an empty final about every 5 s of silence (speech.md 3).
        if segment.text:
            self._segments.append(segment)

    def guess(self, partial: str) -> None:
        """Take the words guessed since the last segment."""
        self._partial = partial

    @property
    def raw_text(self) -> str:
        """Everything so far, partial included, sounds outside the grammar too, so it changes whenever anything does."""
        return " ".join(part for part in (*(segment.text for segment in self._segments), self._partial) if part)

    @property
    def text(self) -> str:
        """The words so far, partial included, without sounds outside the grammar."""
        return " ".join(word for word in self.raw_text.split() if word != UNKNOWN)

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """What may have been said, the likeliest first, partial words left out. Times are the recogniser's."""
        return joined(one.alternatives or (Alternative(text=one.text, words=one.words),) for one in self._segments)

    def utterance(
        self,
        *,
        heard_at: Callable[[float], float],
        audio_starts_at: float = 0.0,
        duration_s: float = 0.0,
        spool_name: str | None = None,
    ) -> Utterance:
        """Return the answer, partial words left out.

        `heard_at` maps recogniser time to line time. The stored audio begins at `audio_starts_at` on the line and lasts
        `duration_s` (0 when none is stored, and then the times stay the line's own).
        """
        # Vosk counts a word's times in what it was fed, while staff click on the stored audio.
        words = tuple(
            self._placed(word, heard_at, audio_starts_at, duration_s)
            for segment in self._segments
            for word in segment.words
            if word.text != UNKNOWN
        )
        sounds = " ".join(part.text for part in self._segments)
        text = " ".join(word for word in sounds.split() if word != UNKNOWN)
        return Utterance(
            words=words,
            text=text,
            sounds="" if sounds == text else sounds,
            second_text=self.second_text,
            duration_s=duration_s,
            spool_name=spool_name,
        )

    @staticmethod
    def _placed(word: Word, heard_at: Callable[[float], float], starts_at: float, duration_s: float) -> Word:
        def place(instant_s: float) -> float:
            moved = max(0.0, heard_at(instant_s) - starts_at)
            return round(min(moved, duration_s) if duration_s else moved, 3)

        start = place(word.start_s)
        return word.model_copy(update={"start_s": start, "end_s": max(start, place(word.end_s))})
