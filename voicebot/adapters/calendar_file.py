"""Calendars as other programs write and read them (iCalendar). Somebody's events go in, and the rota comes out.

Events that repeat are taken apart by a library. An event of whole days, or without a zone, is by the company's clock.
What is cancelled, or marked as free, is no stretch.
The library counts from the first event of a series, and looks for one that never comes until the year 9999. So a series
that began long ago is moved near to the time asked for, and what would keep the machine busy for minutes is refused.
Knows: iCalendar. Must not know: the rota's rules, where it is kept, how it is fetched (calendar_fetch.py).
Source: RFC 5545, 3.6.1, 3.8.1.11 (STATUS), 3.8.2.7 (TRANSP), read November 2026.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import OpenSpan
from voicebot.domain.rota import FedStretch
from voicebot.errors import Refused

MOST_BYTES = 2_000_000
"""A calendar of years, since more is no calendar."""
MOST_EVENTS = 2_000
_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
_MANY_A_DAY = {"BYSECOND", "BYMINUTE", "BYHOUR"}
_OF_LONGER_TIMES = {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
"""Parts that calendar programs write into rules by the month or year only, because in others they may match no day at
all.
"""
MOST_TIMES = 5_000
"""Of an event that repeats so many times, because it has to be counted from its first day."""
MOST_RULES = 300
"""By the month or year, on certain days, because each may take a second when there is no such day."""
_SPARE = timedelta(days=3)
"""Zones, and clocks that are set, move a day by less."""


def read_calendar_file(path: Path) -> bytes:
    """Return the calendar in a file. Raises: Refused."""
    try:
        return _whole(path.read_bytes())
    except OSError as problem:
        raise Refused(f"reading the calendar: {path} cannot be read", code="calendar-unreadable") from problem


def events_in(body: bytes, *, begins_at: datetime, ends_at: datetime, zone: str) -> Sequence[FedStretch]:
    """Return the stretches of a calendar between two instants. Raises: Refused when it is none."""
    import icalendar
    import recurring_ical_events

    try:
        calendar: Any = icalendar.Calendar.from_ical(_whole(body))
        _refuse_costly_rules(calendar)
        _bring_near(calendar, begins_at)
        found: list[Any] = recurring_ical_events.of(calendar).between(begins_at, ends_at)
        events = [_stretch(event, ZoneInfo(zone)) for event in found if _is_busy(event)]
    except Refused:
        raise
    except Exception as problem:
        raise Refused(
            "reading the calendar: it is no iCalendar file; export one that ends in .ics", code="calendar-unreadable"
        ) from problem
    if len(events) > MOST_EVENTS:
        raise Refused(f"reading the calendar: it has more than {MOST_EVENTS} events", code="calendar-unreadable")
    return [event for event in events if event.ends_at > event.begins_at]


def written_calendar(spans: Iterable[OpenSpan], *, owner: str, title: str, now: datetime) -> bytes:
    """Return stretches as a calendar to subscribe to. The same stretch keeps its id."""
    import icalendar

    calendar: Any = icalendar.Calendar()
    calendar.add("prodid", "-//voicebot//rota//EN")
    calendar.add("version", "2.0")
    for span in spans:
        event: Any = icalendar.Event()
        event.add("uid", f"{owner}-{span.opens_at:%Y%m%dT%H%M%SZ}@voicebot")
        event.add("dtstamp", now.astimezone(UTC))
        event.add("dtstart", span.opens_at.astimezone(UTC))
        event.add("dtend", span.closes_at.astimezone(UTC))
        event.add("summary", title)
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _whole(body: bytes) -> bytes:
    if len(body) > MOST_BYTES:
        raise Refused(f"reading the calendar: it has more than {MOST_BYTES:,} bytes", code="calendar-unreadable")
    return body


def _refuse_costly_rules(calendar: Any) -> None:
    """Refuse rules that no calendar program writes and that would keep this process busy for minutes."""
    rules = [rule for component in calendar.walk() for rule in _rules(component)]
    for rule in rules:
        how_often = _how_often(rule)
        if _MANY_A_DAY & rule.keys() or how_often in _OFTEN:
            raise _costly("repeats several times a day; write it as events of their own")
        if how_often in {"DAILY", "WEEKLY"} and _OF_LONGER_TIMES & rule.keys():
            raise _costly("repeats by the day or week on days of a month; let it repeat by the month")
        if int(rule.get("COUNT", [1])[0]) > MOST_TIMES:
            raise _costly(f"repeats more than {MOST_TIMES:,} times; give it a last day instead")
    if sum(bool((_OF_LONGER_TIMES | {"BYDAY"}) & rule.keys()) for rule in rules if _is_long(rule)) > MOST_RULES:
        raise Refused(
            f"reading the calendar: more than {MOST_RULES} events repeat by the month or year on certain days; "
            "export fewer",
            code="calendar-unreadable",
        )


def _costly(what: str) -> Refused:
    return Refused(f"reading the calendar: an event {what}", code="calendar-unreadable")


def _rules(component: Any) -> list[Any]:
    written = component.get("RRULE", [])
    return written if isinstance(written, list) else [written]


def _how_often(rule: Any) -> str:
    return str(rule.get("FREQ", [""])[0]).upper()


def _is_long(rule: Any) -> bool:
    return _how_often(rule) in {"MONTHLY", "YEARLY"}


def _bring_near(calendar: Any, begins_at: datetime) -> None:
    """Let every series that is not counted begin near an instant, on its own beat. Drop rules that ended before."""
    for component in calendar.walk("VEVENT"):
        rules = _rules(component)
        if len(rules) == 1 and "COUNT" not in rules[0] and "DTSTART" in component:
            _bring_event_near(component, rules[0], begins_at.date() - _SPARE)


def _bring_event_near(component: Any, rule: Any, day: date) -> None:
    first, last = _day(component["DTSTART"].dt), rule.get("UNTIL", [None])[0]
    before = day - _days_of(component, first)
    if last is not None and _day(last) < before:
        del component["RRULE"]
        return
    moved_by = _beat_before(first, before, rule) - first
    if moved_by > timedelta(0):
        for name in {"DTSTART", "DTEND"} & component.keys():
            component[name].dt += moved_by


def _beat_before(first: date, day: date, rule: Any) -> date:
    """Return a day of the series' beat, not long before a day, or the first day of the series when that is later.

    A 29 February comes again for sure in 400 years only.
    """
    every = int(rule.get("INTERVAL", [1])[0])
    if _is_long(rule):
        years = every * (400 if (first.month, first.day) == (2, 29) else 1)
        return first.replace(year=first.year + max((day.year - 1 - first.year) // years, 0) * years)
    days = every * (7 if _how_often(rule) == "WEEKLY" else 1)
    return first + timedelta(days=max((day - first).days // days, 0) * days)


def _days_of(component: Any, first: date) -> timedelta:
    """Return how many days an event may last."""
    if "DURATION" in component:
        length: timedelta = component["DURATION"].dt
        return length
    return _day(component["DTEND"].dt) - first + timedelta(days=1) if "DTEND" in component else timedelta(days=1)


def _day(said: date) -> date:
    return said.date() if isinstance(said, datetime) else said


def _is_busy(event: Any) -> bool:
    status, transparency = (str(event.get(name, "")).upper() for name in ("STATUS", "TRANSP"))
    return status != "CANCELLED" and transparency != "TRANSPARENT"


def _stretch(event: Any, zone: ZoneInfo) -> FedStretch:
    begins_at, ends_at = _instant(event.start, zone), _instant(event.end, zone)
    return FedStretch(
        uid=f"{event.get('UID', '')} {begins_at.isoformat()}",
        begins_at=begins_at,
        ends_at=ends_at,
        note=str(event.get("SUMMARY", "")),
    )


def _instant(said: date, zone: ZoneInfo) -> datetime:
    if not isinstance(said, datetime):
        said = datetime.combine(said, time())
    return (said if said.tzinfo else said.replace(tzinfo=zone)).astimezone(UTC)
