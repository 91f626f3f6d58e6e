"""What other programs may read: cases, one case, calls.

Knows: queries of the console, shapes. Must not know: tables, how a request is checked.
"""

from flask import Flask

from voicebot.domain.case_number import written
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CallQuery, CaseQuery
from voicebot.service.queries.call_list import calls_from
from voicebot.service.queries.case_list import cases_from
from voicebot.service.queries.case_view import view_case
from voicebot.web.api.call_shapes import CallsPage, call_shape
from voicebot.web.api.case_shapes import CaseShape, CasesPage, case_listed, case_shape
from voicebot.web.api.cursor import cursor_of
from voicebot.web.api.door import asking_token
from voicebot.web.api.operations import Operation
from voicebot.web.api.queries import CallsQuery, CasesQuery
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
    )


class Reading:
    """Views that change nothing but the book of who saw which case."""

    def __init__(self, hotline: Hotline, app: Flask) -> None:
        self._hotline = hotline
        self._app = app

    def cases(self, query: CasesQuery) -> CasesPage:
        """List cases, the one that was opened first first."""
        asked = CaseQuery(
            is_open=query.state == "open",
            owner_id=query.owner,
            status=query.status,
            category=query.category,
            stretch=query.stretch(query.opened_from, query.opened_until),
        )
        lines = cases_from(self._hotline, asked)
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
        stretch = query.stretch(query.started_from, query.started_until)
        found = calls_from(self._hotline, CallQuery(stretch=stretch, status=query.status))
        place = cursor_of((found[-1][0].started_at, found[-1][0].id)) if len(found) == query.limit else None
        return CallsPage(items=[call_shape(call, case) for call, case in found], next=place)
