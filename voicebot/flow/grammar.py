"""What the caller said or keyed, against the vocabulary: an answer, a command, digits, or no match.

Closed questions give the recogniser a grammar: the phrases of their answers, of the commands heard there, and
`[unk]` for everything else. Without `[unk]` any noise becomes a word at full confidence (speech.md 4).

Knows: phrases and digits. Must not know: nodes, counters, prompts.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from voicebot.flow.definition import PhraseList
from voicebot.flow.spoken import SpokenLanguage

UNKNOWN = "[unk]"
"""What a grammar hears when nothing in it fits."""

_STUTTER = re.compile(r"\b(?:\w{1,3}-\s*)+(?=\w)")
"""The beginning of a word, said once or more before the word itself ("f-f-five", complaints.md V-02)."""

Vocabulary = Mapping[str, PhraseList]


def phrases_of(vocabulary: Vocabulary, lists: Iterable[str]) -> tuple[str, ...]:
    """Return the phrases of several lists, without their lead-ins, each once."""
    return tuple(dict.fromkeys(phrase for name in lists if name in vocabulary for phrase in vocabulary[name].phrases))


def commands_of(vocabulary: Vocabulary, lists: Iterable[str]) -> tuple[str, ...]:
    """Return the phrases of several lists, bare, after each lead-in and before each tail: what is listened for."""
    known = [vocabulary[name] for name in lists if name in vocabulary]
    said = (
        f"{lead} {phrase} {tail}".strip()
        for entry in known
        for phrase, lead, tail in product(entry.phrases, ("", *entry.lead_ins), ("", *entry.tails))
    )
    return tuple(dict.fromkeys(said))


def digit_phrases(language: SpokenLanguage) -> tuple[str, ...]:
    """Return what may be heard for a number: the digits, their other names, and words like "double"."""
    return (*language.digit_words, *language.digit_synonyms, *language.repeat_words)


def closed_grammar(phrases: Iterable[str]) -> tuple[str, ...]:
    """Return the recogniser's grammar for a closed question."""
    return (*dict.fromkeys(phrases), UNKNOWN)


def plain(text: str) -> str:
    """Return words in lower case, single-spaced, without punctuation and without `[unk]`."""
    without_unknown = text.lower().replace(UNKNOWN, " ")
    return " ".join(re.sub(r"[^\w' -]", " ", without_unknown).split())


def match_answer(text: str, choices: Mapping[str, Sequence[str]]) -> str | None:
    """Return the name of the one choice that every word belongs to, or None.

    `choices` maps names to phrases. "yes yes" is a yes; "yes no" and "yes tomorrow" are nobody's.
    """
    words = plain(text).split()
    names = {name: {tuple(phrase.split()) for phrase in phrases} for name, phrases in choices.items()}
    found = _covering(words, names)
    return next(iter(found)) if len(found) == 1 else None


def _covering(words: Sequence[str], choices: Mapping[str, set[tuple[str, ...]]]) -> set[str]:
    """Cover the words greedily, longest phrase first; empty when a word is left over."""
    found: set[str] = set()
    at = 0
    while at < len(words):
        length, names = _longest_at(words, at, choices=choices)
        if not length:
            return set()
        found = found & names if found & names else found | names
        at += length
    return found


def _longest_at(words: Sequence[str], at: int, *, choices: Mapping[str, set[tuple[str, ...]]]) -> tuple[int, set[str]]:
    for length in range(len(words) - at, 0, -1):
        piece = tuple(words[at : at + length])
        names = {name for name, phrases in choices.items() if piece in phrases}
        if names:
            return length, names
    return 0, set()


def find_command(text: str, phrases: Iterable[str]) -> bool:
    """Return whether one of the phrases stands anywhere in a closed answer ("yes but a person please")."""
    said = f" {plain(text)} "
    return any(f" {plain(phrase)} " in said for phrase in phrases)


def ends_with_command(text: str, phrases: Iterable[str]) -> str | None:
    """Return the longest phrase with which free speech ends, or None."""
    said = f" {plain(text)}"
    fits = [phrase for phrase in phrases if said.endswith(f" {plain(phrase)}")]
    return max(fits, key=len, default=None)


def spoken_number(text: str, language: SpokenLanguage) -> str | None:
    """Return the digits of a number said digit by digit, or None when another word stands among them.

    "oh" is 0, "double five" is 55; a word begun, broken off and said again ("f-f-five") counts once.
    """
    digits = {**language.digit_synonyms, **{word: str(value) for value, word in enumerate(language.digit_words)}}
    found, times = "", 1
    for word in _STUTTER.sub("", plain(text)).split():
        if word in language.repeat_words:
            times = language.repeat_words[word]
        elif word in digits:
            found, times = found + digits[word] * times, 1
        else:
            return None
    return found or None


def keyed_number(keys: str) -> str:
    """Return the digits keyed; a `*` in between starts the number again."""
    return re.sub(r"\D", "", keys.rsplit("*", 1)[-1])
