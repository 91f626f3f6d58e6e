"""An answer as it is read, with the words as they were heard, and what staff made of them.

Knows: answers, entries of reviewers. Must not know: who reviews, pages.
"""

from collections.abc import Iterable, Sequence

from voicebot.domain.review import Piece, ReviewEntry, fold, plain
from voicebot.domain.ticket import Answer
from voicebot.domain.utterance import WORDS


def original_words(answer: Answer) -> tuple[str, ...]:
    """Return the words of an answer in their order, by which ranges are counted. They never change."""
    timed = WORDS.validate_json(answer.words_json)
    return tuple(word.text for word in timed) or tuple(answer.text.split())


def pieces_of(answer: Answer, entries: Iterable[ReviewEntry]) -> tuple[Piece, ...]:
    """Return an answer as it is shown. `entries` may be about other answers, too."""
    return fold(original_words(answer), [entry for entry in entries if entry.answer_id == answer.id])


def shown_text(answer: Answer, entries: Sequence[ReviewEntry]) -> str:
    """Return what stands for an answer in a summary. Without a correction that is the text as it was heard."""
    pieces = pieces_of(answer, entries) if entries else ()
    return plain(pieces) if any(piece.correction for piece in pieces) else answer.text
