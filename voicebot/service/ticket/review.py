"""Staff correct and accept the words of an answer, and take back what they did. Each is an entry, and no word changes.

A reviewer decides on an answer that showed so many entries. When somebody else has touched the same words since,
nothing is kept, and the reviewer is to see that first. Entries about other words of the answer are in nobody's way.
What is shown after it stands in the summary of the case from the same transaction on. A reviewer sees private numbers
as marks, so what they accept are marks, and such a number that they write themselves is kept as one. So is the code of
the case, since it is proof that somebody is the complainant.
Knows: answers, entries, the case's lock. Must not know: pages, which words are doubtful.
Source: console.md 4 and 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from voicebot.domain.private.masking import masked
from voicebot.domain.review import (
    ReviewEntry,
    ReviewKind,
    Span,
    cuts,
    is_range,
    is_undoable,
    is_undone,
    plain,
    within,
)
from voicebot.domain.ticket import Answer, AnswerState
from voicebot.errors import Refused
from voicebot.service.answer.keep import TEXT_SLOT, retell
from voicebot.service.answer.shown import masked_answer, original_words, pieces_of
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.decision import lock_case, tidy


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """Which words somebody reviews, as they saw them."""

    answer_id: str
    span: Span
    actor: str
    seen: int | None = None
    """How many entries of the answer were shown. None when it was decided without a page."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wanted:
    """What a reviewer wants to be kept."""

    kind: ReviewKind
    text: str = ""
    why: str = ""
    undoes: int | None = None


def correct(hotline: Hotline, case: str, what: Reviewed, *, text: str, why: str = "") -> bool:
    """Let other words stand for some words. Empty text says that nothing was said there.

    Returns False for a repetition. Raises: Refused when there are no such words, they stand there already, the range
    cuts through a correction, or somebody else has reviewed them since.
    """
    wanted = _Wanted(kind=ReviewKind.CORRECTED, text=" ".join(tidy(text).split()), why=tidy(why))
    return _keep(hotline, case, what, wanted)


def accept(hotline: Hotline, case: str, what: Reviewed) -> bool:
    """Note that somebody heard these words, and that they are right as they are shown.

    Returns False for a repetition. Raises: Refused as `correct`.
    """
    return _keep(hotline, case, what, _Wanted(kind=ReviewKind.ACCEPTED))


def undo(hotline: Hotline, case: str, *, answer_id: str, number: int, actor: str, seen: int | None = None) -> bool:
    """Take back an entry, which stays.

    Returns False when it was taken back already. Raises: Refused when there is none of that number, and as `correct`.
    """
    with hotline.look() as work:
        entries = work.reviews.of_answer(answer_id)
    entry = next((each for each in entries if each.number == number and is_undoable(each)), None)
    if entry is None:
        raise Refused("there is nothing of that number to take back: read the case again", code="review-unknown")
    what = Reviewed(answer_id=answer_id, span=entry.span, actor=actor, seen=seen)
    return _keep(hotline, case, what, _Wanted(kind=ReviewKind.UNDONE, undoes=number))


def _keep(hotline: Hotline, case: str, what: Reviewed, wanted: _Wanted) -> bool:
    """Keep an entry in one transaction, in which no other action on the case goes on."""
    with hotline.unit_of_work() as work:
        ticket = lock_case(work, case)
        pins, lifted = [ticket.pin], partial(work.tickets.lifted, ticket.id)
        hide = partial(masked, pins=pins, lifted=lifted)
        answer = masked_answer(_answer(work, ticket.id, what.answer_id), pins=pins, lifted=lifted)
        known = work.reviews.of_answer(answer.id)
        entry = ReviewEntry(
            id=hotline.ids.new_id(),
            ticket_id=answer.ticket_id,
            answer_id=answer.id,
            number=len(known) + 1,
            kind=wanted.kind,
            first=what.span.first,
            end=what.span.end,
            text=hide(_text(answer, known, what.span, wanted)),
            why=hide(wanted.why),
            by=what.actor,
            at=context_of(hotline, work).now,
            undoes=wanted.undoes,
        )
        if _is_repeated(known, entry, what.seen):
            return False
        _refuse_if_reviewed(known, entry, what.seen)
        _refuse_without_effect(answer, known, entry)
        work.reviews.add(entry)
        retell(work, answer.ticket_id)
        work.commit()
        return True


def _answer(work: UnitOfWork, ticket_id: str, answer_id: str) -> Answer:
    """Return an answer whose words may be reviewed. Raises: Refused when there is none."""
    answer = work.tickets.answer(answer_id)
    if answer is None or answer.ticket_id != ticket_id:
        raise Refused("the case has no such answer: go back to its page", code="answer-unknown")
    if answer.slot == TEXT_SLOT:
        raise Refused("what somebody wrote stands as they wrote it: write a note beside it", code="review-written")
    if answer.state is AnswerState.DESTROYED:
        raise Refused("voice and words of this answer are destroyed: there is nothing to review", code="review-gone")
    if answer.state is not AnswerState.DONE and not answer.text:
        raise Refused("the words of this answer are still being made: wait a moment", code="review-early")
    return answer


def _text(answer: Answer, known: Sequence[ReviewEntry], span: Span, wanted: _Wanted) -> str:
    """Return the text of an entry. Who accepts, accepts what is shown. Raises: Refused for a range that is none."""
    if not is_range(original_words(answer), span):
        raise Refused("the answer has no such words: read the case again", code="review-range")
    pieces = pieces_of(answer, known)
    if wanted.kind is not ReviewKind.UNDONE and cuts(pieces, span):
        raise Refused("a correction covers a part of these words: take all of its words", code="review-cut")
    return plain(within(pieces, span)) if wanted.kind is ReviewKind.ACCEPTED else wanted.text


def _is_repeated(known: Sequence[ReviewEntry], entry: ReviewEntry, seen: int | None) -> bool:
    """Tell whether the same reviewer did the same since the page was read, or took the entry back before."""
    if entry.undoes is not None and any(is_undone(each, known) for each in known if each.number == entry.undoes):
        return True
    same = (entry.kind, entry.span, entry.text, entry.by)
    done = [each for each in _since(known, seen) if not is_undone(each, known)]
    return any((each.kind, each.span, each.text, each.by) == same for each in done)


def _refuse_if_reviewed(known: Sequence[ReviewEntry], entry: ReviewEntry, seen: int | None) -> None:
    if any(each.span.touches(entry.span) for each in _since(known, seen)):
        raise Refused(
            "these words were reviewed since you opened the page, so nothing was changed: look at what stands there "
            "now, then decide",
            code="review-changed",
        )


def _refuse_without_effect(answer: Answer, known: Sequence[ReviewEntry], entry: ReviewEntry) -> None:
    pieces = within(pieces_of(answer, known), entry.span)
    if entry.kind is ReviewKind.CORRECTED and plain(pieces) == entry.text:
        raise Refused("that is what stands there: accept it instead", code="review-same")
    if entry.kind is ReviewKind.ACCEPTED and not pieces:
        raise Refused("there are no words to accept: write down what you heard", code="review-range")


def _since(known: Sequence[ReviewEntry], seen: int | None) -> Sequence[ReviewEntry]:
    return () if seen is None else known[seen:]
