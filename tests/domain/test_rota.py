"""Who is on duty: tables with weekdays in words, and brute force over the nights in which clocks change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import MONDAY_TEN, a_calendar, a_change, a_person, a_shift, always_open, at, hours
from tests.domain.clock_changes import DAYS, MINUTE, calendars_near_a_change, local_midnights, open_minutes
from voicebot.domain.business_calendar import BusinessCalendar, SpecialDay
from voicebot.domain.rota import (
    LOOK_AHEAD,
    ChangeKind,
    Person,
    Rota,
    RotaChange,
    Shift,
    check_change,
    check_shift,
)
from voicebot.errors import Refused

HOUR = timedelta(hours=1)
MONDAY_NINE = at("Monday 23 November 2026 09:00:00")


def a_rota(*people: Person, calendar: BusinessCalendar | None = None) -> Rota:
    return Rota(people=people, calendar=calendar or a_calendar())


def ids(people: tuple[Person, ...]) -> list[str]:
    return [person.id for person in people]


@pytest.mark.parametrize(
    ("said", "is_on"),
    [
        ("Monday 23 November 2026 07:59:59", False),
        ("Monday 23 November 2026 08:00:00", True),
        ("Monday 23 November 2026 11:59:59", True),
        ("Monday 23 November 2026 12:00:00", False),  # between the halves of a split shift
        ("Monday 23 November 2026 15:00:00", True),
        ("Monday 23 November 2026 23:59:59", True),  # long after the company has closed
        ("Tuesday 24 November 2026 00:00:00", False),
        ("Tuesday 24 November 2026 10:00:00", False),
        ("Monday 25 May 2026 10:00:00", False),  # Memorial Day
    ],
)
def test_split_shift_begins_with_its_first_second_and_ends_before_its_last(said: str, is_on: bool) -> None:
    rota = a_rota(a_person("anna", "Monday 8:00-12:00", "Monday 15:00-24:00"))
    assert ids(rota.on_duty(at(said))) == (["anna"] if is_on else [])


def test_whoever_has_no_shifts_works_in_opening_hours() -> None:
    rota = a_rota(a_person("anna"))
    assert ids(rota.on_duty(MONDAY_NINE)) == ["anna"]
    assert not rota.on_duty(at("Monday 23 November 2026 13:30:00"))  # lunch
    assert not rota.on_duty(at("Thursday 26 November 2026 10:00:00"))  # Thanksgiving
    assert not rota.has_shifts("handler")


def test_whoever_works_on_dates_works_only_there_and_a_week_of_theirs_counts_beside() -> None:
    dated = a_person("anna", has_dated_shifts=True)
    rota = a_rota(dated)
    assert not rota.is_on_duty(dated, MONDAY_TEN)
    assert rota.next_of(dated, MONDAY_TEN) is None
    assert rota.has_shifts("handler")
    there = replace(dated, changes=(a_change("anna", kind=ChangeKind.HERE),))
    assert a_rota(there).is_on_duty(there, MONDAY_TEN)
    weekly = replace(dated, shifts=(a_shift("anna", "Monday 9:00-11:00"),))
    assert a_rota(weekly).is_on_duty(weekly, MONDAY_NINE)


def test_special_day_has_its_hours_for_all_who_work_on_that_weekday() -> None:
    eve = SpecialDay(on=date(2026, 12, 24), spans=hours("9:00-12:00"))
    rota = a_rota(
        a_person("anna", "Thursday 7:00-20:00"),
        a_person("ben", "Friday 9:00-17:00"),
        calendar=a_calendar(special_days=(eve,)),
    )
    assert ids(rota.on_duty(at("Thursday 24 December 2026 09:00:00"))) == ["anna"]
    assert not rota.on_duty(at("Thursday 24 December 2026 08:00:00"))
    assert not rota.on_duty(at("Thursday 24 December 2026 12:00:00"))


@pytest.mark.requirement("D-05")
def test_whoever_is_away_is_not_on_duty_until_then() -> None:
    sick = a_change("anna", begins_at=MONDAY_NINE + HOUR, ends_at=MONDAY_NINE + 2 * HOUR)
    anna = a_person("anna", changes=(sick,))
    rota = a_rota(anna)
    assert [rota.is_on_duty(anna, MONDAY_NINE + half * HOUR / 2) for half in range(6)] == [1, 1, 0, 0, 1, 1]
    assert rota.away_until(anna, MONDAY_NINE + HOUR) == MONDAY_NINE + 2 * HOUR
    assert rota.away_until(anna, MONDAY_NINE) is None
    assert rota.away_until(anna, MONDAY_NINE + 2 * HOUR) is None


def test_of_two_changes_that_meet_the_one_made_last_holds() -> None:
    sunday = at("Sunday 22 November 2026 10:00:00")
    here = a_change("anna", id="1", kind=ChangeKind.HERE, begins_at=sunday, ends_at=sunday + 4 * HOUR)
    away = a_change("anna", id="2", begins_at=sunday + HOUR, ends_at=sunday + 2 * HOUR, made_at=here.made_at + MINUTE)
    for made, is_on in (((here, away), False), ((here, replace(away, made_at=here.made_at - MINUTE)), True)):
        anna = a_person("anna", changes=made)
        assert a_rota(anna).is_on_duty(anna, sunday + HOUR) is is_on
        assert a_rota(anna).is_on_duty(anna, sunday)


def test_swap_takes_one_and_brings_another() -> None:
    stretch = {"begins_at": MONDAY_NINE, "ends_at": MONDAY_NINE + 4 * HOUR, "swap_id": "swap-1"}
    anna = a_person("anna", "Monday 9:00-13:00", changes=(a_change("anna", **stretch),))
    ben = a_person("ben", "Friday 9:00-13:00", changes=(a_change("ben", kind=ChangeKind.HERE, **stretch),))
    rota = a_rota(anna, ben)
    assert ids(rota.on_duty(MONDAY_NINE)) == ["ben"]
    assert ids(rota.on_duty(MONDAY_NINE + 7 * 24 * HOUR)) == ["anna"]


@pytest.mark.requirement("S4-15")
def test_one_person_with_several_roles_stands_in_each_or_in_one_of_them_by_shift() -> None:
    anna = a_person("anna", roles=("supervisor",))
    by_day = (a_shift("anna", "Monday 9:00-17:00"), a_shift("anna", "Tuesday 9:00-17:00", role="supervisor"))
    anna = replace(anna, shifts=by_day)
    rota = a_rota(anna)
    assert ids(rota.on_duty(MONDAY_NINE, "handler")) == ids(rota.on_duty(MONDAY_NINE, "supervisor")) == ["anna"]
    tuesday = MONDAY_NINE + 24 * HOUR
    assert ids(rota.on_duty(tuesday, "supervisor")) == ["anna"]
    assert not rota.on_duty(tuesday, "handler")
    assert not rota.on_duty(MONDAY_NINE, "executive")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Monday 23 November 2026 09:00:00", "Monday 23 November 2026 09:00:00"),
        ("Monday 23 November 2026 13:00:00", "Tuesday 24 November 2026 07:00:00"),
        ("Tuesday 24 November 2026 08:00:00", "Monday 30 November 2026 09:00:00"),
    ],
)
def test_next_instant_at_which_somebody_of_a_role_is_there(asked: str, found: str) -> None:
    rota = a_rota(a_person("anna", "Monday 9:00-13:00"), a_person("ben", "Tuesday 7:00-8:00"))
    assert rota.next_on_duty(at(asked), "handler") == at(found)
    assert rota.next_on_duty(at(asked), "executive") is None


def test_nobody_is_looked_for_for_ever() -> None:
    gone = a_change("anna", begins_at=MONDAY_NINE - HOUR, ends_at=MONDAY_NINE + LOOK_AHEAD + timedelta(days=30))
    assert a_rota(a_person("anna", "Monday 9:00-13:00", changes=(gone,))).next_on_duty(MONDAY_NINE, "handler") is None


def test_languages_are_compared_without_their_country() -> None:
    assert a_person("anna", languages=("en", "hr")).speaks("en-US")
    assert not a_person("anna", languages=("hr",)).speaks("en")
    assert a_person("anna").speaks("ru")


# --- brute force -------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(calendars_near_a_change(), st.booleans())
def test_minute_by_minute_a_shift_is_what_the_wall_clock_shows(
    near: tuple[BusinessCalendar, datetime], has_shifts: bool
) -> None:
    calendar, begins_at = near
    rota = a_rota(_with_week(calendar, has_shifts=has_shifts), calendar=calendar)
    if has_shifts and not any(calendar.week):
        return
    minutes = 6 * 60
    spans = rota.duty_spans(rota.people[0], begins_at, begins_at + minutes * MINUTE)
    for count, is_open in enumerate(open_minutes(calendar, begins_at, minutes)):
        minute = begins_at + count * MINUTE
        assert any(span.opens_at <= minute < span.closes_at for span in spans) is is_open, minute


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_minute_by_minute_the_change_made_last_holds_and_else_the_shift(data: st.DataObject) -> None:
    calendar, begins_at = data.draw(calendars_near_a_change())
    changes = tuple(
        _change(number, begins_at, drawn)
        for number, drawn in enumerate(
            data.draw(st.lists(st.tuples(st.integers(-90, 300), st.integers(1, 200), st.booleans()), max_size=4))
        )
    )
    anna = replace(_with_week(calendar, has_shifts=True), changes=changes)
    if not anna.shifts:
        return
    rota, plain = a_rota(anna, calendar=calendar), a_rota(replace(anna, changes=()), calendar=calendar)
    for count in range(0, 240, 5):
        minute = begins_at + count * MINUTE
        covering = [change for change in changes if change.begins_at <= minute < change.ends_at]
        expected = covering[-1].kind is ChangeKind.HERE if covering else plain.is_on_duty(plain.people[0], minute)
        assert rota.is_on_duty(anna, minute) is expected
        found = rota.next_on_duty(minute, "handler")
        assert (found == minute) is expected
        assert found is None or (found >= minute and rota.is_on_duty(anna, found))


def _with_week(calendar: BusinessCalendar, *, has_shifts: bool) -> Person:
    shifts = tuple(
        Shift(
            id=f"{weekday}-{number}",
            staff_id="anna",
            weekday=weekday,
            opens_minute=span.opens_minute,
            closes_minute=span.closes_minute,
        )
        for weekday, spans in enumerate(calendar.week)
        for number, span in enumerate(spans)
    )
    return replace(a_person("anna"), shifts=shifts if has_shifts else ())


def _change(number: int, begins_at: datetime, drawn: tuple[int, int, bool]) -> RotaChange:
    first, length, is_here = drawn
    return a_change(
        "anna",
        id=str(number),
        kind=ChangeKind.HERE if is_here else ChangeKind.AWAY,
        begins_at=begins_at + first * MINUTE,
        ends_at=begins_at + (first + length) * MINUTE,
        made_at=datetime(2026, 1, 1, tzinfo=UTC) + number * MINUTE,
    )


# --- what is refused ---------------------------------------------------------------------------------------


def test_shift_that_is_none_or_meets_another_is_refused() -> None:
    nine = a_shift("anna", "Monday 9:00-13:00")
    check_shift(replace(nine, id="2", opens_minute=13 * 60, closes_minute=18 * 60), [nine])
    for wrong in (
        replace(nine, weekday=7),
        replace(nine, closes_minute=nine.opens_minute),
        replace(nine, closes_minute=24 * 60 + 1),
        replace(nine, id="2", opens_minute=12 * 60),
    ):
        with pytest.raises(Refused, match="adding a shift"):
            check_shift(wrong, [nine])
    check_shift(replace(nine, id="2", staff_id="ben"), [nine])


def test_change_that_ends_before_it_begins_or_is_over_or_lasts_for_years_is_refused() -> None:
    change = a_change()
    check_change(change, now=change.begins_at)
    for wrong, now in (
        (replace(change, ends_at=change.begins_at), change.begins_at),
        (change, change.ends_at),
        (replace(change, ends_at=change.begins_at + timedelta(days=401)), change.begins_at),
    ):
        with pytest.raises(Refused, match="changing the rota"):
            check_change(wrong, now=now)


def test_a_shift_says_its_hours_and_for_which_role() -> None:
    assert a_shift("anna", "Monday 9:00-13:05").hours == "9:00-13:05"
    assert a_shift("anna", "Monday 9:00-24:00", role="supervisor").hours == "9:00-24:00 (supervisor)"


def test_a_rota_without_somebody_has_them_away_even_where_a_change_says_here() -> None:
    here = a_change("anna", kind=ChangeKind.HERE, begins_at=MONDAY_NINE, ends_at=MONDAY_NINE + 8 * HOUR)
    rota = a_rota(a_person("anna", changes=(here,)), a_person("ben"))
    without = rota.without("anna", MONDAY_NINE, MONDAY_NINE + HOUR)
    assert ids(without.on_duty(MONDAY_NINE)) == ["ben"]
    assert ids(without.on_duty(MONDAY_NINE + HOUR)) == ["anna", "ben"]
    assert ids(rota.on_duty(MONDAY_NINE)) == ["anna", "ben"], "the rota itself stays"


def test_a_person_is_found_by_id_and_on_duty_only_in_a_role_that_is_theirs() -> None:
    rota = a_rota(a_person("anna"))
    anna = rota.person("anna")
    assert anna is not None
    assert rota.person("nobody") is None
    assert rota.duty_spans(anna, MONDAY_NINE, MONDAY_NINE + HOUR, role="supervisor") == ()
    assert len(rota.duty_spans(anna, MONDAY_NINE, MONDAY_NINE + HOUR, role="handler")) == 1


def test_a_stretch_here_for_one_role_counts_for_no_other() -> None:
    night = at("Monday 23 November 2026 22:00:00")
    here = a_change("anna", kind=ChangeKind.HERE, begins_at=night, ends_at=night + HOUR, role="supervisor")
    anna = a_person("anna", changes=(here,), roles=("supervisor",))
    rota = a_rota(anna)
    assert rota.duty_spans(anna, night, night + HOUR, role="handler") == ()
    assert len(rota.duty_spans(anna, night, night + HOUR, role="supervisor")) == 1


@pytest.mark.parametrize(("zone", "day", "hours"), DAYS)
def test_who_is_here_over_a_change_of_the_clock_works_as_many_hours_as_pass(zone: str, day: date, hours: int) -> None:
    begins_at, ends_at = local_midnights(zone, day)
    here = a_change(kind=ChangeKind.HERE, begins_at=begins_at - HOUR, ends_at=ends_at + HOUR)
    person = a_person(changes=(here,))
    (span,) = Rota(people=(person,), calendar=always_open(zone)).duty_spans(person, begins_at, ends_at)
    assert span.closes_at - span.opens_at == timedelta(hours=hours)


def test_who_stands_beside_the_rota_is_found_and_has_no_hours() -> None:
    ben = a_person("ben", changes=(a_change("ben", begins_at=MONDAY_NINE, ends_at=MONDAY_NINE + HOUR),))
    rota = replace(a_rota(a_person("anna")), beside=(ben,))
    assert rota.person("ben") == ben
    assert [person.id for person in rota.on_duty(MONDAY_NINE)] == ["anna"]
    assert rota.next_of(ben, MONDAY_NINE) is None
    assert rota.without("anna", MONDAY_NINE, MONDAY_NINE + HOUR).away_until(ben, MONDAY_NINE) is not None
