"""Days of the morning list: each working day has one, from its time to the end of work; what was missed is known."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import a_calendar, at, hours
from voicebot.domain.watch_rules import MorningRules, WatchRules, due_list, list_before, list_day, missed_lists

CALENDAR = a_calendar()
RULES = MorningRules()


@pytest.mark.requirement("D-07")
@pytest.mark.parametrize(
    ("now", "is_due"),
    [
        ("Wednesday 18 November 2026 08:29:59", False),
        ("Wednesday 18 November 2026 08:30:00", True),
        ("Wednesday 18 November 2026 17:59:59", True),
        ("Wednesday 18 November 2026 18:00:00", False),
        ("Saturday 21 November 2026 08:30:00", False),
        ("Thursday 26 November 2026 10:00:00", False),  # Thanksgiving
        ("Monday 9 March 2026 08:30:00", True),  # the day after clocks went forward
    ],
)
def test_a_list_is_due_on_working_days_until_work_ends(now: str, *, is_due: bool) -> None:
    assert (due_list(CALENDAR, RULES, at(now)) is not None) is is_due


@pytest.mark.requirement("D-07")
@pytest.mark.parametrize(
    ("said", "day", "due_at"),
    [
        (time(8, 30), date(2026, 3, 8), datetime(2026, 3, 8, 12, 30, tzinfo=UTC)),  # clocks went forward at two
        (time(2, 30), date(2026, 3, 8), datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),  # no such time: 3:30 it is
        (time(8, 30), date(2026, 11, 1), datetime(2026, 11, 1, 13, 30, tzinfo=UTC)),  # clocks went back at two
        (time(1, 30), date(2026, 11, 1), datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),  # twice: the first time
    ],
)
def test_where_sundays_are_worked_a_list_is_due_once_on_days_with_23_and_25_hours(
    said: time, day: date, due_at: datetime
) -> None:
    calendar, rules = a_calendar(week=(hours("9:00-17:00"),) * 7, country=""), MorningRules(at=said)
    found = list_day(calendar, rules, day)
    assert found is not None
    assert found.at == due_at
    assert due_list(calendar, rules, due_at - timedelta(seconds=1)) is None
    asked = (due_at + timedelta(minutes=15 * step) for step in range(96))
    assert {each for now in asked if (each := due_list(calendar, rules, now)) and each.day == day} == {found}


def test_a_list_after_work_is_sent_until_midnight() -> None:
    rules = MorningRules(at=time(20))
    assert due_list(CALENDAR, rules, at("Wednesday 18 November 2026 23:59:59")) is not None
    assert due_list(CALENDAR, rules, at("Thursday 19 November 2026 00:00:00")) is None


def test_the_list_before_mondays_is_fridays() -> None:
    found = list_before(CALENDAR, RULES, date(2026, 11, 23))
    assert found == list_day(CALENDAR, RULES, date(2026, 11, 20))


def test_before_a_month_without_work_there_is_no_list() -> None:
    closed = a_calendar(week=((),) * 7, country="")
    assert list_before(closed, RULES, date(2026, 11, 23)) is None


def test_missed_are_the_working_days_since_the_last_list() -> None:
    missed = missed_lists(CALENDAR, RULES, last=date(2026, 11, 18), day=date(2026, 11, 24))
    assert missed == (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23))
    assert missed_lists(CALENDAR, RULES, last=date(2026, 11, 20), day=date(2026, 11, 23)) == ()


def test_without_a_file_the_list_comes_at_half_past_eight() -> None:
    assert WatchRules().morning.at == time(8, 30)
