"""How many callbacks the people on duty make."""

from datetime import date, timedelta

import pytest

from tests.builders import a_calendar, a_change, a_person, at
from voicebot.domain.rota import Rota
from voicebot.domain.staffing import Staffing

NINE = at("Wednesday 18 November 2026 09:00:00")
HOUR = timedelta(hours=1)
WEDNESDAY = date(2026, 11, 18)


def staffing(*, fill_percent: int = 100) -> Staffing:
    people = (
        a_person("anna"),
        a_person("ben", "Wednesday 10:00-12:00"),
        a_person("cem", "Wednesday 9:00-18:00", role="supervisor"),
        a_person("dora", changes=(a_change("dora", begins_at=NINE, ends_at=NINE + 72 * HOUR),)),
    )
    return Staffing(rota=Rota(people=people, calendar=a_calendar()), calls_an_hour=4, fill_percent=fill_percent)


@pytest.mark.parametrize(
    ("begins", "ends", "calls"),
    [
        (0, 1, 4.0),  # Anna alone
        (1, 2, 8.0),  # Anna and Ben
        (0.5, 1.5, 6.0),  # half of that hour with Ben
        (4, 5, 0.0),  # lunch, for Ben is gone
        (3, 6, 8.0),  # an hour before and an hour after it
        (0, 0, 0.0),
    ],
)
def test_each_person_on_duty_makes_so_many_an_hour(begins: float, ends: float, calls: float) -> None:
    assert staffing().between(NINE + begins * HOUR, NINE + ends * HOUR) == pytest.approx(calls)


def test_slack_is_left() -> None:
    assert staffing(fill_percent=80).between(NINE, NINE + HOUR) == pytest.approx(3.2)


def test_day_is_one_of_the_company_and_may_have_begun() -> None:
    assert staffing().on_day(WEDNESDAY) == pytest.approx(4 * 8 + 4 * 2)
    assert staffing().on_day(WEDNESDAY, since=NINE + 5 * HOUR) == pytest.approx(4 * 4)
    assert staffing().on_day(WEDNESDAY, since=NINE + 24 * HOUR) == 0
    assert staffing().on_day(WEDNESDAY + timedelta(days=3)) == 0


def test_the_same_stretch_asked_for_again_makes_the_same_calls() -> None:
    people = staffing()
    first = people.between(NINE, NINE + HOUR)
    assert people.between(NINE, NINE + HOUR) == first == pytest.approx(4.0)
