"""`voicebot figures` tells how promises are kept, for people, for spreadsheets and for programs.

Knows: the terminal, the figures. Must not know: how they are counted.
"""

from collections.abc import Iterator

import click
from rich.console import Console
from rich.table import Table

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.terminal import json_text, shown
from voicebot.config import read_settings
from voicebot.domain.ticket import NotComplaint
from voicebot.service.ports import GroupBy
from voicebot.service.ports.ending_figures import CLOSINGS
from voicebot.service.queries.figures import (
    WEEKS,
    FiguresView,
    NamedLine,
    csv_text,
    exported,
    exported_loads,
    said_count,
    said_share,
    said_time,
    view_figures,
)

_BY = click.Choice([by.value for by in GroupBy if by is not GroupBy.ALL])


@click.command()
@click.option("--weeks", type=int, default=WEEKS, show_default=True, help="How many weeks, the running one with them.")
@click.option("--by", "by", type=_BY, default=GroupBy.WEEK.value, show_default=True, help="What to tell apart.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON: shares from 0 to 1, times in seconds.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV: the same columns.")
def figures(weeks: int, by: str, as_json: bool, as_csv: bool) -> None:
    """Show how promises were kept in the last weeks."""
    settings = read_settings()
    check_database(settings)
    view = view_figures(build_hotline(settings), weeks=weeks, by=GroupBy(by))
    if as_json:
        click.echo(json_text({"figures": exported(view), "steps": dict(view.steps), "load": exported_loads(view)}))
    elif as_csv:
        click.echo(csv_text(exported(view)), nl=False)
    elif view.is_empty:
        click.echo("Nothing has happened yet in these weeks. Figures appear with the first case.")
    else:
        for table in _tables(view):
            Console().print(table)


def _tables(view: FiguresView) -> Iterator[Table]:
    named = (*view.lines, NamedLine(name="in all", figures=view.total, endings=view.total_endings))
    yield _promise_table(named, zone=view.zone)
    yield _case_table(named)
    yield _effort_table(named)
    yield _ending_table(named)
    steps = Table("Step reached", "Misses", title="Misses by the step that the ladder reached")
    for step, count in view.steps.items():
        steps.add_row(step.replace("_", " "), str(count))
    loads = Table("Owner", "Open", "Call promised", "Missed", "Hand-offs", title="What lies with whom now")
    for load in view.loads:
        counts = (load.open_cases, load.promised, load.missed, load.hand_offs)
        loads.add_row(shown(load.owner), *map(str, counts))
    yield from (table for table in (steps, loads) if table.row_count)


def _promise_table(named: tuple[NamedLine, ...], *, zone: str) -> Table:
    headings = ("", "Kept", "Missed", "Kept rate", "Called late", "Attested", "Moved", "Moved by us", "Median offered")
    table = Table(*headings, title=f"Promised calls ({zone})")
    for each in named:
        line = each.figures
        table.add_row(
            shown(each.name),
            str(line.kept),
            str(line.missed),
            said_share(line.kept_rate),
            str(line.kept_late),
            said_share(line.attested_share),
            str(line.moved),
            said_share(line.moved_by_us_share),
            said_time(line.offered_s),
        )
    return table


def _case_table(named: tuple[NamedLine, ...]) -> Table:
    headings = ("", "Cases", "In an hour", "To contact", "To decision", "Given up", "Calls", "Abandoned")
    table = Table(*headings, title="Cases and calls (medians)")
    for each in named:
        line = each.figures
        table.add_row(
            shown(each.name),
            str(line.cases),
            said_share(line.golden_share),
            said_time(line.contact_s),
            said_time(line.decision_s),
            str(line.given_up),
            str(line.calls),
            said_share(line.abandoned_share),
        )
    return table


def _effort_table(named: tuple[NamedLine, ...]) -> Table:
    headings = ("", "Cases", "Calls and texts", "On the line", "Waited", "Wait of these")
    table = Table(*headings, title="What a case costs its complainant (medians)")
    for each in named:
        line = each.figures
        table.add_row(
            shown(each.name),
            str(line.cases),
            said_count(line.contacts),
            said_time(line.on_line_s),
            str(line.waited),
            said_time(line.waited_s),
        )
    return table


def _ending_table(named: tuple[NamedLine, ...]) -> Table:
    ends = (*CLOSINGS, *NotComplaint)
    headings = (end.value.replace("_", " ") for end in ends)
    table = Table("", "Closed", "Solved", *headings, title="How cases ended (solved: by their own word)")
    for each in named:
        counts = (str(getattr(each.endings, end.value)) for end in ends)
        table.add_row(shown(each.name), str(each.endings.closed), said_share(each.endings.solved_share), *counts)
    return table
