"""Calendars near the nights in which clocks change, and what is open there minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from voicebot.domain.business_calendar import BusinessCalendar, DaySpan

MINUTE = timedelta(minutes=1)

CHANGES = [
    ("America/New_York", datetime(2026, 3, 8, 7, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 1, 6, tzinfo=UTC)),
    ("Asia/Jerusalem", datetime(2026, 3, 27, 0, tzinfo=UTC)),
    ("Asia/Jerusalem", datetime(2026, 10, 24, 23, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Berlin", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Europe/Zagreb", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ("Europe/Zagreb", datetime(2026, 10, 25, 1, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # by half an hour
]

DAYS = [
    ("Europe/Zagreb", date(2026, 3, 29), 23),
    ("Europe/Zagreb", date(2026, 10, 25), 25),
    ("America/New_York", date(2026, 3, 8), 23),
    ("America/New_York", date(2026, 11, 1), 25),
]
"""Days in which a clock changes, and how many hours they have."""


def local_midnights(zone: str, day: date) -> tuple[datetime, datetime]:
    """Return where a day begins and ends, by its own clock. Python makes their difference 24 hours, whatever passes."""
    begins, ends = (datetime.combine(each, time(), ZoneInfo(zone)) for each in (day, day + timedelta(days=1)))
    return begins, ends


@st.composite
def day_spans(draw: st.DrawFn) -> tuple[DaySpan, ...]:
    """Up to three spans; edges on any five minutes, the hours of the change among them."""
    edges = draw(st.lists(st.integers(0, 288).map(lambda five: five * 5), max_size=6, unique=True).map(sorted))
    return tuple(
        DaySpan(opens_minute=opens, closes_minute=closes)
        for opens, closes in zip(edges[::2], edges[1::2], strict=False)
    )


@st.composite
def calendars_near_a_change(draw: st.DrawFn) -> tuple[BusinessCalendar, datetime]:
    """A calendar and a minute within a day and a half of a change of its clock."""
    zone, change = draw(st.sampled_from(CHANGES))
    week = tuple(draw(st.lists(day_spans(), min_size=7, max_size=7)))
    return BusinessCalendar(zone=zone, week=week), change + MINUTE * draw(st.integers(-36 * 60, 24 * 60))


def open_minutes(calendar: BusinessCalendar, begins_at: datetime, count: int) -> Iterator[bool]:
    """Walk minute by minute: doors follow the latest time that the wall clock has shown on that day."""
    zone = ZoneInfo(calendar.zone)
    latest: dict[date, int] = {}
    minute = begins_at - timedelta(hours=26)
    while minute < begins_at + count * MINUTE:
        local = minute.astimezone(zone)
        shown = max(latest.get(local.date(), -1), local.hour * 60 + local.minute)
        latest[local.date()] = shown
        if minute >= begins_at:
            yield any(s.opens_minute <= shown < s.closes_minute for s in calendar.week[local.weekday()])
        minute += MINUTE
