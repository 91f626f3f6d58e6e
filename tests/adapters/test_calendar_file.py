"""Calendars of other programs in, ours out."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from voicebot.adapters.calendar_file import MOST_BYTES, events_in, read_calendar_file, written_calendar
from voicebot.domain.business_calendar import OpenSpan
from voicebot.errors import Refused

NOW = datetime(2026, 10, 19, 8, tzinfo=UTC)
ZONE = "Europe/Berlin"


def calendar(*events: str) -> bytes:
    """Wrap events as another program writes them: `UID:1|DTSTART:…|DTEND:…`."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Other//EN"]
    for event in events:
        lines += ["BEGIN:VEVENT", "DTSTAMP:20261001T000000Z", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def stretches(*events: str, days: int = 30) -> list[tuple[str, str]]:
    found = events_in(calendar(*events), begins_at=NOW, ends_at=NOW + timedelta(days=days), zone=ZONE)
    return sorted((f"{event.begins_at:%Y-%m-%d %H:%M}", f"{event.ends_at:%Y-%m-%d %H:%M}") for event in found)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("UID:1|DTSTART:20261020T080000Z|DTEND:20261020T090000Z", [("2026-10-20 08:00", "2026-10-20 09:00")]),
        ("UID:1|DTSTART:20261020T080000Z|DURATION:PT30M", [("2026-10-20 08:00", "2026-10-20 08:30")]),
        ("UID:1|DTSTART:20261020T100000|DTEND:20261020T110000", [("2026-10-20 08:00", "2026-10-20 09:00")]),
        (
            "UID:1|DTSTART;TZID=America/New_York:20261020T100000|DTEND;TZID=America/New_York:20261020T110000",
            [("2026-10-20 14:00", "2026-10-20 15:00")],
        ),
        # A whole day by the company's clock; this one has 25 hours.
        ("UID:1|DTSTART;VALUE=DATE:20261025|DTEND;VALUE=DATE:20261026", [("2026-10-24 22:00", "2026-10-25 23:00")]),
        ("UID:1|DTSTART;VALUE=DATE:20261020", [("2026-10-19 22:00", "2026-10-20 22:00")]),
        # Every Monday at eleven by the wall clock, over the night in which it is set back.
        (
            "UID:1|DTSTART;TZID=Europe/Berlin:20261019T110000|DTEND;TZID=Europe/Berlin:20261019T120000"
            "|RRULE:FREQ=WEEKLY;COUNT=2",
            [("2026-10-19 09:00", "2026-10-19 10:00"), ("2026-10-26 10:00", "2026-10-26 11:00")],
        ),
        ("UID:1|DTSTART:20261020T080000Z|DTEND:20261020T090000Z|STATUS:CANCELLED", []),
        ("UID:1|DTSTART:20261020T080000Z|DTEND:20261020T090000Z|TRANSP:TRANSPARENT", []),
        ("UID:1|DTSTART:20251020T080000Z|DTEND:20251020T090000Z", []),
    ],
    ids=["UTC", "length", "no zone", "zone", "long day", "one day", "weekly", "cancelled", "free", "over"],
)
def test_event_is_read_as_its_program_means_it(event: str, expected: list[tuple[str, str]]) -> None:
    assert stretches(event) == expected


def test_each_occurrence_has_an_id_of_its_own_and_the_words_of_its_event() -> None:
    body = calendar("UID:a|SUMMARY:Holiday|DTSTART:20261020T080000Z|DTEND:20261020T090000Z|RRULE:FREQ=DAILY;COUNT=3")
    found = events_in(body, begins_at=NOW, ends_at=NOW + timedelta(days=9), zone=ZONE)
    assert len({event.uid for event in found}) == 3
    assert {event.note for event in found} == {"Holiday"}


