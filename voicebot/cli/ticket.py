"""`voicebot tickets` shows what there is to do lane by lane, all cases by next deadline, one case whole.

A call is logged in ticket_call.py. Decisions about a case stand in ticket_steps.py, its words in ticket_review.py.
Knows: the terminal, use cases. Must not know: tables, the ladder.
"""

from dataclasses import asdict
from datetime import datetime

import click
from rich.console import Console, RenderableType
from rich.table import Column, Table
from rich.text import Text

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import json_text, shown
from voicebot.cli.ticket_adjust import adjust_commands
from voicebot.cli.ticket_call import called_command
from voicebot.cli.ticket_fields import fields_commands
from voicebot.cli.ticket_find import find_command
from voicebot.cli.ticket_lanes import lane_pages
from voicebot.cli.ticket_lead import lead_commands
from voicebot.cli.ticket_original import original_commands
from voicebot.cli.ticket_page import called_again, case_page
from voicebot.cli.ticket_review import review_commands
from voicebot.cli.ticket_steps import add_steps
from voicebot.config import read_settings
from voicebot.domain.access import AccessKind, Seen
from voicebot.domain.instants import exact_instant
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CaseLine, CaseQuery
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_list import list_cases
from voicebot.service.queries.case_view import view_case
from voicebot.service.queries.today import TodayAsk, view_today
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.wording.names import worded
from voicebot.service.wording.policy import due_said

JSON_COLUMNS = (
    *("case", "status", "channel", "locale", "owner", "owner_id", "opened_at", "problem", "deadline", "deadline_at"),
    *("window_opens_at", "is_missed", "told_at", "called_at", "is_supervisor_asked", "is_listen_first", "misses"),
    *("repeats", "category"),
)
"""What scripts read of a line, with names that stay."""


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON, instants in UTC.")
@click.option("--all", "is_all", is_flag=True, help="Every case by its next deadline, also those that wait for nobody.")
@click.option("--mine", is_flag=True, help="Of the lanes, only cases of yours (your login).")
@click.option("--category", help='Only cases of this kind of complaint (its id); "" for those without one.')
@click.pass_context
def tickets(context: click.Context, *, as_json: bool, is_all: bool, mine: bool, category: str | None) -> None:
    """Show what there is to do, lane by lane as on Today, or, with a command, work on one case."""
    if context.invoked_subcommand is not None:
        return
    hotline = _hotline()
    if not (as_json or is_all or category is not None):
        ask = TodayAsk(member_id=login_name(), is_mine_only=mine)
        for part in lane_pages(view_today(hotline, ask), member_id=ask.member_id):
            _print(part)
        return
    lines = list_cases(hotline, CaseQuery(category=category)).lines
    if as_json:
        click.echo(json_text([{name: getattr(line, name) for name in JSON_COLUMNS} for line in lines]))
        return
    if not lines and category is not None:
        click.echo("No case is of this kind of complaint.")
        return
    _print(_list_page(lines, hotline.flows.current_policy().calendar.zone))


@tickets.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Print the case as JSON, instants in UTC.")
def show(case: str, as_json: bool) -> None:
    """Show everything about CASE, with owner, promise and clock, answers, texts, steps, history."""
    hotline = _hotline()
    view = view_case(hotline, case)
    keep_access(hotline, Seen(case=case, at=hotline.clock.now(), staff_id=login_name(), kind=AccessKind.TERMINAL))
    if as_json:
        click.echo(json_text(asdict(view)))
        return
    for part in case_page(view, now=hotline.clock.now()):
        _print(part)


@tickets.command(name="acknowledge")
@click.argument("case")
@click.option("--by", "actor", default=login_name, help="Who has seen it (staff id); default: your login.")
def acknowledge_command(case: str, actor: str) -> None:
    """Say that somebody has seen CASE. Then the climb rests for the policy's time and goes on."""
    acknowledge(_hotline(), case, actor=actor)
    click.echo("Acknowledged. The climb rests for a while; only a logged call ends it.")


def _hotline() -> Hotline:
    settings = read_settings()
    check_database(settings)
    return seen_by(build_hotline(settings), login_name)


add_steps(tickets, _hotline)
tickets.add_command(called_command(_hotline))
tickets.add_command(find_command(_hotline))
for each in (
    *original_commands(_hotline),
    *adjust_commands(_hotline),
    *fields_commands(_hotline),
    *lead_commands(_hotline),
):
    tickets.add_command(each)
for command in review_commands(_hotline):
    tickets.add_command(command)


def _print(part: RenderableType) -> None:
    Console().print(part)


def _list_page(lines: tuple[CaseLine, ...], zone: str) -> RenderableType:
    if not lines:
        return Text("No cases yet. They appear here the moment somebody calls or texts the hotline.")
    headings = ("Status", "Owner", "Due next", "By", "Next date", "Somebody is told", "Misses")
    table = Table(Column("Case", no_wrap=True), *headings, title=f"Cases by next deadline ({zone})")
    for line in lines:
        by, told = _when(line.deadline_at, zone), _when(line.told_at, zone)
        date = _date(line, zone)
        table.add_row(line.case, worded(line.status), shown(line.owner), _owed(line), by, date, told, str(line.misses))
    return table


def _owed(line: CaseLine) -> str:
    owed = due_said(line.deadline) if line.deadline else "nothing"
    marks = (
        line.kind,
        "listen first" if line.is_listen_first else "",
        called_again(line.repeats) if line.repeats else "",
    )
    said = ", ".join(mark for mark in marks if mark)
    return f"{owed} ({said})" if said else owed


def _date(line: CaseLine, zone: str) -> str:
    date = line.next_date
    return "" if date is None else f"{date.kind} {exact_instant(date.at, zone)}"


def _when(at: datetime | None, zone: str) -> str:
    return "" if at is None else exact_instant(at, zone)
