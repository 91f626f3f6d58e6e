"""`voicebot twilio` sets our number at Twilio to our addresses and back, and compares Twilio's books against ours.

The operator's own numbers are shown on the operator's own terminal, and go into no log and no error.
Knows: the terminal, use cases. Must not know: Twilio's API, what a setting means.
"""

from datetime import datetime
from urllib.parse import urlsplit

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from voicebot.bootstrap import build_hotline, check_account
from voicebot.config import Settings, read_settings
from voicebot.domain.instants import exact_instant
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CarrierNumber
from voicebot.service.upkeep.number_setup import (
    ConnectRequest,
    Difference,
    Plan,
    apply_plan,
    find_own_number,
    plan_connection,
    plan_undoing,
)
from voicebot.service.upkeep.reconcile import MOST_DAYS_ASKED, Books
from voicebot.service.upkeep.reconcile import reconcile as reconcile_books


@click.group()
def twilio() -> None:
    """Connect the number at Twilio, and compare Twilio's books with ours."""


@twilio.command()
@click.option("--undo", is_flag=True, help="Put back what the last connecting replaced.")
@click.option("--dry-run", is_flag=True, help="Show the difference and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--detach", is_flag=True, help="Clear a trunk or application that makes Twilio ignore the addresses.")
@click.option(
    "--fallback-url", default="", help="A copy elsewhere that answers calls when this host cannot; later runs keep it."
)
def connect(*, undo: bool, dry_run: bool, yes: bool, detach: bool, fallback_url: str) -> None:
    """Set the hotline's number to this hotline's addresses, while what was there before is kept."""
    settings = read_settings()
    check_account(settings)
    hotline = build_hotline(settings)
    number = _own_number(hotline)
    if undo:
        plan = plan_undoing(hotline, number)
    else:
        plan = plan_connection(hotline, number, ConnectRequest(fallback_url=fallback_url, may_detach=detach))
    _show(plan, settings)
    if dry_run or not _agreed(plan, yes=yes):
        click.echo("Nothing was changed.")
        return
    if plan.differences or undo:
        apply_plan(hotline, plan)
    click.echo(_done(plan))
    for hint in _hints(plan, settings):
        click.echo(hint)


@twilio.command()
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS_ASKED),
    help="Look so many days back; default: since the last run, at most 3. Older ones get a case and a text too.",
)
def reconcile(days: int | None) -> None:
    """Give every call and text that never reached us its case, and bring recordings left at Twilio home."""
    settings = read_settings()
    check_account(settings)
    hotline = build_hotline(settings)
    books = reconcile_books(hotline, days=days)
    zone = hotline.flows.current_policy().calendar.zone
    for line in book_lines(books, zone):
        click.echo(line)


def book_lines(books: Books, zone: str) -> tuple[str, ...]:
    """Say what one run found and did, zeros left out where they would tell nothing."""
    return (
        *_call_lines(books, books.since, zone),
        _listed(
            f"{books.texts.seen} texts seen",
            (books.texts.taken_up, "taken up that never reached us"),
        ),
        _listed(
            f"{books.recordings_seen} recordings seen",
            (books.recordings_stored, "stored"),
            (books.recordings_deleted, "deleted there"),
            (books.recordings_foreign, "of other calls left alone"),
            (books.recordings_left, "still there: not ready, or it failed; the next run looks again"),
        ),
    )


def _call_lines(books: Books, since: datetime, zone: str) -> tuple[str, ...]:
    if not books.is_connected:
        return (
            "Calls were not looked at: the number's calls do not come to VOICEBOT_PUBLIC_URL. "
            "Run `voicebot twilio connect` first.",
        )
    return (
        _listed(
            f"{books.calls_seen} calls seen since {exact_instant(since, zone)}",
            (books.cases_opened, "got a case"),
            (books.calls_joined, "joined an open case"),
            (books.calls_ended, "had ended unnoticed"),
            (books.calls_going_on, "still going on"),
        ),
    )


def _listed(first: str, *parts: tuple[int, str]) -> str:
    told = [f"{count} {what}" for count, what in parts if count]
    return ", ".join((first, *(told or ["nothing to do"]))) + "."


# --- connecting --------------------------------------------------------------------------------------------


def _own_number(hotline: Hotline) -> CarrierNumber:
    number = find_own_number(hotline)
    if number is not None:
        return number
    others = hotline.numbers.all()
    click.echo("The account has these numbers:" if others else "The account has no number.")
    for other in others:
        click.echo(f"  {other.number}")
    raise Refused(
        "looking up the number: TWILIO_PHONE_NUMBER is none of the account's; set it to one of them, "
        "or TWILIO_ACCOUNT_SID to the account that has it",
        code="number-unknown",
    )


def _show(plan: Plan, settings: Settings) -> None:
    if not plan.differences:
        return
    table = Table(
        Column("Setting"),
        Column("Now at Twilio", overflow="fold"),
        Column("Will be", overflow="fold"),
        title=f"{plan.number.number} at {urlsplit(settings.twilio_api_url).netloc or 'Twilio'}",
        show_lines=True,
    )
    for each in plan.differences:
        table.add_row(_named(each), escape(each.now) or "(not set)", escape(each.will_be) or "(not set)")
    Console().print(table)


def _named(difference: Difference) -> str:
    return f"{difference.setting}\n(messaging service)" if difference.group_sid else difference.setting


def _agreed(plan: Plan, *, yes: bool) -> bool:
    if not plan.differences or yes:
        return True
    try:
        return click.confirm(f"Change {_settings_of(plan)} now?", default=False)
    except click.Abort:
        click.echo("\nNobody answered; --yes does not ask.")
        return False


def _settings_of(plan: Plan) -> str:
    count = len(plan.differences)
    return "1 setting" if count == 1 else f"{count} settings"


def _done(plan: Plan) -> str:
    if plan.undoes is not None:
        return f"Put back: {_settings_of(plan)}." if plan.differences else "Already as it was before connecting."
    if not plan.differences:
        return "Already connected: nothing to change."
    return f"Connected: {_settings_of(plan)} changed and read back. `voicebot twilio connect --undo` puts them back."


def _hints(plan: Plan, settings: Settings) -> tuple[str, ...]:
    """Return what would make a connected number safer."""
    if plan.undoes is not None:
        return ()
    hints = []
    if not plan.number.takes_texts:
        hints.append("This number takes no texts: callers get no confirmation. A number with SMS would.")
    changed = {each.setting: each.will_be for each in plan.differences}
    fallback = changed.get("voice_fallback_url", plan.number.settings.get("voice_fallback_url", ""))
    if urlsplit(fallback).hostname == urlsplit(settings.public_url).hostname:
        hints.append(
            "The fallback lies on the same host: while that host is down, callers hear Twilio's error. "
            "--fallback-url names a copy elsewhere."
        )
    return tuple(hints)