@pytest.mark.parametrize("body", [b"", b"not a calendar", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\xff\x00\xfe"])
def test_what_is_no_calendar_is_refused(body: bytes) -> None:
    with pytest.raises(Refused, match="reading the calendar"):
        events_in(body, begins_at=NOW, ends_at=NOW + timedelta(days=1), zone=ZONE)


@pytest.mark.parametrize(
    "rule",
    [
        *(f"FREQ={often}" for often in ("SECONDLY", "minutely", "HOURLY")),
        *(f"FREQ=DAILY;{part}=0,1" for part in ("BYSECOND", "BYMINUTE", "BYHOUR")),
        "FREQ=DAILY|RRULE:FREQ=SECONDLY",
    ],
)
def test_a_rule_with_several_events_a_day_is_refused_before_it_is_taken_apart(rule: str) -> None:
    body = calendar(f"UID:1|DTSTART:20261020T080000Z|DURATION:PT1S|RRULE:{rule}")
    with pytest.raises(Refused, match="several times a day"):
        events_in(body, begins_at=NOW, ends_at=NOW + timedelta(days=1), zone=ZONE)


def steps_of(work: Callable[[], object]) -> int:
    """Count the functions that are called and the generators that go on while something is done."""
    count = 0

    def see(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


OLD_AND_NEW = {
    "by the day": ("FREQ=DAILY", "00010101", "20261018"),
    "every third day": ("FREQ=DAILY;INTERVAL=3", "00010101", "20261018"),
    "on some weekdays": ("FREQ=DAILY;BYDAY=MO,TU", "00010101", "20261018"),
    "by the week": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR", "00010101", "20261018"),
    "by the month": ("FREQ=MONTHLY;BYDAY=2TU", "00010101", "20251001"),
    "by the last day of a month": ("FREQ=MONTHLY;BYMONTHDAY=-1", "00010131", "20251031"),
    "by the year": ("FREQ=YEARLY", "00011020", "20251020"),
    "ended long ago": ("FREQ=DAILY;UNTIL=20200101T000000Z", "00010101", "20191230"),
    "with an end ahead": ("FREQ=DAILY;UNTIL=20301231T000000Z", "00010101", "20261018"),
}


@pytest.mark.parametrize("rule", OLD_AND_NEW)
def test_a_rule_from_the_year_one_costs_what_one_of_this_year_costs(rule: str) -> None:
    written, old, new = OLD_AND_NEW[rule]
    bodies = [calendar(f"UID:1|DTSTART:{day}T080000Z|DURATION:PT1H|RRULE:{written}") for day in (old, new)]
    read = partial(events_in, begins_at=NOW, ends_at=NOW + timedelta(days=60), zone=ZONE)
    read(bodies[0])  # what is loaded at the first use is counted with neither
    old_steps, new_steps = (steps_of(partial(read, body)) for body in bodies)
    assert old_steps < 3 * new_steps


@pytest.mark.parametrize(
    ("rule", "first", "expected"),
    [
        # From the first Monday of 2001 on every third day; 1,346 weeks and 309 months are over.
        ("FREQ=DAILY;INTERVAL=3", "20010101", ["2026-10-20", "2026-10-23", "2026-10-26"]),
        ("FREQ=WEEKLY;INTERVAL=2", "20010101", ["2026-10-19"]),
        ("FREQ=MONTHLY;INTERVAL=3", "20010122", ["2026-10-22"]),
        ("FREQ=YEARLY;INTERVAL=25", "20011021", ["2026-10-21"]),
        ("FREQ=YEARLY;INTERVAL=2", "20011021", []),
        ("FREQ=MONTHLY", "20040229", []),
        ("FREQ=WEEKLY;COUNT=1347", "20010101", ["2026-10-19"]),
        ("FREQ=WEEKLY;COUNT=1346", "20010101", []),
    ],
)
def test_a_rule_that_began_long_ago_keeps_its_beat(rule: str, first: str, expected: list[str]) -> None:
    found = stretches(f"UID:1|DTSTART:{first}T120000Z|DURATION:PT1H|RRULE:{rule}", days=9)
    assert [begins[:10] for begins, _ in found] == expected


def test_more_rules_on_certain_days_than_a_calendar_has_are_refused() -> None:
    rules = (f"UID:{number}|DTSTART:20260101T080000Z|RRULE:FREQ=MONTHLY;BYDAY=6TU" for number in range(301))
    with pytest.raises(Refused, match="more than 300"):
        stretches(*rules)


def test_what_was_moved_or_left_out_of_an_old_series_stays_so() -> None:
    moved = "UID:1|RECURRENCE-ID:20261021T080000Z|DTSTART:20261021T150000Z|DURATION:PT1H"
    series = "UID:1|DTSTART:00010101T080000Z|DURATION:PT1H|RRULE:FREQ=DAILY|EXDATE:20261020T080000Z"
    assert [begins for begins, _ in stretches(series, moved, days=3)] == [
        "2026-10-19 08:00",
        "2026-10-21 15:00",
    ]


def test_a_stretch_of_days_that_began_before_the_window_is_found() -> None:
    found = stretches("UID:1|DTSTART;VALUE=DATE:20010105|DTEND;VALUE=DATE:20010109|RRULE:FREQ=WEEKLY", days=1)
    assert found == [("2026-10-15 22:00", "2026-10-19 22:00")]


@pytest.mark.parametrize(
    "rule", ["FREQ=DAILY;COUNT=900000", "FREQ=DAILY;BYMONTHDAY=30;BYMONTH=2", "FREQ=WEEKLY;BYSETPOS=9;BYDAY=MO"]
)
def test_a_rule_that_nobody_writes_and_that_takes_minutes_is_refused(rule: str) -> None:
    body = calendar(f"UID:1|DTSTART:00010101T080000Z|DURATION:PT1S|RRULE:{rule}")
    with pytest.raises(Refused, match="reading the calendar: an event"):
        events_in(body, begins_at=NOW, ends_at=NOW + timedelta(days=1), zone=ZONE)


def test_no_more_is_read_than_a_calendar_has(tmp_path: Path) -> None:
    (tmp_path / "large.ics").write_bytes(b" " * (MOST_BYTES + 1))
    for name in ("large.ics", "missing.ics"):
        with pytest.raises(Refused, match="reading the calendar"):
            read_calendar_file(tmp_path / name)
    endless = (f"UID:{number}|DTSTART:20261020T080000Z|DURATION:PT1S|RRULE:FREQ=DAILY" for number in range(101))
    with pytest.raises(Refused, match="more than 2000 events"):
        stretches(*endless, days=30)


def test_our_calendar_is_read_back_as_it_was_written() -> None:
    hours = [NOW + timedelta(hours=hour) for hour in (1, 5)]
    spans = [OpenSpan(opens_at=at, closes_at=at + timedelta(hours=1)) for at in hours]
    body = written_calendar(spans, owner="owner_1", title="On duty: Harbour Goods", now=NOW)
    again = written_calendar(spans, owner="owner_1", title="On duty: Harbour Goods", now=NOW)
    assert body == again
    found = events_in(body, begins_at=NOW, ends_at=NOW + timedelta(days=1), zone=ZONE)
    assert sorted((event.begins_at, event.ends_at) for event in found) == [
        (span.opens_at, span.closes_at) for span in spans
    ]
    assert b"SUMMARY:On duty: Harbour Goods" in body
