"""The rota as staff edit it: shifts, changes, swaps, profiles, calendars; what is impossible changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import a_shift
from tests.service.lines import Line
from tests.service.meanwhile import before_asking
from tests.service.staff.team import join_team
from voicebot.domain.instants import read_instant
from voicebot.domain.rota import ChangeKind, RotaProfile
from voicebot.domain.staff import Role
from voicebot.errors import Refused
from voicebot.service.staff.accounts import disable_account
from voicebot.service.staff.rota import (
    Stretch,
    add_change,
    add_shift,
    feed_owner,
    open_feed,
    possible_people,
    remove_change,
    remove_shift,
    rota_of,
    save_profile,
    swap,
    view_rota,
)

HOUR = timedelta(hours=1)


def stretch(line: Line, staff_id: str = "owner_1", *, hours: float = 2, **changes: str) -> Stretch:
    now = line.clock.now()
    return Stretch(staff_id=staff_id, begins_at=now, ends_at=now + hours * HOUR, **changes)


def on_duty(line: Line, role: str = "handler") -> list[str]:
    return [person.id for person in view_rota(line.hotline).on_duty(line.clock.now(), role)]


def test_without_a_rota_everybody_of_the_policy_works_in_opening_hours(line: Line) -> None:
    assert on_duty(line) == ["owner_1"]
    assert on_duty(line, "executive") == ["executive_1"]
    line.step(hours=9)
    assert not on_duty(line)


def test_account_stands_on_the_rota_once_the_rota_says_something_of_it(line: Line) -> None:
    assert join_team(line, "Anna").staff_id == "anna"
    assert on_duty(line) == ["owner_1", "anna"]
    join_team(line, "Ben", "Thursday 9:00-17:00")
    assert on_duty(line) == ["owner_1", "anna"]
    disable_account(line.hotline, "anna@firm.example")
    assert on_duty(line) == ["owner_1"]
    assert {member.id for member in possible_people(line.hotline)} >= {"owner_1", "executive_1", "ben"}


def test_shift_is_added_and_taken_away(line: Line) -> None:
    shift = add_shift(line.hotline, a_shift("owner_1", "Thursday 9:00-13:00", role="Handler"), actor="boss")
    assert shift.role == "handler"
    assert not on_duty(line)
    remove_shift(line.hotline, shift.id, actor="boss")
    assert on_duty(line) == ["owner_1"]


@pytest.mark.requirement("D-05")
def test_away_until_and_here_until(line: Line) -> None:
    away = add_change(line.hotline, ChangeKind.AWAY, stretch(line, note="dentist\x00"), actor="owner_1")
    assert away.note == "dentist"
    assert not on_duty(line)
    line.step(hours=2)
    assert on_duty(line) == ["owner_1"]
    line.step(hours=9)
    add_change(line.hotline, ChangeKind.HERE, stretch(line), actor="owner_1")
    assert on_duty(line) == ["owner_1"]
    assert view_rota(line.hotline).people[0].changes[-1].kind is ChangeKind.HERE


def test_swap_is_taken_back_with_both_halves(line: Line) -> None:
    join_team(line, "Anna", "Monday 9:00-17:00")
    _away, here = swap(line.hotline, stretch(line), stands_in="anna", actor="boss")
    assert on_duty(line) == ["anna"]
    remove_change(line.hotline, here.id, actor="boss")
    assert on_duty(line) == ["owner_1"]


def test_profile_keeps_roles_languages_cap_and_not_the_address_of_a_calendar(line: Line) -> None:
    token = open_feed(line.hotline, "owner_1", actor="owner_1")
    wanted = RotaProfile(
        staff_id="owner_1", roles=("Supervisor", "supervisor"), languages=(" EN ", ""), load_cap=3, feed_token="mine"
    )
    kept = save_profile(line.hotline, wanted, actor="boss")
    assert kept == replace(wanted, roles=("supervisor",), languages=("en",), feed_token=token)
    assert on_duty(line, "supervisor") == ["owner_1", "supervisor_1"]


def test_new_address_of_a_calendar_ends_the_one_before(line: Line) -> None:
    first = open_feed(line.hotline, "owner_1", actor="owner_1")
    owner = feed_owner(line.hotline, first)
    assert owner is not None
    assert owner.id == "owner_1"
    second = open_feed(line.hotline, "owner_1", actor="owner_1")
    assert feed_owner(line.hotline, first) is None
    assert feed_owner(line.hotline, second) is not None
    assert feed_owner(line.hotline, "") is None


def away(line: Line, wanted: Stretch) -> object:
    return add_change(line.hotline, ChangeKind.AWAY, wanted, actor="boss")


def profile(line: Line, **wrong: Any) -> object:
    return save_profile(line.hotline, RotaProfile(staff_id="owner_1", **wrong), actor="boss")


IMPOSSIBLE: dict[str, tuple[Callable[[Line], object], str]] = {
    "nobody of that name": (lambda line: away(line, stretch(line, "gone_1")), "goes by"),
    "no time at all": (lambda line: away(line, stretch(line, hours=0)), "end after"),
    "a long note": (lambda line: away(line, stretch(line, note="x" * 201)), "201"),
    "instead of oneself": (
        lambda line: swap(line.hotline, stretch(line), stands_in="owner_1", actor="b"),
        "themselves",
    ),
    "a swap with nobody": (lambda line: swap(line.hotline, stretch(line), stands_in="gone_1", actor="b"), "goes by"),
    "a shift of nobody": (
        lambda line: add_shift(line.hotline, a_shift("x", "Monday 9:00-10:00"), actor="b"),
        "goes by",
    ),
    "no such shift": (lambda line: remove_shift(line.hotline, "gone", actor="b"), "gone"),
    "no such change": (lambda line: remove_change(line.hotline, "gone", actor="b"), "gone"),
    "a negative cap": (lambda line: profile(line, load_cap=-1), "from 0"),
    "no role": (lambda line: profile(line, roles=("a,b",)), "a role"),
    "many roles": (lambda line: profile(line, roles=("a",) * 21), "20"),
    "a calendar of nobody": (lambda line: open_feed(line.hotline, "gone_1", actor="b"), "goes by"),
}


@pytest.mark.parametrize("what", IMPOSSIBLE)
def test_what_is_impossible_is_said_and_changes_nothing(line: Line, what: str) -> None:
    before = view_rota(line.hotline)
    action, said = IMPOSSIBLE[what]
    with pytest.raises(Refused, match=said):
        action(line)
    assert view_rota(line.hotline) == before


def test_role_of_an_account_counts_on_the_rota(line: Line) -> None:
    join_team(line, "Anna", role=Role.SUPERVISOR)
    assert on_duty(line, "supervisor") == ["supervisor_1", "anna"]


@pytest.mark.requirement("D-05")
@pytest.mark.parametrize(
    ("night", "ends"),
    [
        ("2026-03-08 02:30", "2026-03-08T07:30:00+00:00"),  # skipped: an hour later, 3:30 by the new clock
        ("2026-11-01 01:30", "2026-11-01T05:30:00+00:00"),  # shown twice: the first one
        ("2026-11-01 02:30", "2026-11-01T07:30:00+00:00"),  # once: after the hour that happened twice
    ],
)
def test_away_until_half_past_in_the_night_the_clock_changes(line: Line, night: str, ends: str) -> None:
    until = read_instant(night, "America/New_York")
    assert until.isoformat() == ends
    line.clock.at = until - timedelta(hours=6)
    away = Stretch(staff_id="owner_1", begins_at=line.clock.at, ends_at=until)
    add_change(line.hotline, ChangeKind.AWAY, away, actor="owner_1")
    with line.work() as work:
        rota = rota_of(work, line.policy, now=line.clock.at)
    person = rota.person("owner_1")
    assert person is not None
    assert rota.away_until(person, until - timedelta(seconds=1)) == until
    assert rota.away_until(person, until) is None


@pytest.mark.requirement("D-05")
def test_a_form_that_is_sent_twice_changes_the_rota_once(line: Line) -> None:
    shift, wanted = a_shift("deputy_1", "Thursday 9:00-13:00"), stretch(line, note="dentist")
    shifts = [add_shift(line.hotline, shift, actor="boss") for _ in range(2)]
    changes = [add_change(line.hotline, ChangeKind.AWAY, wanted, actor="boss") for _ in range(2)]
    swaps = [swap(line.hotline, stretch(line, hours=3), stands_in="deputy_1", actor="boss") for _ in range(2)]
    assert (shifts[0], changes[0], swaps[0]) == (shifts[1], changes[1], swaps[1])
    with line.work() as work:
        assert (len(work.rota.shifts()), len(work.rota.changes(line.clock.now()))) == (1, 3)


def test_what_differs_in_a_note_or_an_end_is_another_absence(line: Line) -> None:
    for wanted in (stretch(line), stretch(line, note="dentist"), stretch(line, hours=3)):
        away(line, wanted)
    with line.work() as work:
        assert len(work.rota.changes(line.clock.now())) == 3


@pytest.mark.requirement("D-05")
def test_two_who_add_the_same_shift_at_once_add_it_once_and_the_second_is_told(line_on_postgres: Line) -> None:
    line, shift = line_on_postgres, a_shift("deputy_1", "Thursday 9:00-13:00")

    def first() -> None:
        add_shift(line.hotline, shift, actor="boss")

    second = replace(line.hotline, unit_of_work=lambda: before_asking(line, "rota", "add_shift", happens=first))
    with pytest.raises(Refused, match="has it already"):
        add_shift(second, shift, actor="deputy_1")
    with line.work() as work:
        assert len(work.rota.shifts()) == 1


def test_a_shift_on_another_day_is_another_shift(line: Line) -> None:
    for day in ("Thursday", "Friday"):
        add_shift(line.hotline, a_shift("deputy_1", f"{day} 9:00-13:00"), actor="boss")
    with line.work() as work:
        assert len(work.rota.shifts()) == 2
