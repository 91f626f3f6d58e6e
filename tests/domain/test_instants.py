"""Instants in the company's zone, and how far away they are."""

from contextlib import suppress
from datetime import date, timedelta

import pytest

from tests.builders import at
from tests.domain.clock_changes import DAYS, local_midnights
from voicebot.domain.instants import Instants, clock, length, read_instant, read_until, written_stretch
from voicebot.errors import Refused

NOW = at("Wednesday 18 November 2026 10:00:00")
NEW_YORK = Instants(zone="America/New_York", now=NOW)


def test_an_instant_is_said_on_the_companys_clock_with_its_zone() -> None:
    assert NEW_YORK.said(NOW) == "Wed 18 Nov 2026, 10:00 EST"
    assert Instants(zone="Europe/Zagreb", now=NOW).said(NOW) == "Wed 18 Nov 2026, 16:00 CET"
    assert NEW_YORK.said(at("Wednesday 1 July 2026 10:00:00")).endswith("10:00 EDT")
    assert NEW_YORK.exact(NOW + timedelta(seconds=5)) == "Wed 18 Nov 2026, 10:00:05 EST"
    assert NEW_YORK.machine(NOW) == "2026-11-18T10:00:00-05:00"


def test_a_stretch_names_its_day_once_unless_it_has_two() -> None:
    assert written_stretch(NOW, NOW + timedelta(hours=2), "America/New_York") == "Wed 18 Nov 2026, 10:00–12:00 EST"
    assert NEW_YORK.stretch(NOW, NOW + timedelta(hours=2)) == "Wed 18 Nov 2026, 10:00–12:00 EST"
    assert written_stretch(NOW, NOW + timedelta(days=1), "America/New_York") == (
        "Wed 18 Nov 2026, 10:00 EST to Thu 19 Nov 2026, 10:00 EST"
    )


@pytest.mark.parametrize("zone", ["America/New_York", "UTC", "Pacific/Auckland"])
@pytest.mark.parametrize("offset", ["", "Z", "+23:59", "-23:59"])
@pytest.mark.parametrize("written", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_an_instant_that_is_read_can_be_said_or_is_refused(written: str, offset: str, zone: str) -> None:
    with suppress(Refused):
        read = read_instant(f"{written}{offset}", zone)
        assert Instants(zone=zone, now=NOW).exact(read)


def test_the_ends_of_time_are_refused() -> None:
    for written in ("0001-01-01T00:00Z", "9999-12-31T23:59"):
        with pytest.raises(Refused, match="is no time"):
            read_instant(written, "America/New_York")


def test_a_day_is_named_unless_it_is_today() -> None:
    assert NEW_YORK.brief(NOW) == "10:00 EST"
    assert NEW_YORK.brief(NOW + timedelta(hours=23)) == "Thu 19 Nov 09:00 EST"
    assert NEW_YORK.bare(NOW) == "10:00"
    assert NEW_YORK.bare(NOW + timedelta(hours=23)) == "Thu 19 Nov 09:00"
    assert NEW_YORK.window(NOW, NOW + timedelta(hours=2)) == "today 10:00–12:00 EST"
    tomorrow = NOW + timedelta(days=1)
    assert NEW_YORK.window(tomorrow, tomorrow + timedelta(hours=2)) == "Thu 19 Nov 10:00–12:00 EST"
    assert NEW_YORK.window(NOW, tomorrow) == "today 10:00–Thu 19 Nov 10:00 EST"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (timedelta(), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(seconds=60), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(hours=3, minutes=20, seconds=50), "3 h 20 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=2, hours=20), "2 days"),
    ],
)
def test_a_length_is_rounded_down(amount: timedelta, said: str) -> None:
    assert length(amount) == said


def test_no_time_is_left_from_the_very_instant_on() -> None:
    assert NEW_YORK.left(NOW + timedelta(minutes=9)) == "9 min"
    assert NEW_YORK.left(NOW) == "none"


def test_a_deadline_is_ahead_until_its_very_instant() -> None:
    assert NEW_YORK.due(NOW + timedelta(seconds=1)) == "in less than a minute"
    assert NEW_YORK.due(NOW) == "less than a minute overdue"
    assert NEW_YORK.due(NOW - timedelta(minutes=8)) == "8 min overdue"
    assert NEW_YORK.until(NOW - timedelta(minutes=8)) == "8 min ago"
    assert NEW_YORK.until(NOW + timedelta(minutes=12)) == "in 12 min"


