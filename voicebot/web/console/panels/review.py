"""What reviewers did with the words of an answer and who listened to it, as the page says it.

Knows: answers, entries, names, instants. Must not know: routes, how an entry is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicebot.domain.instants import Instants
from voicebot.domain.review import Piece, ReviewEntry, ReviewKind, Span, is_undoable, is_undone, plain
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.service.answer.keep import TEXT_SLOT
from voicebot.service.answer.shown import original_words, pieces_of
from voicebot.service.queries.case_view import AnswerView


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryRow:
    """One action of a reviewer."""

    number: int
    first: int
    end: int
    who: str
    at: str
    did: str
    before: str
    """What was heard there."""
    after: str
    why: str
    may_undo: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerReview:
    """The review of one answer."""

    may_review: bool
    seen: int
    """How many entries the page shows. What is decided on it states it."""
    words: int
    heard_said: str
    """Who has listened to it. Empty where nobody has."""
    is_heard_by_me: bool
    rows: tuple[EntryRow, ...]
    """Newest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChosenWords:
    """The words of an answer that somebody is about to review."""

    answer_id: str
    first: int
    end: int
    original: str
    shown: str
    text: str
    """What stands in the form."""
    why: str = ""
    problem: str = ""
    """Why it was not kept, when it was tried."""
    theirs: tuple[EntryRow, ...] = ()
    """What others did with these words meanwhile."""


def answer_review(view: AnswerView, *, names: Mapping[str, str], member_id: str, instants: Instants) -> AnswerReview:
    """Return the review of an answer as this member sees it."""
    answer = view.answer
    heard = [f"{names.get(each.by, each.by)} {instants.brief(each.at)}" for each in view.heard]
    return AnswerReview(
        may_review=may_review(answer),
        seen=len(view.reviews),
        words=len(original_words(answer)),
        heard_said=f"Heard by {', '.join(heard)}" if heard else "",
        is_heard_by_me=any(each.by == member_id for each in view.heard),
        rows=entry_rows(answer, view.reviews, names=names, instants=instants),
    )


def may_review(answer: Answer) -> bool:
    """Tell whether there is something to review. What was written stands, and what is destroyed is gone."""
    is_settled = answer.state is AnswerState.DONE or bool(answer.text)
    return is_settled and answer.slot != TEXT_SLOT and answer.state is not AnswerState.DESTROYED


def entry_rows(
    answer: Answer, entries: Sequence[ReviewEntry], *, names: Mapping[str, str], instants: Instants
) -> tuple[EntryRow, ...]:
    """Return what reviewers did with an answer, newest first."""
    words = original_words(answer)
    return tuple(
        EntryRow(
            number=entry.number,
            first=entry.first,
            end=entry.end,
            who=names.get(entry.by, entry.by),
            at=instants.brief(entry.at),
            did=_DID[entry.kind],
            before=" ".join(words[entry.first : entry.end]),
            after=entry.text,
            why=entry.why,
            may_undo=is_undoable(entry) and not is_undone(entry, entries),
        )
        for entry in reversed(entries)
    )


def chosen_words(view: AnswerView, span: Span) -> ChosenWords | None:
    """Return words to be reviewed, with all of a correction that the range cuts. None where there are no such words."""
    pieces = _touched(pieces_of(view.answer, view.reviews), span)
    is_empty = span == Span(first=0, end=0) and not original_words(view.answer)
    if not pieces and not is_empty:
        return None
    return ChosenWords(
        answer_id=view.answer.id,
        first=pieces[0].first if pieces else 0,
        end=pieces[-1].end if pieces else 0,
        original=" ".join(piece.original for piece in pieces),
        shown=plain(pieces),
        text=plain(pieces),
    )


def no_words(view: AnswerView) -> ChosenWords:
    """Return a form for an answer of which words were chosen that it has not. Its first word is offered."""
    first = chosen_words(view, Span(first=0, end=1))
    return first or ChosenWords(answer_id=view.answer.id, first=0, end=0, original="", shown="", text="")


def _touched(pieces: Sequence[Piece], span: Span) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece.span.touches(span))


_DID = {
    ReviewKind.CORRECTED: "corrected",
    ReviewKind.ACCEPTED: "accepted",
    ReviewKind.UNDONE: "took back what was done with",
}
