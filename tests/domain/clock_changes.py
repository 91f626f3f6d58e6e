"""Calendars near the nights in which clocks change, and what is open there minute by minute."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
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
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 15, tzinfo=UTC)),  # by half an hour
]


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
