"""What staff find by the one box, with where it was found and the moment at which it was said.

Read only. The index says which cases, and their words are then read for the page asked for alone.
Knows: questions, pieces of a case. Must not know: tables, pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.domain.case_number import written
from voicebot.domain.search_question import SearchQuestion, Wanted, read_question
from voicebot.domain.snippet import Snippet, first_word, number_snippet, snippet_of
from voicebot.domain.utterance import WORDS, Word
from voicebot.service.hotline import Hotline
from voicebot.service.ports import FoundCase, Piece, PieceKind, UnitOfWork
from voicebot.service.staff.members import member_name

PER_PAGE = 20
SHOWN_OF_A_CASE = 2
"""Pieces that a hit shows."""


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
        names = {owner: member_name(work, policy, owner) for owner in {each.owner_id for each in found}}
        called = work.fields.names([each.ticket_id for each in found])
        cases = tuple(
            CaseHit(
                found=each,
                owner=names[each.owner_id],
                name=called.get(each.ticket_id, ""),
                hits=_hits(work, each.ticket_id, question),
            )
            for each in found[:PER_PAGE]
        )
    number = "" if known is None else written(known.case_number)
    return SearchPage(question=question, case=number, cases=cases, has_more=len(found) > PER_PAGE)


def _hits(work: UnitOfWork, ticket_id: str, question: SearchQuestion) -> tuple[Hit, ...]:
    """Return the pieces that hold most of the words, each text once.

    Of pieces that hold as many, the first in the order of the kinds leads.
    """
    wanted = question.words()
    pieces = {piece.text: piece for piece in reversed(work.search.pieces(ticket_id))}
    shown = [(piece, _snippet(piece, wanted)) for piece in reversed(pieces.values())]
    best = sorted((each for each in shown if each[1].met), key=lambda each: -each[1].met)[:SHOWN_OF_A_CASE]
    return tuple(Hit(piece=piece, snippet=snippet, starts_s=_starts_s(work, piece, wanted)) for piece, snippet in best)


def _snippet(piece: Piece, wanted: Sequence[Wanted]) -> Snippet:
    if piece.kind is PieceKind.NUMBER:
        return number_snippet(piece.text, wanted)
    return snippet_of(written(piece.text) if piece.kind is PieceKind.CASE else piece.text, wanted)


def _starts_s(work: UnitOfWork, piece: Piece, wanted: Sequence[Wanted]) -> float | None:
    answer = work.tickets.answer(piece.id) if piece.kind in (PieceKind.SAID, PieceKind.CORRECTED) else None
    if answer is None or answer.audio_key is None:
        return None
    words = WORDS.validate_json(answer.words_json)
    place = _corrected(work, piece) if piece.kind is PieceKind.CORRECTED else _spoken(words, wanted)
    return None if place is None or place >= len(words) else words[place].start_s


def _spoken(words: Sequence[Word], wanted: Sequence[Wanted]) -> int | None:
    return first_word([word.text for word in words], wanted)


def _corrected(work: UnitOfWork, piece: Piece) -> int | None:
    entries = work.reviews.of_answer(piece.id)
    return next((each.first for each in entries if each.text == piece.text and each.at == piece.at), None)
