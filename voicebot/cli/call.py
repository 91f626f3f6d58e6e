"""`voicebot calls` tells how each call of a case went, line by line from all parts, and which calls last now.

Knows: the terminal, use cases. Must not know: tables, which rows a line comes from.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from textwrap import wrap

import click

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.config import read_settings
from voicebot.domain.instants import exact_instant
from voicebot.service.call.budget import list_turned_away
from voicebot.service.hotline import Hotline
from voicebot.service.ports import RefusedContact
from voicebot.service.queries.call_timeline import CallLife, CaseLife, view_calls
from voicebot.service.queries.live_calls import LiveCall, list_live_calls
from voicebot.service.queries.turn_timeline import LifeLine
from voicebot.service.staff.readers import seen_by

WIDTH = 120
NO_CALLS = "No call belongs to this case: it came by text."


@click.group()
def calls() -> None:
    """Look into calls. It tells how those of a case went, and which last now."""


@calls.command()
@click.argument("case")
@click.option("--json", "as_json", is_flag=True, help="Print the calls as JSON, instants in UTC.")
def show(case: str, as_json: bool) -> None:
    """Show the life of each call of CASE in order, from all parts, but never a number and never a word."""
    life = view_calls(_hotline(), case)
    if as_json:
        click.echo(_as_json(asdict(life)))
        return
    for line in life_page(life):
        click.echo(line)


@calls.command()
@click.option("--json", "as_json", is_flag=True, help="Print the calls as JSON, instants in UTC.")
def live(as_json: bool) -> None:
    """List the calls that are not over."""
    hotline = _hotline()
    found = list_live_calls(hotline)
    if as_json:
        click.echo(_as_json([asdict(call) for call in found]))
        return
    if not found:
        click.echo("Nobody is on the line.")
    for call in found:
        click.echo(_live_line(call, hotline.clock.now()))


@calls.command("turned-away")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON, instants in UTC.")
def turned_away(as_json: bool) -> None:
    """List who was turned away in the last seven days because a limit of the policy was reached."""
    hotline = _hotline()
    found = list_turned_away(hotline)
    if as_json:
        click.echo(_as_json([asdict(refused) for refused in found]))
        return
    if not found:
        click.echo("Nobody was turned away.")
    zone = hotline.flows.current_policy().calendar.zone
    for refused in found:
        click.echo(_refused_line(refused, zone))


def _hotline() -> Hotline:
    settings = read_settings()
    check_database(settings)
    return seen_by(build_hotline(settings), login_name)


def life_page(life: CaseLife) -> Iterator[str]:
    """Yield the lines of a case's calls, at most `WIDTH` columns wide where a detail can be broken."""
    yield f"Case {life.case}"
    if life.beside:
        yield ""
        yield NO_CALLS if not life.calls else "Before its first call"
        yield from _table([(exact_instant(line.at, life.zone), line) for line in life.beside])
    for number, call in enumerate(life.calls, start=1):
        yield ""
        yield from _head(call, f"Call {number} of {len(life.calls)}", life.zone).splitlines()
        yield from _table([(_since(line.at - call.started_at), line) for line in call.lines])


def _head(call: CallLife, name: str, zone: str) -> str:
    lasted = "lasts" if call.ended_at is None else f"{(call.ended_at - call.started_at).total_seconds():.1f} s"
    parts = (name, exact_instant(call.started_at, zone), f"by {call.way}", lasted, call.end)
    ids = f"call {call.call_id} in the log, {call.carrier_call_id} at the carrier"
    return "  ".join(part for part in parts if part) + f"\n  {_printable(ids)}"


def _table(lines: list[tuple[str, LifeLine]]) -> Iterator[str]:
    when_width = max((len(when) for when, _ in lines), default=0)
    what_width = max((len(line.what) for _, line in lines), default=0)
    for when, line in lines:
        start = f"  {when:>{when_width}}  {line.part:<7}  {_printable(line.what):<{what_width}}  "
        yield from _wrapped(start, _printable(line.detail))


def _wrapped(start: str, detail: str) -> Iterator[str]:
    pieces = wrap(detail, max(WIDTH - len(start), 30)) or [""]
    yield (start + pieces[0]).rstrip()
    yield from (" " * len(start) + piece for piece in pieces[1:])


def _since(passed: timedelta) -> str:
    """Return hours, minutes, seconds and milliseconds, where an event of a machine whose clock is behind is
    negative.
    """
    sign, milliseconds = ("-", -passed) if passed < timedelta(0) else ("+", passed)
    total_ms = round(milliseconds / timedelta(milliseconds=1))
    seconds, ms = divmod(total_ms, 1000)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{ms:03}"


def _live_line(call: LiveCall, now: datetime) -> str:
    silent_s = (now - (call.last_heard_at or call.started_at)).total_seconds()
    lost = f", {call.stream_losses} streams lost" if call.stream_losses else ""
    lasts_s = (now - call.started_at).total_seconds()
    place = f"by {call.way}, at {call.node or 'unknown'}"
    return _printable(f"{call.case}  for {lasts_s:.0f} s, {place}, last turn {silent_s:.0f} s ago{lost}")


def _refused_line(refused: RefusedContact, zone: str) -> str:
    who = refused.sender or "no number"
    times = "once" if refused.times == 1 else f"{refused.times} times"
    return _printable(f"{exact_instant(refused.last_at, zone)}  {who}  {refused.kind}, {times}: limit {refused.limit}")


def _printable(text: str) -> str:
    """Return the text without characters that would move the cursor or turn the line around."""
    return "".join(character if character.isprintable() else " " for character in text)


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, indent=2, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
