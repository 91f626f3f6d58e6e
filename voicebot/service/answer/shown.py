"""An answer as it is read, with the words as they were heard, and what staff made of them.

Knows: answers, entries of reviewers. Must not know: who reviews, pages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from voicebot.domain.private.masking import masked, masked_words
from voicebot.domain.review import Piece, ReviewEntry, fold, plain
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS


def original_words(answer: Answer) -> tuple[str, ...]:
    """Return the words of an answer in their order, by which ranges are counted. They never change."""
    timed = WORDS.validate_json(answer.words_json)
    return tuple(word.text for word in timed) or tuple(answer.text.split())


def masked_answer(answer: Answer, *, pins: Sequence[str]) -> Answer:
    """Return an answer as whoever only looks sees it, with marks for private numbers."""
    words = WORDS.validate_json(answer.words_json)
    shown = masked_words([word.text for word in words], pins=pins)
    marked = tuple(word.model_copy(update={"text": text}) for word, text in zip(words, shown, strict=True))
    return replace(answer, text=masked(answer.text, pins=pins), words_json=WORDS.dump_json(marked).decode())


def pieces_of(answer: Answer, entries: Iterable[ReviewEntry]) -> tuple[Piece, ...]:
    """Return an answer as it is shown. `entries` may be about other answers, too.

    Words and corrections may make a private number only together, which is masked here.
    """
    pieces = fold(original_words(answer), [entry for entry in entries if entry.answer_id == answer.id])
    if not any(piece.correction for piece in pieces):
        return pieces
    shown = masked_words([piece.shown for piece in pieces])
    return tuple(replace(piece, shown=text) for piece, text in zip(pieces, shown, strict=True))


def shown_text(answer: Answer, entries: Sequence[ReviewEntry]) -> str:
    """Return what stands for an answer in a summary. Without a correction that is the text as it was heard."""
    pieces = pieces_of(answer, entries) if entries else ()
    return plain(pieces) if any(piece.correction for piece in pieces) else answer.text
