"""Lists of cases and of calls as sheets, read stretch by stretch, so that the longest takes no more memory than the
shortest, and no transaction lasts as long as somebody reads.

That a sheet was taken along is kept before its first line leaves.
Knows: lines of the lists, what a cell holds. Must not know: files, pages.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from voicebot.domain.access import Export
from voicebot.domain.call import Call
from voicebot.domain.sheet import Cell, number_end_cell, sheet_lines
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.ports import CallQuery, CaseLine, CaseQuery, Stretch
from voicebot.service.queries.call_list import calls_from
from voicebot.service.queries.case_list import cases_from

AT_ONCE = 500
"""Rows that are read at once."""
MOST_ASKED = 200
"""Characters of what a list was narrowed by that are kept."""
WHOLE = Stretch(limit=AT_ONCE)
_END_DIGITS = 4


class SheetKind(StrEnum):
    """What a sheet lists."""

    CASES = "cases"
    CALLS = "calls"


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetAsk:
    """Who wants which sheet."""

    by: str
    """StaffMember.id, or who is at the terminal."""
    asked: str = ""
    """By what it is narrowed, as the entry says it."""
    has_bom: bool = True


CASE_COLUMNS: dict[str, Callable[[CaseLine], Cell]] = {
    "case": lambda line: line.case,
    "status": lambda line: line.status,
    "category": lambda line: line.category,
    "channel": lambda line: line.channel,
    "language": lambda line: line.locale,
    "opened_at": lambda line: line.opened_at,
    "owner_id": lambda line: line.owner_id,
    "owner": lambda line: line.owner,
    "name": lambda line: line.name,
    "number_end": lambda line: number_end_cell(line.number_end),
    "excerpt": lambda line: line.problem,
    "call_target": lambda line: line.target,
    "call_opens_at": lambda line: line.window_opens_at,
    "call_closes_at": lambda line: line.window_closes_at,
    "missed_at": lambda line: line.missed_at,
    "misses": lambda line: line.misses,
    "last_kept_at": lambda line: line.called_at,
    "repeats": lambda line: line.repeats,
    "decision_due_at": lambda line: line.decide_by,
}
CALL_COLUMNS: dict[str, Callable[[tuple[Call, str]], Cell]] = {
    "call": lambda row: row[0].id,
    "case": lambda row: row[1],
    "status": lambda row: row[0].status,
    "started_at": lambda row: row[0].started_at,
    "ended_at": lambda row: row[0].ended_at,
    "end": lambda row: row[0].end,
    "way": lambda row: row[0].way,
    "language": lambda row: row[0].locale,
    "number_end": lambda row: number_end_cell((row[0].caller_number or "")[-_END_DIGITS:]),
}


def case_sheet(hotline: Hotline, query: CaseQuery, ask: SheetAsk) -> Iterator[str]:
    """Return the cases of a list as lines of CSV, the one that was opened first first."""
    _keep(hotline, SheetKind.CASES, ask)
    rows = ([cell(line) for cell in CASE_COLUMNS.values()] for line in _cases(hotline, query))
    return sheet_lines(tuple(CASE_COLUMNS), rows, has_bom=ask.has_bom)


def call_sheet(hotline: Hotline, query: CallQuery, ask: SheetAsk) -> Iterator[str]:
    """Return calls as lines of CSV, the one that began first first."""
    _keep(hotline, SheetKind.CALLS, ask)
    rows = ([cell(row) for cell in CALL_COLUMNS.values()] for row in _calls(hotline, query))
    return sheet_lines(tuple(CALL_COLUMNS), rows, has_bom=ask.has_bom)


def exports(hotline: Hotline) -> Sequence[Export]:
    """Return who took which sheet along, oldest first."""
    with hotline.look() as work:
        return tuple(work.accesses.exports())


def _keep(hotline: Hotline, kind: SheetKind, ask: SheetAsk) -> None:
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        work.accesses.add_export(Export(at=now, staff_id=ask.by, what=kind.value, asked=ask.asked[:MOST_ASKED]))
        work.commit()


def _cases(hotline: Hotline, query: CaseQuery) -> Iterator[CaseLine]:
    stretch = query.stretch or WHOLE
    while lines := cases_from(hotline, replace(query, stretch=stretch)):
        yield from lines
        stretch = replace(stretch, after=(lines[-1].opened_at, lines[-1].ticket_id))


def _calls(hotline: Hotline, query: CallQuery) -> Iterator[tuple[Call, str]]:
    stretch = query.stretch
    while rows := calls_from(hotline, replace(query, stretch=stretch)):
        yield from rows
        stretch = replace(stretch, after=(rows[-1][0].started_at, rows[-1][0].id))
