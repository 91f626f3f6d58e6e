"""When somebody may be rung, by the clock of where their number is."""

from datetime import datetime

import pytest

from tests.builders import at, hours
from voicebot.domain.callback_rules import CallbackRules
from voicebot.domain.ring_hours import RingHours, is_clock_other, zones_of

HOURS = CallbackRules().ring_hours
NEW_YORK, LOS_ANGELES = ("America/New_York",), ("America/Los_Angeles",)


@pytest.mark.parametrize(
    ("when", "may"),
    [
        ("Wednesday 18 November 2026 08:59:59", False),
        ("Wednesday 18 November 2026 09:00:00", True),
        ("Wednesday 18 November 2026 19:59:59", True),
        ("Wednesday 18 November 2026 20:00:00", False),
        ("Saturday 21 November 2026 09:59:59", False),
        ("Saturday 21 November 2026 10:00:00", True),
        ("Saturday 21 November 2026 18:00:00", False),
        ("Sunday 22 November 2026 12:00:00", False),
        ("Sunday 1 November 2026 12:00:00", False),
        ("Monday 2 November 2026 09:00:00", True),
    ],
)
def test_people_are_rung_in_the_hours_of_their_day(when: str, *, may: bool) -> None:
    assert HOURS.allow(at(when), NEW_YORK) is may


def test_the_clock_is_that_of_their_number_and_of_every_zone_it_may_be_in() -> None:
    ten = at("Wednesday 18 November 2026 10:00:00")
    assert (HOURS.allow(ten, LOS_ANGELES), HOURS.allow(ten, NEW_YORK + LOS_ANGELES)) == (False, False)


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ("Wednesday 18 November 2026 07:12:30", "Wednesday 18 November 2026 09:00:00"),
        ("Wednesday 18 November 2026 10:00:00", "Wednesday 18 November 2026 10:00:00"),
        ("Saturday 21 November 2026 18:00:00", "Monday 23 November 2026 09:00:00"),
    ],
)
def test_the_next_time_is_told(when: str, then: str) -> None:
    assert HOURS.next_time(at(when), NEW_YORK) == at(then)


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+12125551234", ("America/New_York",)),
        ("+385911234567", ("Europe/Zagreb",)),
        ("+18005550143", ("Europe/Zagreb",)),
        ("+972501234567", ("Europe/Zagreb",)),
        ("nonsense", ("Europe/Zagreb",)),
    ],
)
def test_a_number_that_does_not_tell_its_zone_has_the_companys(number: str, zones: tuple[str, ...]) -> None:
    assert zones_of(number, otherwise="Europe/Zagreb") == zones


def test_a_week_may_have_no_hour_in_which_anybody_is_rung() -> None:
    never: datetime | None = type(HOURS)(week=((),) * 7).next_time(at("Monday 23 November 2026 09:00:00"), NEW_YORK)
    assert never is None


@pytest.mark.requirement("V-05")
@pytest.mark.parametrize(
    ("opens", "closes", "is_within"),
    [
        ("Wednesday 18 November 2026 09:00:00", "Wednesday 18 November 2026 11:00:00", True),
        ("Wednesday 18 November 2026 10:00:00", "Wednesday 18 November 2026 12:00:00", True),
        ("Wednesday 18 November 2026 11:00:00", "Wednesday 18 November 2026 13:00:00", False),
        ("Wednesday 18 November 2026 13:00:00", "Wednesday 18 November 2026 15:00:00", False),
        ("Wednesday 18 November 2026 08:00:00", "Wednesday 18 November 2026 10:00:00", False),
        ("Wednesday 18 November 2026 10:00:00", "Thursday 19 November 2026 10:00:00", False),
    ],
)
def test_mornings_are_the_hours_before_noon(opens: str, closes: str, *, is_within: bool) -> None:
    assert HOURS.mornings.cover(at(opens), at(closes), NEW_YORK) is is_within


def test_it_is_morning_where_it_is_so_by_every_clock_of_a_number() -> None:
    stretch = (at("Wednesday 18 November 2026 10:00:00"), at("Wednesday 18 November 2026 11:30:00"))
    assert HOURS.mornings.cover(*stretch, NEW_YORK)
    assert not HOURS.mornings.cover(*stretch, (*NEW_YORK, "America/Halifax"))


def test_hours_that_begin_after_noon_are_no_morning() -> None:
    split = RingHours(week=(hours("9:00-11:00", "11:30-13:00", "14:00-18:00"),) * 7)
    assert split.mornings.week[0] == hours("9:00-11:00", "11:30-12:00")


@pytest.mark.parametrize(
    ("zones", "is_other"),
    [
        (LOS_ANGELES, True),
        (NEW_YORK, False),
        (("America/Toronto",), False),
        (LOS_ANGELES + NEW_YORK, False),
        (("Europe/London", "Europe/Paris"), True),
    ],
)
def test_a_clock_is_another_one_where_it_shows_another_time_wherever_the_number_may_be(
    zones: tuple[str, ...], *, is_other: bool
) -> None:
    assert is_clock_other(zones, "America/New_York", at("Wednesday 18 November 2026 12:00:00")) is is_other
