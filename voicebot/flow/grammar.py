"""What the caller said, against the vocabulary. It becomes an answer, a command, or no match.

Closed questions give the recogniser a grammar with the phrases of their answers, of the commands heard there, and
`[unk]` for everything else. Without `[unk]` any noise becomes a word at full confidence (speech.md 4).

Knows: phrases. Must not know: nodes, counters, prompts.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import product

from voicebot.flow.definition import PhraseList

UNKNOWN = "[unk]"
"""What a grammar hears when nothing in it fits."""

Vocabulary = Mapping[str, PhraseList]


def phrases_of(vocabulary: Vocabulary, lists: Iterable[str]) -> tuple[str, ...]:
    """Return the phrases of several lists, without their lead-ins, each once."""
    return tuple(dict.fromkeys(phrase for name in lists if name in vocabulary for phrase in vocabulary[name].phrases))


def first_words_of(vocabulary: Vocabulary, lists: Iterable[str]) -> tuple[str, ...]:
    """Return the phrases of several lists that mean it at the beginning of an answer, whatever follows."""
    return tuple(word for name in lists if name in vocabulary for word in vocabulary[name].first_words)


def commands_of(vocabulary: Vocabulary, lists: Iterable[str]) -> tuple[str, ...]:
    """Return the phrases of several lists, bare, after each lead-in and before each tail, which is what is listened
    for.
    """
    return _all_forms(tuple(vocabulary[name] for name in lists if name in vocabulary))


@lru_cache(maxsize=256)
def _all_forms(entries: tuple[PhraseList, ...]) -> tuple[str, ...]:
    """Return every form of these lists.

    There are more than a thousand, and they are the same for every call and turn.
    """
    said = (
        f"{lead} {phrase} {tail}".strip()
        for entry in entries
        for phrase, lead, tail in product(entry.phrases, ("", *entry.lead_ins), ("", *entry.tails))
    )
    return tuple(dict.fromkeys(said))


_WORDS_OF_A_REQUEST = 3
"""So many words are a whole phrase, while a single one may be what a recogniser makes of another."""


def requests_of(vocabulary: Vocabulary, lists: Iterable[str]) -> frozenset[str]:
    """Return the phrases of several lists that mean it wherever they stand.

    They count after a lead-in, or of several words.
    """
    known = [vocabulary[name] for name in lists if name in vocabulary]
    led = (f"{lead} {phrase}" for entry in known for phrase, lead in product(entry.phrases, entry.lead_ins))
    long = (phrase for entry in known if not entry.lead_ins for phrase in entry.phrases)
    return frozenset((*led, *(phrase for phrase in long if len(phrase.split()) >= _WORDS_OF_A_REQUEST)))


def closed_grammar(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return the recogniser's grammar for a closed question."""
    return (*dict.fromkeys(phrases), UNKNOWN)


def plain(text: str) -> str:
    """Return words in lower case, single-spaced, without punctuation and without `[unk]`."""
    without_unknown = text.lower().replace(UNKNOWN, " ")
    return " ".join(re.sub(r"[^\w' -]", " ", without_unknown).split())


