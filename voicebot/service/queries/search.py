"""What staff find by the one box, with where it was found and the moment at which it was said.

Read only. The index says which cases, and their words are then read for the page asked for alone.
Knows: questions, pieces of a case. Must not know: tables, pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from voicebot.domain.case_number import written
from voicebot.domain.review import ReviewEntry
from voicebot.domain.search_question import SearchQuestion, Wanted, read_question
from voicebot.domain.snippet import Snippet, first_word, number_snippet, snippet_of
from voicebot.domain.utterance import WORDS
from voicebot.service.hotline import Hotline
from voicebot.service.ports import FoundCase, Piece, PieceKind, UnitOfWork
from voicebot.service.staff.members import member_names

PER_PAGE = 20
SHOWN_OF_A_CASE = 2
"""Pieces that a hit shows."""
_OF_ANSWERS = (PieceKind.SAID, PieceKind.CORRECTED)
"""Their id is an answer's, and they may be heard."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One piece in which something was found."""

    piece: Piece
    snippet: Snippet
    starts_s: float | None = None
    """Where in the voice of the answer the first such word is said. None when none was spoken, or no voice is kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseHit:
    """One case that was found."""

    found: FoundCase
    owner: str
    name: str
    """What the complainant is called, empty when nobody wrote it down."""
    hits: tuple[Hit, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage:
    """A page of what was found."""

    question: SearchQuestion
    case: str = ""
    """The case that was asked for by its whole number, as people write it. Empty when there is none of that number."""
    cases: tuple[CaseHit, ...] = ()
    has_more: bool = False


def find_cases(hotline: Hotline, typed: str, *, page: int = 1) -> SearchPage:
    """Return what is found by what somebody typed. `page` counts from 1."""
    question = read_question(typed)
    with hotline.look() as work:
        known = work.tickets.by_case_number(question.case_number) if question.case_number else None
        found = work.search.search(question.terms, limit=PER_PAGE + 1, offset=(page - 1) * PER_PAGE)
        policy = hotline.flows.current_policy()
        names = member_names(work, policy, {each.owner_id for each in found})
        called = work.fields.names([each.ticket_id for each in found])
        hits = _hits(work, [each.ticket_id for each in found[:PER_PAGE]], question.words())
    cases = tuple(
        CaseHit(
            found=each,
            owner=names[each.owner_id],
            name=called.get(each.ticket_id, ""),
            hits=hits[each.ticket_id],
        )
        for each in found[:PER_PAGE]
    )
    number = "" if known is None else written(known.case_number)
    return SearchPage(question=question, case=number, cases=cases, has_more=len(found) > PER_PAGE)


def _hits(work: UnitOfWork, ticket_ids: Sequence[str], wanted: Sequence[Wanted]) -> Mapping[str, tuple[Hit, ...]]:
    """Return what is shown of each case, with the moments at which it is said, by one read of each kind of row."""
    pieces = work.search.pieces(ticket_ids) if ticket_ids else {}
    shown = {ticket_id: _best(of_case, wanted) for ticket_id, of_case in pieces.items()}
    spoken = [hit.piece for hits in shown.values() for hit in hits if hit.piece.kind in _OF_ANSWERS]
    starts = _starts(work, spoken, wanted) if spoken else {}
    return {
        ticket_id: tuple(replace(hit, starts_s=starts.get(hit.piece)) for hit in hits)
        for ticket_id, hits in shown.items()
    }


def _best(pieces: Sequence[Piece], wanted: Sequence[Wanted]) -> Sequence[Hit]:
    """Return the pieces of a case that hold most of the words, each text once.

    Of pieces that hold as many, the first in the order of the kinds leads.
    """
    once = {piece.text: piece for piece in reversed(pieces)}
    hits = (Hit(piece=piece, snippet=_snippet(piece, wanted)) for piece in reversed(once.values()))
    return sorted((hit for hit in hits if hit.snippet.met), key=lambda hit: -hit.snippet.met)[:SHOWN_OF_A_CASE]


def _snippet(piece: Piece, wanted: Sequence[Wanted]) -> Snippet:
    if piece.kind is PieceKind.NUMBER:
        return number_snippet(piece.text, wanted)
    return snippet_of(written(piece.text) if piece.kind is PieceKind.CASE else piece.text, wanted)


def _starts(work: UnitOfWork, spoken: Sequence[Piece], wanted: Sequence[Wanted]) -> Mapping[Piece, float]:
    """Return where in the voices of their answers these pieces stand, as far as the voices are kept."""
    answers = work.tickets.answers_by_id({piece.id for piece in spoken})
    corrected = {piece.id for piece in spoken if piece.kind is PieceKind.CORRECTED}
    entries = work.reviews.of_answers(corrected) if corrected else ()
    starts = {}
    for piece in spoken:
        answer = answers.get(piece.id)
        words = () if answer is None or answer.audio_key is None else WORDS.validate_json(answer.words_json)
        is_corrected = piece.kind is PieceKind.CORRECTED
        place = _corrected(entries, piece) if is_corrected else first_word([word.text for word in words], wanted)
        if place is not None and place < len(words):
            starts[piece] = words[place].start_s
    return starts


def _corrected(entries: Iterable[ReviewEntry], piece: Piece) -> int | None:
    of_answer = (each for each in entries if each.answer_id == piece.id)
    return next((each.first for each in of_answer if each.text == piece.text and each.at == piece.at), None)
