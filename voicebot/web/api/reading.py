"""What other programs may read: cases, one case, calls.

Knows: queries of the console, shapes. Must not know: tables, how a request is checked.
"""

from collections.abc import Callable, Iterator

from flask import Flask

from voicebot.domain.case_number import written
from voicebot.domain.permission import Permission
from voicebot.service.hotline import Hotline
from voicebot.service.queries.call_list import calls_from
from voicebot.service.queries.case_list import cases_from
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.sheets import WHOLE, SheetAsk, call_sheet, case_sheet
from voicebot.web.api.call_shapes import CallsPage, call_shape
from voicebot.web.api.case_shapes import CaseShape, CasesPage, case_listed, case_shape
from voicebot.web.api.cursor import cursor_of
from voicebot.web.api.door import asking_token
from voicebot.web.api.operations import Operation, Shape
from voicebot.web.api.queries import CallSheetQuery, CallsQuery, CaseSheetQuery, CasesQuery, SheetQuery
from voicebot.web.console.access_book import ACCESS_BOOK, AccessBook
from voicebot.web.console.case_routes import instants_of


def reading_operations(hotline: Hotline, app: Flask) -> tuple[Operation, ...]:
    """Return everything that may be read."""
    reading = Reading(hotline, app)
    return (
        Operation(name="cases", method="GET", rule="/cases", view=reading.cases, answer=CasesPage, tag="cases"),
        Operation(
            name="case",
            method="GET",
            rule="/cases/<case>",
            view=reading.case,
            answer=CaseShape,
            tag="cases",
            refusals=(404,),
            is_versioned=True,
        ),
        Operation(name="calls", method="GET", rule="/calls", view=reading.calls, answer=CallsPage, tag="calls"),
        _sheet("case-sheet", "/cases.csv", reading.case_sheet, tag="cases"),
        _sheet("call-sheet", "/calls.csv", reading.call_sheet, tag="calls"),
    )


def _sheet(name: str, rule: str, view: Callable[..., Iterator[str]], *, tag: str) -> Operation:
    return Operation(name=name, method="GET", rule=rule, view=view, answer=None, tag=tag, needed=Permission.TAKE_LISTS)


def _asked(query: Shape) -> str:
    """Return by what a list is narrowed, as the entry of who took it along says it."""
    asked = query.model_dump(exclude_defaults=True, exclude={"bom"}, mode="json")
    return ", ".join(f"{name} {value}" for name, value in asked.items())


class Reading:
    """Views that change nothing but the book of who saw which case."""

    def __init__(self, hotline: Hotline, app: Flask) -> None:
        self._hotline = hotline
        self._app = app

    def cases(self, query: CasesQuery) -> CasesPage:
        """List cases, the one that was opened first first."""
        lines = cases_from(self._hotline, query.query(query.stretch()))
        place = cursor_of((lines[-1].opened_at, lines[-1].ticket_id)) if len(lines) == query.limit else None
        return CasesPage(items=[case_listed(line) for line in lines], next=place)

    def case(self, case: str) -> CaseShape:
        """Read one case with its promises, words, calls and history. That it was read stands on the case."""
        view = view_case(self._hotline, case)
        accesses: AccessBook = self._app.extensions[ACCESS_BOOK]
        accesses.note(written(view.ticket.case_number), actor=asking_token().staff_id, is_person=False)
        return case_shape(view, instants_of(self._hotline))

    def calls(self, query: CallsQuery) -> CallsPage:
        """List calls, the one that began first first, without test calls of the hotline's own."""
        found = calls_from(self._hotline, query.query(query.stretch()))
        place = cursor_of((found[-1][0].started_at, found[-1][0].id)) if len(found) == query.limit else None
        return CallsPage(items=[call_shape(call, case) for call, case in found], next=place)

    def case_sheet(self, query: CaseSheetQuery) -> Iterator[str]:
        """Take cases along as CSV, the one that was opened first first. That they were taken is kept."""
        return case_sheet(self._hotline, query.query(WHOLE), self._sheet_ask(query))

    def call_sheet(self, query: CallSheetQuery) -> Iterator[str]:
        """Take calls along as CSV, the one that began first first. That they were taken is kept."""
        return call_sheet(self._hotline, query.query(WHOLE), self._sheet_ask(query))

    def _sheet_ask(self, query: SheetQuery) -> SheetAsk:
        return SheetAsk(by=asking_token().staff_id, asked=_asked(query), has_bom=query.bom == "yes")
