"""`voicebot retention` tells what goes when its time has come, what would go, holds, and erasing one case on request.

Knows: the terminal, use cases. Must not know: tables, spans.
"""

import json
from dataclasses import asdict
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.config import read_settings
from voicebot.domain.case_number import written
from voicebot.domain.instants import exact_instant
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import ticket_of
from voicebot.service.upkeep.retention import (
    RetentionReport,
    erase_by_hand,
    erase_case,
    erase_due,
    hold_case,
    lift_hold,
)

REASON = click.option("--reason", required=True, help="Who asked for it, and why.")
BY = click.option("--by", "actor", default=login_name, help="Who does it (staff id); default: your login.")


@click.group(invoke_without_command=True)
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON, spans in days.")
@click.pass_context
def retention(context: click.Context, is_dry: bool, as_json: bool) -> None:
    """Let go what was kept for its time (flows/policy/retention.yaml), as the worker does every day.

    Cases in which something is owed, and cases under a hold, are never touched.
    """
    if context.invoked_subcommand is not None:
        return
    hotline = _hotline()
    report = erase_due(hotline, is_dry=True) if is_dry else erase_by_hand(hotline)
    if as_json:
        click.echo(_as_json(report))
        return
    Console().print(_page(report, hotline.flows.current_policy().calendar.zone, is_dry=is_dry))
    click.echo(_last_line(report, is_dry=is_dry))


@retention.command()
@click.argument("case")
@REASON
@BY
def hold(case: str, reason: str, actor: str) -> None:
    """Lay a hold on CASE, so that nothing of it is erased until it is lifted."""
    is_new = hold_case(_hotline(), case, reason=reason, actor=actor)
    click.echo("Held: nothing of this case is erased." if is_new else "A hold lies on this case already.")


@retention.command()
@click.argument("case")
@REASON
@BY
def lift(case: str, reason: str, actor: str) -> None:
    """Lift the hold of CASE, and what is due by then goes with the next run."""
    was_held = lift_hold(_hotline(), case, reason=reason, actor=actor)
    click.echo("Lifted." if was_held else "There was no hold on this case.")


@retention.command()
def holds() -> None:
    """List the cases under a hold, oldest first."""
    hotline = _hotline()
    with hotline.look() as work:
        held = [(written(ticket_of(work, each.ticket_id).case_number), each) for each in work.retention.holds()]
    zone = hotline.flows.current_policy().calendar.zone
    for case, each in held:
        click.echo(f"{case}  since {exact_instant(each.at, zone)}, by {each.actor}: {each.reason}")
    if not held:
        click.echo("No case is under a hold.")


@retention.command()
@click.argument("case")
@REASON
@BY
@click.option("--yes", is_flag=True, help="Do not ask again.")
def erase(case: str, reason: str, actor: str, yes: bool) -> None:
    """Erase voice, words, numbers, texts and traces of CASE now, at somebody's request, while number and counts stay.

    A voice in another machine's data folder is erased by the worker there, and until then it is not complete.
    """
    if not yes:
        click.confirm(f"Erase all that tells of a person in case {case}? This cannot be undone", abort=True)
    waited_for = erase_case(_hotline(), case, reason=reason, actor=actor)
    if waited_for:
        click.echo(
            f"Not complete: {', '.join(waited_for)} may hold a voice of this case and will erase it when the worker "
            "there runs (`voicebot folders`). Run this again to see whether it has."
        )
        return
    click.echo("Erased. Copies in older backups go when those backups are deleted.")


def _hotline() -> Hotline:
    settings = read_settings()
    check_database(settings)
    return build_hotline(settings)


def _page(report: RetentionReport, zone: str, *, is_dry: bool) -> Table:
    table = Table("What", "Kept for", "Cases", "Entries", "Voices", "Quiet since, oldest")
    table.title = "What would go now" if is_dry else "What went"
    for each in report.classes:
        oldest = "" if each.oldest_at is None else exact_instant(each.oldest_at, zone)
        failed = f" ({each.failed} put off)" if each.failed else ""
        voices = str(each.voices) if each.voices else ""
        table.add_row(each.kind, f"{each.keep.days} days", f"{each.cases}{failed}", str(each.rows), voices, oldest)
    return table


def _last_line(report: RetentionReport, *, is_dry: bool) -> str:
    would = "would be " if is_dry else ""
    line = f"{would}marked unanswered: {report.marked_unanswered}; receipts {would}forgotten: {report.ids}".capitalize()
    customers = f"; imported customers: {report.customers}" if report.customers else ""
    held = f"; under a hold: {report.held}" if report.held else ""
    return f"{line}{customers}{held}." + (" Nothing was changed." if is_dry else "")


def _as_json(report: RetentionReport) -> str:
    def plain(value: object) -> str:
        return value.isoformat() if isinstance(value, datetime) else str(value)

    found = asdict(report)
    for each in found["classes"]:
        each["keep_days"] = each.pop("keep").days
    return json.dumps(found, indent=2, default=plain)
