"""An answer as it is read, with the words as they were heard, and what staff made of them.

Knows: answers, entries of reviewers. Must not know: who reviews, pages.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from voicebot.domain.private.masking import (
    ALONE,
    Beside,
    Lifted,
    is_masked,
    masked,
    masked_places,
    masked_words,
    none_lifted,
)
from voicebot.domain.private.spans import EVERY_KIND, PrivateKind
from voicebot.domain.review import Piece, ReviewEntry, fold, plain
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS, Word

ROUGH_S = 0.15
"""So far from its time in seconds a word may be heard."""


def original_words(answer: Answer) -> tuple[str, ...]:
    """Return the words of an answer in their order, by which ranges are counted. They never change."""
    timed = WORDS.validate_json(answer.words_json)
    return tuple(word.text for word in timed) or tuple(answer.text.split())


def masked_answer(
    answer: Answer,
    *,
    pins: Sequence[str],
    kinds: Collection[PrivateKind] = EVERY_KIND,
    beside: Beside = ALONE,
    lifted: Lifted = none_lifted,
) -> Answer:
    """Return an answer as whoever only looks sees it, with marks for private numbers.

    `beside` is what was said before and after it in the same call, where a number may begin or go on.
    """
    hidden = partial(masked_words, pins=pins, kinds=kinds, beside=beside, lifted=lifted)
    return replace(
        answer,
        text=masked(answer.text, pins=pins, kinds=kinds, beside=beside, lifted=lifted),
        words_json=_masked_words(answer.words_json, hidden),
        second_words_json=_masked_words(answer.second_words_json, hidden),
    )


def _masked_words(words_json: str, hidden: Callable[[Sequence[str]], Sequence[str]]) -> str:
    words = WORDS.validate_json(words_json)
    shown = hidden([word.text for word in words])
    if all(word.text == text for word, text in zip(words, shown, strict=True)):
        return words_json
    marked = tuple(word.model_copy(update={"text": text}) for word, text in zip(words, shown, strict=True))
    return WORDS.dump_json(marked).decode()


def private_stretches(answer: Answer) -> tuple[tuple[float, float], ...]:
    """Return from where to where marks stand in the voice of a masked answer, in seconds, by what either hearing heard.

    The times of a recogniser are rough, so each is a little longer.
    """
    hearings = (WORDS.validate_json(each) for each in (answer.words_json, answer.second_words_json))
    return tuple((word.start_s - ROUGH_S, word.end_s + ROUGH_S) for words in hearings for word in _run_together(words))


def _run_together(words: Sequence[Word]) -> Iterator[Word]:
    """Yield masked words, each as long as the mark goes on, since a pause within it may hold a part of a number."""
    for at, word in enumerate(words):
        if is_masked(word.text):
            goes_on = at + 1 < len(words) and not words[at + 1].text
            yield word.model_copy(update={"end_s": words[at + 1].start_s}) if goes_on else word


def pieces_of(answer: Answer, entries: Iterable[ReviewEntry]) -> tuple[Piece, ...]:
    """Return an answer as it is shown. `entries` may be about other answers, too.

    Words and corrections may make a private number only together, which is masked here. What stands in words alone, or
    in one correction, was masked where it was read, unless its mark was lifted.
    """
    pieces = fold(original_words(answer), [entry for entry in entries if entry.answer_id == answer.id])
    if not any(piece.correction for piece in pieces):
        return pieces
    shown = [piece.shown for piece in pieces]
    for mark, places in masked_places(shown):
        if len(places) > 1 and any(pieces[at].correction for at in places):
            for at in places:
                shown[at] = mark if at == places.start else ""
    return tuple(replace(piece, shown=text) for piece, text in zip(pieces, shown, strict=True))


def shown_text(answer: Answer, entries: Sequence[ReviewEntry]) -> str:
    """Return what stands for an answer in a summary. Without a correction that is the text as it was heard."""
    pieces = pieces_of(answer, entries) if entries else ()
    return plain(pieces) if any(piece.correction for piece in pieces) else answer.text
