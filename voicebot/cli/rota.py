"""`voicebot rota` tells who is on duty, shifts, absences, swaps, calendars, and the cases of somebody who is ill.

Knows: the terminal, use cases, calendar files. Must not know: tables, who a case goes to.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from voicebot.adapters.calendar_file import events_in, read_calendar_file, written_calendar
from voicebot.cli.login_name import login_name
from voicebot.cli.opening import opened_hotline
from voicebot.cli.terminal import json_text, shown
from voicebot.domain.business_calendar import WEEKDAYS, DaySpan
from voicebot.domain.calendar_feed import FEED_AHEAD, CalendarFeed
from voicebot.domain.instants import Instants, read_instant, read_until, written_instant
from voicebot.domain.rota import LOOK_AHEAD, ChangeKind, Person, Rota, RotaProfile, Shift
from voicebot.errors import Refused
from voicebot.flow.policy_values import read_hours
from voicebot.service.hotline import Hotline
from voicebot.service.staff.absence import come_back
from voicebot.service.staff.calendar_feed import all_calendars, drop_calendar, follow_calendar, take_calendar
from voicebot.service.staff.rota import (
    Stretch,
    add_change,
    add_shift,
    remove_change,
    remove_shift,
    save_profile,
    swap,
    view_rota,
)
from voicebot.service.ticket.spread import Absence, SpreadPlan, plan_spread, spread

_by = click.option("--by", "actor", default=login_name, help="Who decides it (staff id); default: your login.")
_from = click.option("--from", "begins", help="On the company's clock, like '2026-11-18 12:00'; default: now.")
_until = click.option(
    "--until", "ends", required=True, help="The first moment after it, like 14:00, or '2026-11-20 09:00'."
)
_kind = click.Choice([kind.value for kind in ChangeKind])


@click.group(invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON, instants in UTC.")
@click.pass_context
def rota(context: click.Context, as_json: bool) -> None:
    """Show who is on duty, when, and what differs, or, with a command, change it."""
    if context.invoked_subcommand is not None:
        return
    hotline = opened_hotline()
    found, instants = view_rota(hotline), Instants(zone=_zone(hotline), now=hotline.clock.now())
    feeds = all_calendars(hotline)
    if as_json:
        click.echo(json_text([_as_json(found, person, instants, feeds=feeds) for person in _all(found)]))
        return
    Console().print(_table(found, instants))
    if feeds:
        Console().print(_calendars(feeds, instants))


@rota.command()
@click.argument("person")
@click.argument("weekday", type=click.Choice([day.lower() for day in WEEKDAYS], case_sensitive=False))
@click.argument("hours")
@click.option("--role", default="", help="For this role only; default: for all that the person has.")
@_by
def shift(person: str, weekday: str, hours: str, role: str, actor: str) -> None:
    """Let PERSON work every WEEKDAY in HOURS, like 9:00-13:00."""
    (span,) = _spans(hours)
    wanted = Shift(
        id="",
        staff_id=person,
        weekday=[day.lower() for day in WEEKDAYS].index(weekday.lower()),
        opens_minute=span.opens_minute,
        closes_minute=span.closes_minute,
        role=role,
    )
    click.echo(f"Added: {add_shift(opened_hotline(), wanted, actor=actor).id}")


@rota.command()
@click.argument("person")
@_from
@_until
@click.option("--note", default="", help="Why, for colleagues.")
@_by
def away(person: str, begins: str | None, ends: str, note: str, actor: str) -> None:
    """Say that PERSON is away until a time."""
    _change(ChangeKind.AWAY, person, begins, ends, note=note, actor=actor)


@rota.command()
@click.argument("person")
@_from
@_until
@click.option("--role", default="", help="For this role only; default: for all that the person has.")
@click.option("--note", default="", help="Why, for colleagues.")
@_by
def here(person: str, begins: str | None, ends: str, role: str, note: str, actor: str) -> None:
    """Say that PERSON is here until a time, also outside their shifts."""
    _change(ChangeKind.HERE, person, begins, ends, note=note, actor=actor, role=role)


@rota.command()
@click.argument("person")
@_by
def back(person: str, actor: str) -> None:
    """Say that PERSON, who is away, is back."""
    come_back(opened_hotline(), person, actor=actor)
    click.echo(f"{person} is back.")


@rota.command(name="swap")
@click.argument("person")
@click.argument("stands_in")
@_from
@_until
@_by
def swap_command(person: str, stands_in: str, begins: str | None, ends: str, actor: str) -> None:
    """Let STANDS_IN work in place of PERSON until a time."""
    hotline = opened_hotline()
    swap(hotline, _stretch(hotline, person, begins, ends), stands_in=stands_in, actor=actor)
    click.echo("Swapped. Taking back one half takes back both.")


@rota.command()
@click.argument("line")
@_by
def remove(line: str, actor: str) -> None:
    """Take LINE out of the rota, by the id of a shift, a change or a calendar, as `voicebot rota --json` shows it."""
    hotline = opened_hotline()
    for forget in (remove_shift, remove_change):
        with suppress(Refused):
            forget(hotline, line, actor=actor)
            break
    else:
        drop_calendar(hotline, line, actor=actor)
    click.echo("Removed.")


@rota.command()
@click.argument("person")
@click.option("--role", "roles", multiple=True, help="A further role; may be given again.")
@click.option("--language", "languages", multiple=True, help="A language they serve, like en; none: every one.")
@click.option("--cap", type=click.IntRange(min=0), help="Open cases that are enough; default: the policy's.")
@click.option("--dated", is_flag=True, help="Works on dates, not by the week: on duty only where the rota says `here`.")
@_by
def person(
    *, person: str, roles: tuple[str, ...], languages: tuple[str, ...], cap: int | None, dated: bool, actor: str
) -> None:
    """Say what PERSON can do beside their role, where what is left out is forgotten."""
    profile = RotaProfile(staff_id=person, roles=roles, languages=languages, load_cap=cap, has_dated_shifts=dated)
    save_profile(opened_hotline(), profile, actor=actor)
    click.echo("Saved.")


@rota.command(name="take-calendar")
@click.argument("person")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=_kind, required=True, help="What its events say of the person.")
@_by
def take_calendar_command(person: str, file: Path, kind: str, actor: str) -> None:
    """Take over PERSON's calendar from an .ics FILE, and when run again, it replaces what it brought."""
    hotline = opened_hotline()
    now = hotline.clock.now()
    events = events_in(read_calendar_file(file), begins_at=now, ends_at=now + FEED_AHEAD, zone=_zone(hotline))
    came = take_calendar(hotline, person, ChangeKind(kind), events, actor=actor)
    click.echo(f"{came} stretches taken over.")


