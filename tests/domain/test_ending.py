"""How a case may end without the complainant's yes."""

from datetime import timedelta

import pytest

from tests.builders import a_calendar, at
from voicebot.domain.ending import EndingRules, waits_until, why_not_given_up

RULES = EndingRules(answer_waits_days=3, tries=2, tries_over_days=3)


@pytest.mark.parametrize(
    ("answered", "closes"),
    [
        ("Monday 16 November 2026 10:00:00", "Thursday 19 November 2026 18:00:00"),
        ("Monday 16 November 2026 06:00:00", "Thursday 19 November 2026 18:00:00"),
        ("Monday 16 November 2026 23:00:00", "Thursday 19 November 2026 18:00:00"),
        ("Saturday 21 November 2026 10:00:00", "Wednesday 25 November 2026 18:00:00"),
        ("Tuesday 24 November 2026 10:00:00", "Monday 30 November 2026 18:00:00"),  # Thanksgiving does not count
        ("Friday 30 October 2026 10:00:00", "Wednesday 04 November 2026 18:00:00"),  # the clock goes back between
    ],
)
def test_an_answer_waits_whole_working_days_after_its_own(answered: str, closes: str) -> None:
    assert waits_until(RULES, a_calendar(), at(answered)) == at(closes)


@pytest.mark.requirement("S4-16")
def test_not_reached_is_said_after_enough_tries_over_enough_days() -> None:
    first = at("Monday 16 November 2026 10:00:00")
    tries = (first, first + timedelta(minutes=10))
    over = at("Thursday 19 November 2026 18:00:00")
    assert why_not_given_up(RULES, a_calendar(), tries[:1], now=over) == "2 tries are asked for, and 1 were made"
    assert "3 working days" in why_not_given_up(RULES, a_calendar(), tries, now=over - timedelta(seconds=1))
    assert why_not_given_up(RULES, a_calendar(), tries, now=over) == ""
