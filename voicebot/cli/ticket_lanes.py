"""The lanes of Today on the terminal, in the order and the words of the page.

Knows: tables of rich, what there is to do. Must not know: how a row is worded, where rows come from.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Column, Table
from rich.text import Text

from voicebot.cli.terminal import shown
from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants
from voicebot.service.ports import Lane, LaneCase
from voicebot.service.queries.today import LaneView, Today
from voicebot.service.wording.lanes import (
    LANES,
    count_said,
    for_whom_said,
    gist_of,
    kept_said,
    on_line_said,
    row_clock,
    tags_of,
    times_said,
    tries_said,
)
from voicebot.service.wording.names import away_said, here_said, who_said


def lane_pages(today: Today, *, member_id: str) -> Iterator[RenderableType]:
    """Yield the counts, then each lane that has cases."""
    if today.is_first:
        yield Text("No cases yet. They appear here the moment somebody calls or texts the hotline.")
        return
    counts = ", ".join(f"{count_said(view.count, is_more=view.is_more)} {LANES[view.lane][0]}" for view in today.lanes)
    more = ", ".join(filter(None, (on_line_said(today.on_line), kept_said(today.kept, today.promised))))
    yield Text(f"{counts}; {more}. Times are {today.zone}.")
    instants = Instants(zone=today.zone, now=today.now)
    for view in today.lanes:
        if view.rows:
            yield _lane(view, today, instants, member_id=member_id)
    yield Text("All cases, also those that wait for nobody: voicebot tickets --all")


def _lane(view: LaneView, today: Today, instants: Instants, *, member_id: str) -> Table:
    title = f"{LANES[view.lane][0]} {count_said(view.count, is_more=view.is_more)}"
    whole = (Column(name, no_wrap=True) for name in ("Case", "Left"))
    table = Table(*whole, "Window", "Who", "What is wanted", "Owner", "To know", title=title, title_justify="left")
    for row in view.rows:
        table.add_row(*_cells(view.lane, row, today, instants, member_id=member_id))
    return table


def _cells(lane: Lane, row: LaneCase, today: Today, instants: Instants, *, member_id: str) -> tuple[str, ...]:
    clock, name = row_clock(lane, row, instants), today.names.get(row.owner_id, row.owner_id)
    who = who_said(today.called.get(row.ticket_id, ""), row.number_end)
    away = away_said(today.away.get(row.owner_id), instants)
    owner = "you" if row.owner_id == member_id else ", ".join(filter(None, (name, away)))
    kind = today.kinds.get(row.flags.category, "")
    for_whom = for_whom_said(row, today.names, today.away, instants)
    known = (for_whom, here_said(row.here), kind, tries_said(row.tries), *tags_of(lane, row))
    cells = (
        written(row.case_number),
        clock.left,
        clock.window,
        f"{who} {times_said(row)}".rstrip(),
        gist_of(row) or "Nothing in words.",
        owner,
        ", ".join(filter(None, known)),
    )
    return tuple(shown(cell) for cell in cells)