@rota.command(name="follow-calendar")
@click.argument("person")
@click.argument("address")
@click.option("--as", "kind", type=_kind, required=True, help="What its events say of the person.")
@_by
def follow_calendar_command(person: str, address: str, kind: str, actor: str) -> None:
    """Let the worker fetch PERSON's calendar from ADDRESS again and again, while `voicebot rota` tells how it goes."""
    feed = follow_calendar(opened_hotline(), person, ChangeKind(kind), address, actor=actor)
    click.echo(f"{person}'s calendar at {feed.host} is fetched from now on: {feed.id}")


@rota.command(name="write-calendar")
@click.argument("person")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def write_calendar(person: str, file: Path) -> None:
    """Write when PERSON is on duty in the coming two months as an .ics FILE."""
    hotline = opened_hotline()
    found, now = view_rota(hotline), hotline.clock.now()
    known = found.person(person)
    if known is None:
        raise Refused(f"nobody on the rota goes by {person!r}", code="rota-person")
    spans = found.duty_spans(known, now, now + LOOK_AHEAD)
    title = f"On duty: {hotline.rules.company}"
    file.write_bytes(written_calendar(spans, owner=person, title=title, now=now))
    click.echo(f"{len(spans)} stretches written to {file}.")


@rota.command()
@click.argument("person")
@_until
@click.option("--everything", is_flag=True, help="Give away all their open cases, not only those at risk.")
@click.option("--note", default="", help="What whoever takes a case over should know.")
@click.option("--dry-run", is_flag=True, help="Show what is at risk, and change nothing.")
@_by
def sick(person: str, ends: str, everything: bool, note: str, dry_run: bool, actor: str) -> None:
    """Spread the cases of PERSON, who is away until a time, over those who are there."""
    hotline = opened_hotline()
    until = read_until(ends, _zone(hotline), now=hotline.clock.now())
    absence = Absence(staff_id=person, until=until, everything=everything, note=note)
    plan = plan_spread(hotline, absence) if dry_run else spread(hotline, absence, actor=actor)
    for part in _plan_pages(plan, _zone(hotline)):
        Console().print(part)
    click.echo("Nothing was changed." if dry_run else f"{len(plan.cases)} cases were given to others.")


