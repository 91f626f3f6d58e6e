"""Calendars of other programs in, ours out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from voicebot.adapters.calendar_file import MOST_BYTES, events_in, read_source, written_calendar
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


def test_no_more_is_read_than_a_calendar_has(tmp_path: Path) -> None:
    (tmp_path / "large.ics").write_bytes(b" " * (MOST_BYTES + 1))
    for source in (str(tmp_path / "large.ics"), str(tmp_path / "missing.ics")):
        with pytest.raises(Refused, match="reading the calendar"):
            read_source(source)
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
