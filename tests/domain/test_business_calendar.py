"""Working time: tables with weekdays in words, and a minute-by-minute brute force over the nights the clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_calendar, always_open, at, hours
from tests.domain.clock_changes import CHANGES, DAYS, calendars_near_a_change, local_midnights, open_minutes
from voicebot.domain.business_calendar import (
    ALL_DAY,
    BusinessCalendar,
    DaySpan,
    NeverOpens,
    SpecialDay,
    is_known_country,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
CLOSED_WEEK = ((),) * 7


@pytest.mark.parametrize(
    ("said", "is_open"),
    [
        ("Friday 20 November 2026 08:59:59", False),
        ("Friday 20 November 2026 09:00:00", True),
        ("Friday 20 November 2026 12:59:59", True),
        ("Friday 20 November 2026 13:00:00", False),  # lunch
        ("Friday 20 November 2026 13:59:59", False),
        ("Friday 20 November 2026 14:00:00", True),
        ("Friday 20 November 2026 17:59:59", True),
        ("Friday 20 November 2026 18:00:00", False),
        ("Saturday 21 November 2026 10:00:00", False),
        ("Thursday 26 November 2026 10:00:00", False),  # Thanksgiving
        ("Friday 27 November 2026 10:00:00", True),
        ("Monday 09 March 2026 09:00:00", True),  # the clock went forward the night before
        ("Monday 09 March 2026 08:59:59", False),
        ("Monday 02 November 2026 08:59:59", False),  # the clock went back the night before
        ("Monday 02 November 2026 09:00:00", True),
    ],
)
def test_open_begins_with_the_opening_second_and_ends_before_the_closing_one(said: str, is_open: bool) -> None:
    assert a_calendar().is_open(at(said)) is is_open


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        ("Friday 20 November 2026 08:59:59", "Friday 20 November 2026 09:00:00"),
        ("Friday 20 November 2026 09:00:01", "Friday 20 November 2026 09:00:01"),
        ("Friday 20 November 2026 13:00:00", "Friday 20 November 2026 14:00:00"),
        ("Friday 20 November 2026 18:00:00", "Monday 23 November 2026 09:00:00"),
        ("Wednesday 25 November 2026 18:00:00", "Friday 27 November 2026 09:00:00"),
        ("Thursday 24 December 2026 18:00:00", "Monday 28 December 2026 09:00:00"),
    ],
)
def test_next_opening_is_now_when_open_and_else_the_next_edge(asked: str, opens: str) -> None:
    assert a_calendar().next_opening(at(asked)) == at(opens)


@pytest.mark.parametrize(
    ("begun", "amount", "reached"),
    [
        ("Friday 20 November 2026 10:00:00", timedelta(0), "Friday 20 November 2026 10:00:00"),
        ("Saturday 21 November 2026 10:00:00", timedelta(0), "Saturday 21 November 2026 10:00:00"),
        ("Friday 20 November 2026 09:00:00", 4 * HOUR, "Friday 20 November 2026 13:00:00"),  # ends with the span
        ("Friday 20 November 2026 09:00:00", 4 * HOUR + timedelta(seconds=1), "Friday 20 November 2026 14:00:01"),
        ("Friday 20 November 2026 09:00:00", 8 * HOUR, "Friday 20 November 2026 18:00:00"),
        ("Friday 20 November 2026 10:00:00", 8 * HOUR, "Monday 23 November 2026 10:00:00"),
        ("Friday 20 November 2026 13:30:00", HOUR, "Friday 20 November 2026 15:00:00"),  # begun at lunch
        ("Saturday 21 November 2026 10:00:00", HOUR, "Monday 23 November 2026 10:00:00"),
        ("Wednesday 25 November 2026 17:00:00", 2 * HOUR, "Friday 27 November 2026 10:00:00"),  # over Thanksgiving
        ("Friday 06 March 2026 17:00:00", 2 * HOUR, "Monday 09 March 2026 10:00:00"),  # over the short night
        ("Friday 30 October 2026 17:00:00", 2 * HOUR, "Monday 02 November 2026 10:00:00"),  # over the long night
    ],
)
def test_working_time_is_added_over_lunch_weekends_and_holidays(begun: str, amount: timedelta, reached: str) -> None:
    calendar = a_calendar()
    assert calendar.add_working_time(at(begun), amount) == at(reached)
    assert calendar.working_time_between(at(begun), at(reached)) == amount


ONE_DAY = timedelta(days=1)


def test_sums_are_on_instants_and_not_on_the_wall_clock() -> None:
    calendar = always_open("America/New_York")
    before_the_gap = at("Saturday 07 March 2026 23:00:00")
    assert calendar.add_working_time(before_the_gap, 5 * HOUR) == at("Sunday 08 March 2026 05:00:00")
    before_the_repeat = at("Saturday 31 October 2026 23:00:00")
    assert calendar.add_working_time(before_the_repeat, 5 * HOUR) == at("Sunday 01 November 2026 03:00:00")


def test_working_time_between_is_nothing_when_the_second_instant_is_not_later() -> None:
    morning, noon = at("Friday 20 November 2026 09:00:00"), at("Friday 20 November 2026 12:00:00")
    assert a_calendar().working_time_between(noon, morning) == timedelta(0)
    assert a_calendar().working_time_between(noon, noon) == timedelta(0)


def test_a_special_day_beats_the_weekday_and_the_holiday() -> None:
    calendar = a_calendar(
        special_days=(
            SpecialDay(on=date(2026, 11, 20), note="stock taking"),
            SpecialDay(on=date(2026, 11, 21), spans=hours("10:00-12:00")),
            SpecialDay(on=date(2026, 11, 26), spans=hours("9:00-11:00"), note="short Thanksgiving"),
            SpecialDay(on=date(2026, 11, 24)),
        )
    )
    assert calendar.closed_because(date(2026, 11, 20)) == "closed: stock taking"
    assert calendar.closed_because(date(2026, 11, 24)) == "closed: special day"
    assert calendar.closed_because(date(2026, 11, 26)) is None
    assert calendar.is_open(at("Saturday 21 November 2026 11:59:59"))
    assert calendar.is_open(at("Thursday 26 November 2026 10:00:00"))
    assert not calendar.is_open(at("Friday 20 November 2026 10:00:00"))


def test_each_closed_day_has_its_reason() -> None:
    calendar = a_calendar()
    assert calendar.closed_because(date(2026, 11, 26)) == "public holiday: Thanksgiving Day"
    assert calendar.closed_because(date(2026, 11, 21)) == "no opening hours on a Saturday"
    assert calendar.closed_because(date(2026, 11, 20)) is None


def test_a_subdivision_has_holidays_of_its_own() -> None:
    bavarian = a_calendar(zone="Europe/Berlin", country="DE", subdivision="BY")
    assert bavarian.closed_because(date(2026, 1, 6)) is not None  # Epiphany
    assert a_calendar(zone="Europe/Berlin", country="DE").closed_because(date(2026, 1, 6)) is None


def test_without_a_country_no_public_holiday_is_kept() -> None:
    assert a_calendar(country="").is_open(at("Thursday 26 November 2026 10:00:00"))


def test_israel_works_on_sunday_and_keeps_passover() -> None:
    workday = hours("9:00-17:00")
    calendar = BusinessCalendar(
        zone="Asia/Jerusalem", week=(workday, workday, workday, workday, (), (), workday), country="IL"
    )
    assert calendar.next_opening(at("Thursday 10 September 2026 17:00:00", "Asia/Jerusalem")) == at(
        "Monday 14 September 2026 09:00:00", "Asia/Jerusalem"
    )  # Friday and Saturday are no working days, and Sunday 13 September is the second day of the new year
    assert not calendar.is_open(at("Thursday 02 April 2026 10:00:00", "Asia/Jerusalem"))


def test_closed_stretches_say_why() -> None:
    stretches = a_calendar().closed_stretches(
        at("Wednesday 25 November 2026 12:00:00"), at("Friday 27 November 2026 10:00:00")
    )
    assert [(s.begins_at, s.ends_at, s.why) for s in stretches] == [
        (
            at("Wednesday 25 November 2026 13:00:00"),
            at("Wednesday 25 November 2026 14:00:00"),
            "outside opening hours",
        ),
        (
            at("Wednesday 25 November 2026 18:00:00"),
            at("Friday 27 November 2026 09:00:00"),
            "Thu 26 Nov 2026 public holiday: Thanksgiving Day",
        ),
    ]


def test_a_closed_stretch_ends_where_the_question_ends() -> None:
    asked_until = at("Saturday 21 November 2026 12:00:00")
    (stretch,) = a_calendar().closed_stretches(at("Friday 20 November 2026 17:00:00"), asked_until)
    assert (stretch.begins_at, stretch.ends_at) == (at("Friday 20 November 2026 18:00:00"), asked_until)
    assert stretch.why == "Sat 21 Nov 2026 no opening hours on a Saturday"


def test_a_closed_stretch_until_midnight_does_not_speak_of_the_next_day() -> None:
    (stretch,) = a_calendar().closed_stretches(
        at("Friday 20 November 2026 17:00:00"), at("Saturday 21 November 2026 00:00:00")
    )
    assert stretch.why == "outside opening hours"


def test_an_always_open_calendar_has_no_closed_stretch_and_no_seam_at_midnight() -> None:
    calendar = always_open()
    begun = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    assert calendar.closed_stretches(begun, begun + timedelta(days=9)) == ()
    assert calendar.working_time_between(begun, begun + timedelta(days=9)) == timedelta(days=9)
    assert calendar.add_working_time(begun, timedelta(days=9)) == begun + timedelta(days=9)


def test_a_calendar_that_never_opens_is_a_fault_with_a_cure() -> None:
    calendar = a_calendar(week=CLOSED_WEEK)
    with pytest.raises(NeverOpens, match=r"400 days; give at least one weekday hours in calendar\.yaml") as fault:
        calendar.next_opening(at("Friday 20 November 2026 09:00:00"))
    assert fault.value.code == "calendar-never-opens"
    with pytest.raises(NeverOpens):
        calendar.add_working_time(at("Friday 20 November 2026 09:00:00"), MINUTE)
    assert not calendar.is_open(at("Friday 20 November 2026 09:00:00"))


def test_one_special_day_in_a_closed_year_is_found() -> None:
    calendar = a_calendar(week=CLOSED_WEEK, special_days=(SpecialDay(on=date(2027, 6, 1), spans=ALL_DAY),))
    asked = at("Friday 20 November 2026 09:00:00")
    assert calendar.next_opening(asked) == at("Tuesday 01 June 2027 00:00:00")


@pytest.mark.parametrize(
    ("opens_minute", "closes_minute", "worked"),
    [
        (150, 300, 2 * HOUR),  # 2:30 is skipped: doors open at 3:00
        (130, 150, timedelta(0)),  # the whole span is skipped
        (60, 150, HOUR),  # closes at the gap
    ],
)
def test_a_time_that_the_clock_skips_means_the_end_of_the_gap(
    opens_minute: int, closes_minute: int, worked: timedelta
) -> None:
    span = DaySpan(opens_minute=opens_minute, closes_minute=closes_minute)
    calendar = a_calendar(week=((),) * 6 + ((span,),), country="")
    spans = calendar.spans_on(date(2026, 3, 8))
    assert all(one.opens_at < one.closes_at for one in spans)
    assert sum((one.closes_at - one.opens_at for one in spans), timedelta(0)) == worked


def test_a_time_that_comes_twice_means_its_first_coming() -> None:
    calendar = a_calendar(week=((),) * 6 + (hours("1:30-5:00"),), country="")
    (span,) = calendar.spans_on(date(2026, 11, 1))
    assert span.opens_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert span.closes_at - span.opens_at == 4.5 * HOUR


def test_an_instant_after_its_midnight_belongs_to_the_new_day_though_the_clock_shows_the_old_one() -> None:
    """St. John's set its clock back at 0:01 until 2011, so Saturday's last hour came again when Sunday had begun."""
    zone = "America/St_Johns"
    saturday = BusinessCalendar(zone=zone, week=((), (), (), (), (), ALL_DAY, ()))
    sunday = BusinessCalendar(zone=zone, week=((), (), (), (), (), (), ALL_DAY))
    repeated = datetime(2010, 11, 7, 2, 45, tzinfo=UTC)
    assert repeated.astimezone(ZoneInfo(zone)).strftime("%A %H:%M") == "Saturday 23:15"
    assert not saturday.is_open(repeated)
    assert saturday.is_open(repeated - timedelta(minutes=20))
    assert sunday.is_open(repeated)
    assert sunday.next_opening(repeated) == repeated
    assert sunday.working_time_between(repeated, repeated + 5 * MINUTE) == 5 * MINUTE
    assert saturday.working_time_between(repeated, repeated + 5 * MINUTE) == timedelta(0)


def test_parts_of_a_calendar_must_be_whole() -> None:
    with pytest.raises(AssertionError, match="seven days"):
        a_calendar(week=(ALL_DAY,))
    with pytest.raises(AssertionError, match="within one day"):
        DaySpan(opens_minute=600, closes_minute=600)
    with pytest.raises(AssertionError, match="never taken away"):
        a_calendar().add_working_time(at("Friday 20 November 2026 09:00:00"), -MINUTE)


@pytest.mark.parametrize(
    ("country", "subdivision", "is_known"),
    [("US", "", True), ("US", "CA", True), ("DE", "BY", True), ("US", "ZZ", False), ("XX", "", False)],
)
def test_countries_and_their_parts_are_known_by_the_library(country: str, subdivision: str, is_known: bool) -> None:
    assert is_known_country(country, subdivision) is is_known


# --- brute force -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("zone", "change"), CHANGES)
def test_the_nights_of_the_brute_force_are_those_in_which_the_clock_changes(zone: str, change: datetime) -> None:
    before, after = ((change + step).astimezone(ZoneInfo(zone)).utcoffset() for step in (-MINUTE, timedelta(0)))
    assert before != after


@settings(max_examples=150, deadline=None)
@given(calendars_near_a_change(), st.integers(1, 36 * 60))
def test_sums_agree_with_a_walk_minute_by_minute(near: tuple[BusinessCalendar, datetime], count: int) -> None:
    calendar, begins_at = near
    walked = list(open_minutes(calendar, begins_at, count))
    worked = sum(walked) * MINUTE
    assert calendar.working_time_between(begins_at, begins_at + count * MINUTE) == worked
    assert calendar.is_open(begins_at) is walked[0]
    if worked:
        last_open = count - walked[::-1].index(True)
        assert calendar.add_working_time(begins_at, worked) == begins_at + last_open * MINUTE
        assert calendar.next_opening(begins_at) == begins_at + walked.index(True) * MINUTE


def test_holidays_of_a_year_are_those_of_the_country() -> None:
    assert a_calendar(country="HR").holidays_in(2027)[date(2027, 12, 25)]
    assert a_calendar(country="").holidays_in(2027) == {}


def test_working_time_is_unbroken_from_one_closing_to_the_next_over_midnight_too() -> None:
    calendar = a_calendar(week=(hours("0:00-6:00", "18:00-24:00"),) * 7, country="")
    night = calendar.unbroken_around(at("Wednesday 18 November 2026 02:00:00"), reach=timedelta(days=1))
    assert night.opens_at == at("Tuesday 17 November 2026 18:00:00")
    assert night.closes_at == at("Wednesday 18 November 2026 06:00:00")
    day = a_calendar().unbroken_around(at("Wednesday 18 November 2026 13:59:59") + timedelta(seconds=1), reach=ONE_DAY)
    assert day.opens_at == at("Wednesday 18 November 2026 14:00:00")
    assert day.closes_at == at("Wednesday 18 November 2026 18:00:00")


def test_working_time_without_end_is_looked_at_as_far_as_was_asked() -> None:
    noon = datetime(2026, 11, 18, 12, tzinfo=UTC)
    found = always_open().unbroken_around(noon, reach=ONE_DAY)
    assert found.opens_at <= noon - ONE_DAY
    assert found.closes_at >= noon + ONE_DAY


def test_spans_of_a_day_are_worked_out_once_and_make_no_other_calendar() -> None:
    calendar, day = a_calendar(), date(2026, 11, 18)
    assert calendar.spans_on(day) is calendar.spans_on(day)
    assert (calendar, hash(calendar)) == (a_calendar(), hash(a_calendar()))


@pytest.mark.parametrize(
    ("said", "days", "expected"),
    [
        ("Friday 20 November 2026 10:00:00", 0, "Friday 20 November 2026 18:00:00"),
        ("Friday 20 November 2026 10:00:00", 1, "Monday 23 November 2026 18:00:00"),
        ("Saturday 21 November 2026 10:00:00", 1, "Monday 23 November 2026 18:00:00"),
        ("Monday 23 November 2026 03:00:00", 1, "Tuesday 24 November 2026 18:00:00"),
        # Thanksgiving.
        ("Wednesday 25 November 2026 23:59:59", 1, "Friday 27 November 2026 18:00:00"),
    ],
)
def test_a_working_day_ends_when_work_ends_and_the_first_day_does_not_count(
    said: str, days: int, expected: str
) -> None:
    assert a_calendar().add_working_days(at(said), days) == at(expected)


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_a_day_without_a_closing_time_has_as_many_hours_as_pass_in_it(zone: str, day: date, hours: int) -> None:
    assert always_open(zone).working_time_between(*local_midnights(zone, day)) == timedelta(hours=hours)
