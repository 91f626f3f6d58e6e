"""How many words were heard wrongly, in the call and the second time, and how many of them our marks catch.

Knows: heard clips, marks. Must not know: recognisers, tables on the screen.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from voicebot.cli.bench.heard_clips import HeardClip
from voicebot.domain.doubt import UNSURE_ABOVE, Doubt, doubts
from voicebot.flow.weighty_words import weighty_words
from voicebot.speech.differences import heard_otherwise
from voicebot.speech.word_errors import WordErrors, plain_words, word_errors, wrong_words


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """Counts of words."""

    words: int = 0
    wrong: int = 0
    marked: int = 0
    caught: int = 0
    """Words that are wrong and marked."""

    def __add__(self, other: "Marked") -> "Marked":
        return Marked(
            words=self.words + other.words,
            wrong=self.wrong + other.wrong,
            marked=self.marked + other.marked,
            caught=self.caught + other.caught,
        )

    @property
    def share_caught(self) -> float:
        """Of the wrong words, 0 to 1."""
        return self.caught / self.wrong if self.wrong else 0.0

    @property
    def share_marked(self) -> float:
        """Of all words, 0 to 1."""
        return self.marked / self.words if self.words else 0.0

    @property
    def precision(self) -> float:
        """How many of the marked words are wrong, 0 to 1."""
        return self.caught / self.marked if self.marked else 0.0


def count_marks(clips: Iterable[HeardClip], kinds: Collection[Doubt], *, unsure_above: float = UNSURE_ABOVE) -> Marked:
    """Count the marks of these kinds on all clips, where so much doubt after the call makes a word unsure."""
    return sum((_of_clip(clip, kinds, unsure_above) for clip in clips), Marked())


def _of_clip(clip: HeardClip, kinds: Collection[Doubt], unsure_above: float) -> Marked:
    wrong = wrong_words(clip.spoken, [" ".join(plain_words(word)) for word in clip.heard])
    weighty = weighty_words("en")
    otherwise = None if clip.again is None else heard_otherwise(clip.heard, clip.again, weighty)
    found = doubts(clip.words, weighty, heard_otherwise=otherwise, unsure_above=unsure_above)
    marked = [doubt in kinds for doubt in found]
    caught = sum(is_wrong and is_marked for is_wrong, is_marked in zip(wrong, marked, strict=True))
    return Marked(words=len(wrong), wrong=sum(wrong), marked=sum(marked), caught=caught)


def count_errors(clips: Iterable[HeardClip]) -> tuple[WordErrors, WordErrors]:
    """Count how far the words of the call, and those of the second hearing, are from what was said."""
    live, again = WordErrors(), WordErrors()
    for clip in clips:
        spoken = " ".join(clip.spoken)
        live += word_errors(spoken, " ".join(clip.heard))
        again += word_errors(spoken, " ".join(word.text for word in clip.again or ()))
    return live, again