@pytest.mark.parametrize(("seconds", "said"), [(-1, "0:00"), (7.9, "0:07"), (165, "2:45"), (3600, "60:00")])
def test_a_place_in_a_recording_is_minutes_and_seconds(seconds: float, said: str) -> None:
    assert clock(seconds) == said


@pytest.mark.parametrize(
    ("now", "said", "until"),
    [
        ("2026-11-18 10:00", "14:00", "2026-11-18T14:00:00-05:00"),
        ("2026-11-18 10:00", " 9:30 ", "2026-11-19T09:30:00-05:00"),
        ("2026-11-18 10:00", "10:00", "2026-11-19T10:00:00-05:00"),
        ("2026-11-18 10:00", "2026-11-20 09:00", "2026-11-20T09:00:00-05:00"),
        ("2026-03-07 22:00", "2:30", "2026-03-08T03:30:00-04:00"),  # the clock skips it: an hour later
        ("2026-10-31 22:00", "1:30", "2026-11-01T01:30:00-04:00"),  # the clock shows it twice: the first
        ("2026-11-01T05:45+00:00", "1:30", "2026-11-01T01:30:00-05:00"),  # it has shown it once, and does so again
        ("2026-11-01T06:10+00:00", "1:30", "2026-11-01T01:30:00-05:00"),
        ("2026-11-01T06:40+00:00", "1:30", "2026-11-02T01:30:00-05:00"),  # it has shown it twice
    ],
)
def test_a_time_alone_is_the_next_at_which_the_companys_clock_shows_it(now: str, said: str, until: str) -> None:
    instants = Instants(zone="America/New_York", now=read_instant(now, "America/New_York"))
    assert instants.machine(read_until(said, "America/New_York", now=instants.now)) == until


def test_a_time_of_no_clock_is_refused() -> None:
    with pytest.raises(Refused, match="no time"):
        read_until("25:00", "America/New_York", now=NOW)


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_what_is_left_of_a_day_is_counted_in_hours_that_pass(zone: str, day: date, hours: int) -> None:
    begins_at, ends_at = local_midnights(zone, day)
    instants = Instants(zone=zone, now=begins_at)
    said = "23 h" if hours < 24 else "1 day"
    assert instants.left(ends_at) == said
    assert instants.until(ends_at) == instants.due(ends_at) == f"in {said}"
    late = Instants(zone=zone, now=ends_at)
    assert [late.due(begins_at), late.until(begins_at)] == [f"{said} overdue", f"{said} ago"]


@pytest.mark.parametrize(
    ("zone", "begins", "stretch"),
    [
        ("Europe/Zagreb", "2026-03-29T00:00+00:00", "01:00 CET–04:00 CEST"),
        ("Europe/Zagreb", "2026-10-24T23:30+00:00", "01:30 CEST–02:30 CET"),
        ("America/New_York", "2026-03-08T06:00+00:00", "01:00 EST–04:00 EDT"),
        ("America/New_York", "2026-11-01T04:30+00:00", "00:30 EDT–01:30 EST"),
        ("America/New_York", "2026-11-02T04:30+00:00", "23:30 EST to Mon 2 Nov 2026, 01:30 EST"),
    ],
)
def test_a_stretch_over_a_change_of_the_clock_names_both_zones(zone: str, begins: str, stretch: str) -> None:
    begins_at = read_instant(begins, zone)
    ends_at, instants = begins_at + timedelta(hours=2), Instants(zone=zone, now=begins_at)
    assert instants.stretch(begins_at, ends_at).endswith(stretch)
    if " to " not in stretch:
        assert instants.window(begins_at, ends_at) == f"today {stretch}"


def test_a_time_that_the_clock_shows_twice_is_said_with_its_zone() -> None:
    now = read_instant("2026-11-01T04:30+00:00", "America/New_York")
    instants = Instants(zone="America/New_York", now=now)
    hours = [instants.bare(now + timedelta(hours=hour)) for hour in range(4)]
    assert hours == ["00:30", "01:30 EDT", "01:30 EST", "02:30"]
