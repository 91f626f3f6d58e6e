"""Calendars as other programs write and read them (iCalendar): somebody's events in, the rota out.

Events that repeat are taken apart by a library. An event of whole days, or without a zone, is by the company's clock.
What is cancelled, or marked as free, is no stretch.
Knows: iCalendar, how a calendar is fetched. Must not know: the rota's rules, where it is kept.
Source: RFC 5545, 3.6.1, 3.8.1.11 (STATUS), 3.8.2.7 (TRANSP), read November 2026.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from voicebot.domain.business_calendar import OpenSpan
from voicebot.domain.rota import FedStretch
from voicebot.errors import Refused, Unavailable

MOST_BYTES = 2_000_000
"""A calendar of years; more is no calendar."""
MOST_EVENTS = 2_000
FETCH_TIMEOUT_S = 20
_OFTEN = {"SECONDLY", "MINUTELY", "HOURLY"}
_MANY_A_DAY = {"BYSECOND", "BYMINUTE", "BYHOUR"}


def read_source(source: str) -> bytes:
    """Return the calendar at an https address, or in a file. Raises: Unavailable, Refused."""
    if source.startswith("https://"):
        return _fetched(source)
    try:
        return _whole(Path(source).read_bytes())
    except OSError as problem:
        raise Refused(f"reading the calendar: {source} cannot be read", code="calendar-unreadable") from problem


def events_in(body: bytes, *, begins_at: datetime, ends_at: datetime, zone: str) -> Sequence[FedStretch]:
    """Return the stretches of a calendar between two instants. Raises: Refused when it is none."""
    import icalendar
    import recurring_ical_events

    try:
        calendar: Any = icalendar.Calendar.from_ical(_whole(body))
        _refuse_more_than_daily(calendar)
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
    """Return stretches as a calendar to subscribe to; the same stretch keeps its id."""
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


def _fetched(address: str) -> bytes:
    try:
        with requests.get(address, timeout=FETCH_TIMEOUT_S, stream=True) as answer:
            answer.raise_for_status()
            return _whole(answer.raw.read(MOST_BYTES + 1, decode_content=True))
    except requests.RequestException as problem:
        raise Unavailable("fetching the calendar: its address did not give it") from problem


def _whole(body: bytes) -> bytes:
    if len(body) > MOST_BYTES:
        raise Refused(f"reading the calendar: it has more than {MOST_BYTES:,} bytes", code="calendar-unreadable")
    return body


def _refuse_more_than_daily(calendar: Any) -> None:
    """Refuse a rule with several events a day: one line of each second would keep this process busy for minutes."""
    for component in calendar.walk():
        written = component.get("RRULE", [])
        for rule in written if isinstance(written, list) else [written]:
            if _MANY_A_DAY & rule.keys() or _OFTEN & {str(each).upper() for each in rule.get("FREQ", [])}:
                raise Refused(
                    "reading the calendar: an event repeats several times a day; write it as events of their own",
                    code="calendar-unreadable",
                )


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
