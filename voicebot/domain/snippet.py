"""The stretch of a text in which something was found, with what was found in it.

Knows: texts, wanted words. Must not know: where a text comes from, how a page marks a word.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.domain.search_question import Wanted, is_number
from voicebot.domain.search_words import fold, number_word, written_words

BEFORE = 50
"""Characters shown before the first word that was found."""
LONGEST = 170
"""Characters of a snippet. Our judgement: two lines."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A stretch of the text as it was written."""

    text: str
    is_hit: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Snippet:
    """What a hit shows of one text."""

    stretches: tuple[Stretch, ...]
    met: int
    """How many of the words that were asked for are in the text. 0 when none is."""


def snippet_of(text: str, wanted: Sequence[Wanted]) -> Snippet:
    """Return what is shown of a text in which these words may be.

    >>> [each.text for each in snippet_of("It was the Café", [Wanted("cafe", is_beginning=True)]).stretches]
    ['It was the ', 'Café']
    """
    hits, met = [], set[Wanted]()
    for begin, end, word in written_words(text) if _may_hold(text, wanted) else ():
        these = [one for one in wanted if one.is_met_by(word)]
        if these:
            hits.append((begin, end))
            met.update(these)
    return Snippet(stretches=_stretches(text, hits), met=len(met))


def _may_hold(text: str, wanted: Sequence[Wanted]) -> bool:
    """Tell whether to look at each word of a text, since most texts of a case hold none that is wanted."""
    if not text.isascii():
        return True
    folded = fold(text)
    return any(one.word in folded for one in wanted)


def number_snippet(number: str, wanted: Sequence[Wanted]) -> Snippet:
    """Return what is shown of a telephone number, whole, as staff see it."""
    met = any(is_number(one) and one.is_met_by(number_word(number)) for one in wanted)
    return Snippet(stretches=(Stretch(text=number, is_hit=met),), met=int(met))


def first_word(words: Sequence[str], wanted: Sequence[Wanted]) -> int | None:
    """Return which of the spoken words is the first that was asked for, or None."""
    for place, spoken in enumerate(words):
        if any(one.is_met_by(word) for _, _, word in written_words(spoken) for one in wanted):
            return place
    return None


def _stretches(text: str, hits: Sequence[tuple[int, int]]) -> tuple[Stretch, ...]:
    begin = _edge(text, max(0, hits[0][0] - BEFORE)) if hits else 0
    end = min(len(text), max(begin + LONGEST, hits[0][1] if hits else 0))
    made, at = [Stretch(text="… ", is_hit=False)] if begin else [], begin
    for first, last in hits:
        if last > end:
            break
        made += [Stretch(text=text[at:first], is_hit=False), Stretch(text=text[first:last], is_hit=True)]
        at = last
    made.append(Stretch(text=text[at:end] + (" …" if end < len(text) else ""), is_hit=False))
    return tuple(stretch for stretch in made if stretch.text)


def _edge(text: str, at: int) -> int:
    """Return where the next word begins, so that no word is cut."""
    blank = text.find(" ", at, at + BEFORE) if at else -1
    return at if blank < 0 else blank + 1
