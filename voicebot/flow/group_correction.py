"""One group of a number said anew after the number was read back ("no, the second group is five five five").

A number is read back in groups, so whoever hears a mistake names the group, or says it anew, or says all of it anew.
A group that nobody named is the one that is most like what was said, if only one is.

Knows: groups, words. Must not know: nodes, which numbers exist.
"""

from collections.abc import Mapping, Sequence

from voicebot.flow.spoken import SpokenLanguage
from voicebot.flow.spoken_number import digit_phrases, spoken_number

_MOST_WRONG = 2
"""A group that differs in more digits than this was not misheard, so something else was said."""


def corrected(
    groups: Sequence[str], said: str, *, names: Mapping[int, Sequence[str]], language: SpokenLanguage
) -> str | None:
    """Return the whole number with the correction, or None where nothing was clearly corrected.

    `groups` are those that were read back. `names` are the phrases for the first (0), second … and last (-1) of them.
    """
    named, rest = _named(said, names)
    digits = spoken_number(_digit_words(rest, language), language) or ""
    whole = "".join(groups)
    if named is None and len(digits) == len(whole):
        return digits
    at = _most_alike(groups, digits) if named is None else _place(groups, named)
    if at is None or len(digits) != len(groups[at]) or digits == groups[at]:
        return None
    return "".join((*groups[:at], digits, *groups[at + 1 :]))


def _named(said: str, names: Mapping[int, Sequence[str]]) -> tuple[int | None, str]:
    """Return which group was named, and the words behind its name, or before it if none are behind.

    The name said last counts, as in "the first, no, the second group is …".
    """
    padded = f" {said} "
    found = [
        (padded.rfind(f" {phrase} "), len(phrase), place)
        for place, phrases in names.items()
        for phrase in phrases
        if f" {phrase} " in padded
    ]
    if not found:
        return None, said
    begins, length, place = max(found)
    return place, padded[begins + length + 1 :].strip() or padded[:begins]


def _digit_words(said: str, language: SpokenLanguage) -> str:
    """Return the words of a number among others, since "it is" and "should be" change nothing."""
    known = frozenset(digit_phrases(language))
    return " ".join(word for word in said.split() if word in known)


def _place(groups: Sequence[str], named: int) -> int | None:
    return named % len(groups) if -len(groups) <= named < len(groups) else None


def _most_alike(groups: Sequence[str], digits: str) -> int | None:
    """Return the group of the same length that differs least, and None where two differ as little."""
    wrong = sorted(
        (sum(one != other for one, other in zip(group, digits, strict=True)), at)
        for at, group in enumerate(groups)
        if len(group) == len(digits)
    )
    is_clear = bool(wrong) and wrong[0][0] <= _MOST_WRONG and (len(wrong) == 1 or wrong[0][0] < wrong[1][0])
    return wrong[0][1] if is_clear else None