@lru_cache(maxsize=256)
def plain_phrases(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Return a flow's phrases in plain form. They are the same for every call, and more than a thousand."""
    return tuple(plain(phrase) for phrase in phrases)


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What an answer may mean at a question."""

    answers: Mapping[str, Sequence[str]]
    """Name of each answer to its phrases."""
    first_words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Name of an answer to the phrases that mean it at the beginning, whatever follows.

    Where no answer has any, sounds outside the grammar are passed over, as flows written before this expect.
    """
    urgent: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Commands that go before any answer."""
    requests: Collection[str] = ()
    """Phrases of these that count wherever they stand."""
    commands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Commands that count when nothing is answered."""
    around: Sequence[str] = ()
    unsure: Sequence[str] = ()


def match_answer(text: str, choices: Choices) -> str | None:
    """Return the name of the one answer or command that is meant, or None when that is not sure.

    Words around an answer change nothing, and what belongs to nobody leaves only the first words certain. "yes yes" and
    "yes you may" are a yes, "yes no" and "that isn't right" are nobody's, "no i am out all morning" is a no.
    """
    parts = _parts(text, choices)
    names = {part.name for part in parts if part.kind is not _Kind.AROUND}
    requests = [part for part in parts if part.kind is _Kind.URGENT]
    is_covered = not any(part.kind in (_Kind.STRANGE, _Kind.UNSURE) for part in parts)
    wanted = {part.name for part in requests if is_covered or part.text in choices.requests}
    if wanted:
        return next(iter(wanted)) if len(wanted) == 1 else None
    if requests or any(part.kind is _Kind.UNSURE for part in parts):
        return None
    return _answered(parts, names=names, choices=choices)


def _answered(parts: Sequence["_Part"], *, names: set[str], choices: Choices) -> str | None:
    answers = {part.name for part in parts if part.kind is _Kind.ANSWER}
    if len(answers) == 1:
        name = next(iter(answers))
        first = parts[1] if parts[0].text == UNKNOWN and len(parts) > 1 else parts[0]
        is_first = any(f"{first.text} ".startswith(f"{word} ") for word in choices.first_words.get(name, ()))
        return name if names == answers or (is_first and first.name == name) else None
    return next(iter(names)) if not answers and len(names) == 1 and names <= set(choices.commands) else None


class _Kind(StrEnum):
    URGENT = "urgent"
    ANSWER = "answer"
    COMMAND = "command"
    UNSURE = "unsure"
    AROUND = "around"
    STRANGE = "strange"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """One phrase of an answer."""

    kind: _Kind
    name: str
    text: str


def _parts(text: str, choices: Choices) -> list[_Part]:
    """Cut an answer into phrases, the longest first, while words of no phrase stand alone.

    Words around come off first.
    """
    known, is_strict = _known(choices), any(choices.first_words.values())
    text = text if is_strict else text.replace(UNKNOWN, " ")
    words, parts = [word for said in text.split() for word in (plain(said).split() or said.split())], list[_Part]()
    while words:
        fits = (length for length in range(len(words), 0, -1) if " ".join(words[:length]) in known)
        length = next(fits, 1)
        phrase = " ".join(words[:length])
        kind, name = known.get(phrase, (_Kind.STRANGE, ""))
        parts.append(_Part(kind=kind, name=name, text=phrase))
        words = words[length:]
    first = next((at for at, part in enumerate(parts) if part.kind is not _Kind.AROUND), len(parts))
    return parts[first:]


def _known(choices: Choices) -> dict[str, tuple[_Kind, str]]:
    """Return each phrase with what it means. A phrase of several lists means what comes first here."""
    known: dict[str, tuple[_Kind, str]] = dict.fromkeys(choices.around, (_Kind.AROUND, ""))
    known |= dict.fromkeys(choices.unsure, (_Kind.UNSURE, ""))
    for kind, named in (
        (_Kind.COMMAND, choices.commands), (_Kind.ANSWER, choices.first_words),
        (_Kind.ANSWER, choices.answers), (_Kind.URGENT, choices.urgent),
    ):  # fmt: skip
        known |= {phrase: (kind, name) for name, phrases in named.items() for phrase in phrases}
    return known


def says_only(text: str, phrases: Sequence[str], *, around: Sequence[str]) -> bool:
    """Return whether this is nothing but some of the phrases, with words around them ("no thank you that is all")."""
    return bool(phrases) and match_answer(text, Choices(answers={"it": phrases}, around=around)) == "it"


def says_within(text: str, phrases: Sequence[str], *, not_after: Collection[str]) -> bool:
    """Return whether one of the phrases stands anywhere in longer speech as the speaker's own.

    A word of `not_after` among the few before it makes it somebody else's ("they told me do not record me"), and so
    do several words that run into it ("you have no recording of it").
    """
    said, words = plain(text).split(), {entry for entry in not_after if " " not in entry}
    wordings = tuple(f" {entry} " for entry in plain_phrases(tuple(entry for entry in not_after if " " in entry)))
    return any(
        words.isdisjoint(before) and not any(wording in f" {' '.join((*before, *found))} " for wording in wordings)
        for phrase in plain_phrases(tuple(phrases))
        for before, found in _places(said, phrase.split())
    )


def _places(said: Sequence[str], phrase: Sequence[str]) -> Iterable[tuple[Sequence[str], Sequence[str]]]:
    """Return each place of a phrase with the few words before it, and its own."""
    length = len(phrase)
    starts = (at for at, word in enumerate(said) if word == phrase[0] and said[at : at + length] == phrase)
    return ((said[max(0, at - _SHORTLY_BEFORE) : at], phrase) for at in starts)


_SHORTLY_BEFORE = 3
"""So many words before a phrase may name whose it is."""


def ends_with_command(text: str, phrases: tuple[str, ...]) -> str | None:
    """Return the longest phrase with which free speech ends, or None."""
    said = f" {plain(text)}"
    known = zip(phrases, plain_phrases(phrases), strict=True)
    fits = [phrase for phrase, ending in known if said.endswith(f" {ending}")]
    return max(fits, key=len, default=None)