def _change(
    kind: ChangeKind, person: str, begins: str | None, ends: str, *, note: str, actor: str, role: str = ""
) -> None:
    hotline = opened_hotline()
    change = add_change(hotline, kind, _stretch(hotline, person, begins, ends, note=note, role=role), actor=actor)
    click.echo(f"{person} is {kind.value} until {written_instant(change.ends_at, _zone(hotline))}.")


def _stretch(
    hotline: Hotline, person: str, begins: str | None, ends: str, *, note: str = "", role: str = ""
) -> Stretch:
    zone = _zone(hotline)
    begins_at = hotline.clock.now() if begins is None else read_instant(begins, zone)
    ends_at = read_until(ends, zone, now=hotline.clock.now())
    return Stretch(staff_id=person, begins_at=begins_at, ends_at=ends_at, note=note, role=role)


def _spans(hours: str) -> tuple[DaySpan, ...]:
    try:
        return read_hours([hours])
    except ValueError as problem:
        raise Refused(f"adding a shift: {problem}", code="rota-shift") from problem


def _zone(hotline: Hotline) -> str:
    return hotline.flows.current_policy().calendar.zone


def _all(found: Rota) -> tuple[Person, ...]:
    return (*found.people, *found.beside)


def _as_json(found: Rota, person: Person, instants: Instants, *, feeds: Sequence[CalendarFeed]) -> dict[str, object]:
    return {
        "person": person.id,
        "name": person.member.name,
        "roles": person.roles,
        "languages": person.profile.languages,
        "load_cap": person.profile.load_cap,
        "has_dated_shifts": person.profile.has_dated_shifts,
        "is_on_duty": found.is_on_duty(person, instants.now),
        "next_on_duty_at": found.next_of(person, instants.now),
        "shifts": [{"id": each.id, "weekday": WEEKDAYS[each.weekday], "hours": each.hours} for each in person.shifts],
        "changes": [
            {"id": each.id, "kind": each.kind, "begins_at": each.begins_at, "ends_at": each.ends_at, "note": each.note}
            for each in person.changes
        ],
        "calendars": [
            {"id": each.id, "kind": each.kind, "host": each.host, "good_at": each.good_at, "problem": each.problem}
            for each in feeds
            if each.staff_id == person.id
        ],
    }


def _calendars(feeds: Sequence[CalendarFeed], instants: Instants) -> Table:
    table = Table("Person", "Says they are", "Host", "Last fetched", "Problem", title="Calendars that are fetched")
    for feed in feeds:
        last = "not yet" if feed.good_at is None else instants.brief(feed.good_at)
        table.add_row(feed.staff_id, feed.kind.value, feed.host, last, feed.problem)
    return table


def _table(found: Rota, instants: Instants) -> Table:
    table = Table("Person", "Name", "Roles", "On duty", "Shifts", "Changes", title=f"The rota ({instants.zone})")
    for person in _all(found):
        usual = "on dates only" if person.profile.has_dated_shifts else "opening hours"
        usual = "not on the rota" if person in found.beside else usual
        shifts = "\n".join(f"{WEEKDAYS[each.weekday]} {each.hours}" for each in person.shifts) or usual
        changes = "\n".join(_said(change.kind, change.begins_at, change.ends_at, instants) for change in person.changes)
        table.add_row(
            person.id,
            shown(person.member.name),
            ", ".join(person.roles),
            _duty(found, person, instants),
            shifts,
            changes,
        )
    return table


def _duty(found: Rota, person: Person, instants: Instants) -> str:
    at = found.next_of(person, instants.now)
    if at is None:
        return "not in two months"
    return "now" if at == instants.now else f"from {instants.brief(at)}"


def _said(kind: ChangeKind, begins_at: datetime, ends_at: datetime, instants: Instants) -> str:
    return f"{kind.value} {instants.brief(begins_at)} to {instants.brief(ends_at)}"


def _plan_pages(plan: SpreadPlan, zone: str) -> tuple[Table, Table]:
    cases = Table("Case", "Promised from", "Missed", "Goes to", title=f"At risk while {plan.person.name} is away")
    for handed in plan.cases:
        opens = handed.line.window_opens_at
        cases.add_row(
            handed.line.case,
            "" if opens is None else written_instant(opens, zone),
            "yes" if handed.line.is_missed else "",
            "nobody" if handed.to is None else shown(handed.to.name),
        )
    days = Table("Day", "Promised", "Room", "", title="The coming days without them")
    for day in plan.days:
        days.add_row(f"{day.day:%a %d %b}", str(day.promised), f"{day.room:.0f}", "too little" if day.is_short else "")
    return cases, days
