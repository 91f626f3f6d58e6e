"""The page of what was found by the one box in the bar.

Knows: the route, how a hit is worded. Must not know: how words are found.
"""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.access import AccessKind
from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants, clock
from voicebot.domain.permission import Permission
from voicebot.domain.search_question import read_question
from voicebot.service.hotline import Hotline
from voicebot.service.ports import PieceKind
from voicebot.service.queries.search import CaseHit, Hit, SearchPage, find_cases
from voicebot.service.wording.names import worded
from voicebot.web.console.access_book import AccessBook
from voicebot.web.console.case_routes import instants_of
from voicebot.web.console.door import current_member
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded

MOST_PAGES = 50
"""Beyond that nobody looks on. They type one word more."""

_KINDS = {
    PieceKind.FIELD: "written down",
    PieceKind.SAID: "said",
    PieceKind.CORRECTED: "corrected to",
    PieceKind.GIST: "the case",
    PieceKind.NOTE: "note",
    PieceKind.TEXT: "text to them",
    PieceKind.NUMBER: "number",
    PieceKind.CASE: "case number",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownHit:
    """A piece of a case on the page."""

    kind: str
    hit: Hit
    plays_at: str
    """Where in the voice it is said, such as `1:04`. Empty when it cannot be heard."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownCase:
    """A case on the page."""

    case: CaseHit
    status: str
    opened: str
    hits: tuple[ShownHit, ...]


class SearchPages:
    """Routes of the search."""

    def __init__(self, hotline: Hotline, accesses: AccessBook) -> None:
        self._hotline = hotline
        self._accesses = accesses

    def register(self, console: Blueprint) -> None:
        """Add the route."""
        console.add_url_rule("/search", "search", self.search)

    @guarded(Guard.STAFF, Permission.READ_CASES)
    def search(self) -> ResponseReturnValue:
        """Show what is found, or the one case that was asked for by its number."""
        typed, number = request.args.get("q", ""), _page_number()
        if request.headers.get("Sec-Fetch-Site") == "cross-site":
            # Another site that made a browser ask could learn from lengths and times what was found.
            return render_template(
                "console/search.html", found=SearchPage(question=read_question(typed)), is_asked=True
            )
        found = find_cases(self._hotline, typed, page=number)
        if found.case:
            return redirect(url_for("console.case", case=found.case))
        if found.cases:
            read = [each.found.case for each in found.cases]
            self._accesses.note(*read, actor=current_member().id, kind=AccessKind.FOUND)
        instants = instants_of(self._hotline)
        cases = tuple(_shown(case, instants) for case in found.cases)
        return render_template(
            "console/search.html", found=found, cases=cases, number=number, advice=_advice(found), zone=instants.zone
        )


def _shown(case: CaseHit, instants: Instants) -> ShownCase:
    hits = tuple(
        ShownHit(kind=_KINDS[hit.piece.kind], hit=hit, plays_at="" if hit.starts_s is None else clock(hit.starts_s))
        for hit in case.hits
    )
    return ShownCase(
        case=case, status=worded(case.found.status), opened=instants.brief(case.found.opened_at), hits=hits
    )


def _advice(found: SearchPage) -> str:
    """Say what is wrong with a case number, before anybody looks for it elsewhere."""
    question = found.question
    if question.is_mistyped:
        return f"{question.text} is no case number: a digit is wrong, or two are swapped. Have it read out again."
    return f"There is no case {written(question.case_number)}." if question.case_number else ""


def _page_number() -> int:
    return min(MOST_PAGES, max(1, whole_number(request.args.get("page"), most_digits=3) or 1))
