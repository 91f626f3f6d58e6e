"""The next try of somebody who was not reached: another day, another time of day."""

from datetime import timedelta

import pytest

from tests.builders import a_calendar, at
from voicebot.domain.callback_rules import CallbackRules
from voicebot.domain.callback_window import CallbackWindow
from voicebot.domain.try_spacing import next_try_not_before, window_of_next_try


def window(opens: str) -> CallbackWindow:
    opens_at = at(opens)
    return CallbackWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=2))


NEW_YORK = a_calendar()
MONDAY_NINE = window("Monday 16 November 2026 09:00:00")
WEDNESDAY = [window(f"Wednesday 18 November 2026 {hour}:00:00") for hour in ("09", "11", "14", "16")]
FRIDAY = [window(f"Friday 20 November 2026 {hour}:00:00") for hour in ("09", "11", "14", "16")]


@pytest.mark.parametrize(
    ("windows", "over_days", "tried", "day"),
    [
        (3, 5, 1, "Tuesday 17"),
        (3, 5, 2, "Thursday 19"),
        (2, 5, 1, "Thursday 19"),
        (3, 1, 1, "Monday 16"),
        (5, 5, 1, "Monday 16"),
    ],
)
def test_windows_are_spread_over_the_working_days_of_the_policy(
    windows: int, over_days: int, tried: int, day: str
) -> None:
    rules = CallbackRules(windows=windows, windows_over_days=over_days)
    not_before = next_try_not_before(rules, NEW_YORK, (MONDAY_NINE, WEDNESDAY[3])[:tried])
    assert not_before == at(f"{day} November 2026 18:00:00")


def test_the_next_window_lies_as_far_by_the_clock_as_the_day_allows() -> None:
    assert window_of_next_try([*WEDNESDAY, *FRIDAY], [MONDAY_NINE], NEW_YORK) == WEDNESDAY[3]
    assert window_of_next_try(FRIDAY, [MONDAY_NINE, WEDNESDAY[3]], NEW_YORK) == FRIDAY[1]


def test_where_only_the_same_time_is_left_it_is_taken() -> None:
    assert window_of_next_try([WEDNESDAY[0]], [MONDAY_NINE], NEW_YORK) == WEDNESDAY[0]
    assert window_of_next_try([], [MONDAY_NINE], NEW_YORK) is None
