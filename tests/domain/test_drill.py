"""A drill begins once a month, on its day or the next working day, and never at night."""

from datetime import time, timedelta

import pytest

from tests.builders import MONDAY_TEN, a_calendar, a_drill, at
from voicebot.domain.drill import DrillRules, due_drill

pytestmark = pytest.mark.requirement("D-10")


@pytest.mark.parametrize(
    ("now", "drill"),
    [
        ("Tuesday 10 November 2026 10:59:59", ""),
        ("Tuesday 10 November 2026 11:00:00", "2026-11"),
        ("Tuesday 10 November 2026 13:30:00", ""),  # nobody works over lunch
        ("Tuesday 10 November 2026 18:00:00", ""),
        ("Wednesday 11 November 2026 10:00:00", ""),  # Veterans Day
        ("Thursday 12 November 2026 09:00:00", "2026-11"),
        ("Tuesday 17 November 2026 10:59:59", "2026-11"),
        ("Tuesday 17 November 2026 11:00:00", ""),
        ("Monday 12 October 2026 11:00:00", ""),  # Columbus Day
        ("Tuesday 13 October 2026 09:00:00", "2026-10"),
    ],
)
def test_it_begins_in_working_time_within_a_week_of_its_day(now: str, drill: str) -> None:
    assert due_drill(a_calendar(), DrillRules(), at(now)) == drill


def test_day_and_hour_are_policy_and_without_rules_there_is_none() -> None:
    rules = DrillRules(day=1, at=time(16))
    assert due_drill(a_calendar(), rules, at("Tuesday 1 December 2026 16:00:00")) == "2026-12"
    assert due_drill(a_calendar(), None, at("Tuesday 1 December 2026 16:00:00")) == ""


@pytest.mark.parametrize(
    ("now", "drill"),
    [
        ("Saturday 28 November 2026 12:00:00", ""),
        ("Monday 30 November 2026 09:00:00", "2026-11"),
        ("Monday 1 March 2027 09:00:00", "2027-02"),  # the 28th was a Sunday
        ("Sunday 7 March 2027 12:00:00", ""),
        ("Monday 8 March 2027 09:00:00", ""),
    ],
)
def test_a_late_day_of_the_month_without_work_gives_its_drill_to_the_next_month(now: str, drill: str) -> None:
    assert due_drill(a_calendar(), DrillRules(day=28), at(now)) == drill


def test_it_fails_when_its_time_is_over_without_an_answer() -> None:
    drill = a_drill()
    assert not drill.has_failed(drill.ends_at - timedelta(seconds=1))
    assert drill.has_failed(drill.ends_at)
    assert not a_drill(answered_at=MONDAY_TEN).has_failed(drill.ends_at)


def test_nothing_quiets_a_drill_but_an_answer() -> None:
    assert a_drill().quiet_until is None
