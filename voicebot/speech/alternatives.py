"""What else may have been said. It joins the alternatives of a recogniser's segments to those of the whole answer.

A recogniser that keeps several guesses at each segment gives a cost with each, which tells how much less likely it is
than its best one. Segments are heard independently, so the costs of a whole are the sums of its parts'.
Knows: alternatives. Must not know: what the words mean, how they were recognised.
"""

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from itertools import product

from voicebot.domain.utterance import Alternative

MOST = 40
"""So many are kept. The right one is hardly ever further down, and each next segment multiplies them."""

NOTHING = Alternative()


def joined(segments: Iterable[Sequence[Alternative]]) -> tuple[Alternative, ...]:
    """Return the likeliest alternatives of all segments in a row, the best first. None where no segment has any."""
    whole: tuple[Alternative, ...] = ()
    for segment in segments:
        pairs = product(whole or (NOTHING,), segment or (NOTHING,))
        best = nsmallest(MOST, pairs, key=lambda pair: pair[0].cost + pair[1].cost)
        whole = tuple(_behind(first, then) for first, then in best)
    return whole if any(one.text for one in whole) else ()


def _behind(first: Alternative, then: Alternative) -> Alternative:
    return Alternative(
        text=f"{first.text} {then.text}".strip(), words=first.words + then.words, cost=first.cost + then.cost
    )
