"""Which words of an answer staff must hear before they rely on them, and why.

A word is unsure when the recogniser was unsure of it or of its neighbours, because one word that was heard wrongly
drags along the words beside it. Names, numbers and negations are weighty. A wrong one changes what is asked, so each
is marked however sure the recogniser was.

Marking only the least sure share of an answer was measured and dropped. Errors come in crowds, so a share marks too
little of an answer that was heard badly, and too much of one that was heard well. `voicebot bench doubt` measures the
marks (docs/figures.md). Where the voice was listened to again, a word is unsure that the second hearing has otherwise
without being at a loss itself, and the confidences of the call tell nothing more. A weighty word that both hearings
have alike is confirmed.
Knows: words with confidences. Must not know: languages, pages.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from voicebot.domain.utterance import Word

UNSURE_ABOVE = 0.29
"""So much doubt marks a word. Tuned on the odd lines of the clips of real people, November 2026."""
SECOND_SURE_ABOVE = 0.38
"""So sure a second hearing must be of what it has instead of a word to mark it. Tuned on the same lines, in the same
month."""
NEIGHBOURS_SHARE = 0.3
"""How much of the doubt about each neighbour counts for a word. Tuned on the same lines."""


class Doubt(StrEnum):
    """Why a word is marked."""

    UNSURE = "unsure"
    WEIGHTY = "weighty"
    CONFIRMED = "confirmed"
    """Weighty, and two hearings have it alike. It keeps a mark of its own, and nobody has to hear it."""

    @property
    def is_to_hear(self) -> bool:
        """Whether staff must hear the word before they rely on it."""
        return self is not Doubt.CONFIRMED


def gravest(found: Iterable[Doubt | None]) -> Doubt | None:
    """Return the mark of several words that are shown as one."""
    return min((each for each in found if each is not None), key=list(Doubt).index, default=None)


@dataclass(frozen=True, kw_only=True, slots=True)
class WeightyWords:
    """What a language says where a mistake matters most. All in lower case, as a recogniser writes."""

    numbers: frozenset[str] = frozenset()
    beside_numbers: frozenset[str] = frozenset()
    """Numbers only beside another one, such as "oh"."""
    negations: frozenset[str] = frozenset()
    negating_ends: tuple[str, ...] = ()
    """How a word ends that says no, such as "n't"."""
    before_names: frozenset[tuple[str, ...]] = field(default_factory=frozenset)
    """Phrases that a name follows."""
    after_names: frozenset[str] = frozenset()
    """Words that a name precedes, such as "street"."""

    def are_at(self, texts: Sequence[str], at: int) -> bool:
        """Tell whether the word there is a number, a negation or a name."""
        text = texts[at]
        if text in self.numbers or text in self.negations or text.endswith(self.negating_ends or ("\0",)):
            return True
        return self._is_number_beside(texts, at) or self._is_name(texts, at)

    def _is_number_beside(self, texts: Sequence[str], at: int) -> bool:
        beside = (*texts[max(0, at - 1) : at], *texts[at + 1 : at + 2])
        return texts[at] in self.beside_numbers and any(text in self.numbers for text in beside)

    def _is_name(self, texts: Sequence[str], at: int) -> bool:
        is_before = any(tuple(texts[max(0, at - len(phrase)) : at]) == phrase for phrase in self.before_names)
        return is_before or (at + 1 < len(texts) and texts[at + 1] in self.after_names)


def doubts(
    words: Sequence[Word],
    weighty: WeightyWords,
    *,
    heard_otherwise: Mapping[int, float] | None = None,
    unsure_above: float = UNSURE_ABOVE,
) -> tuple[Doubt | None, ...]:
    """Return for each word of an answer why it is marked, or None.

    `heard_otherwise` are the numbers of the words that a second hearing does not have, each with how sure that hearing
    is of what it has instead. None means that there was none.
    """
    if heard_otherwise is None:
        unsure, alike = frozenset(_unsure(words, above=unsure_above)), frozenset[int]()
    else:
        unsure = frozenset(at for at, sureness in heard_otherwise.items() if sureness > SECOND_SURE_ABOVE)
        alike = frozenset(range(len(words))).difference(heard_otherwise)
    texts = [word.text for word in words]
    return tuple(
        Doubt.UNSURE if at in unsure else _weight(weighty.are_at(texts, at), is_alike=at in alike)
        for at in range(len(words))
    )


def _weight(is_weighty: bool, *, is_alike: bool) -> Doubt | None:
    if not is_weighty:
        return None
    return Doubt.CONFIRMED if is_alike else Doubt.WEIGHTY


def _unsure(words: Sequence[Word], *, above: float) -> Iterator[int]:
    unsure = [1 - word.confidence for word in words]
    for at in range(len(words)):
        beside = sum(unsure[max(0, at - 1) : at]) + sum(unsure[at + 1 : at + 2])
        if unsure[at] + NEIGHBOURS_SHARE * beside > above:
            yield at
