"""Where two hearings of the same voice differ, word by word.

Words are compared as they sound, without capitals, punctuation and digits, because one recogniser writes "thirty three"
and the other one "33". Which of the two is right, nobody knows here.
Knows: words. Must not know: recognisers, pages.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from voicebot.domain.doubt import WeightyWords
from voicebot.domain.utterance import Word
from voicebot.speech.word_errors import plain_words

_Sounds = list[tuple[str, int]]
"""Plain words, each with the number of the word that it belongs to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """A stretch that both hearings agree on, or two readings of the same stretch. A reading may be empty."""

    first: int
    end: int
    """The words of the first hearing from `first` up to but not including `end`."""
    live: str
    again: str
    again_first: int = 0
    again_end: int = 0
    """The words of the second hearing, in the same way."""

    @property
    def is_same(self) -> bool:
        """Whether both hearings sound the same."""
        return plain_words(self.live) == plain_words(self.again)


def compare(live: Sequence[str], again: Sequence[str]) -> tuple[Heard, ...]:
    """Return both hearings stretch by stretch. Together the stretches hold every word of both, in order."""
    return tuple(_stretches(live, again))


def heard_otherwise(live: Sequence[str], again: Sequence[Word], weighty: WeightyWords) -> dict[int, float]:
    """Return the numbers of the words of the first hearing that the second one has not heard.

    Each comes with how sure the second one is of what it has instead, from 0 to 1, which is 1 where it has nothing.
    Where only the second one has heard a "not", a number or a name, the words beside it stand for it.
    """
    return {
        at: _sureness(again[each.again_first : each.again_end])
        for each in compare(live, [word.text for word in again])
        if not each.is_same
        for at in _stands_for(each, weighty, length=len(live))
    }


def _stands_for(each: Heard, weighty: WeightyWords, *, length: int) -> range:
    texts = plain_words(each.again)
    if each.first == each.end and any(weighty.are_at(texts, at) for at in range(len(texts))):
        return range(max(0, each.first - 1), min(length, each.first + 1))
    return range(each.first, each.end)


def _sureness(words: Sequence[Word]) -> float:
    return sum(word.confidence for word in words) / len(words) if words else 1.0


def _stretches(live: Sequence[str], again: Sequence[str]) -> Iterator[Heard]:
    mine, theirs = _sounds(live), _sounds(again)
    matcher = SequenceMatcher(None, [sound for sound, _ in mine], [sound for sound, _ in theirs], autojunk=False)
    done, done_again = 0, 0
    # The last end is for words that have no sound, such as a dash alone, where nothing else follows them.
    for _, _, mine_end, _, theirs_end in (*matcher.get_opcodes(), ("", 0, len(mine), 0, len(theirs))):
        end, end_again = _end(mine, mine_end, len(live)), _end(theirs, theirs_end, len(again))
        if end > done or end_again > done_again:
            said, other = " ".join(live[done:end]), " ".join(again[done_again:end_again])
            yield Heard(first=done, end=end, live=said, again=other, again_first=done_again, again_end=end_again)
        done, done_again = max(done, end), max(done_again, end_again)


def _sounds(words: Sequence[str]) -> _Sounds:
    return [(sound, number) for number, word in enumerate(words) for sound in plain_words(word)]


def _end(sounds: _Sounds, at: int, length: int) -> int:
    """Return the word behind those whose sounds end there. A word whose sounds are parted goes with its first ones."""
    return length if at >= len(sounds) else sounds[at][1] + (at > 0 and sounds[at - 1][1] == sounds[at][1])
