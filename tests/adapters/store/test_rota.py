"""Shifts, changes and profiles as rows, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from tests.builders import MONDAY_TEN, a_change, a_shift
from tests.statements import statements_of
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.rota import ChangeKind, RotaProfile

Works = Callable[[], SqlUnitOfWork]
HOUR = timedelta(hours=1)


def test_shift_comes_back_as_it_was_written_and_goes_once(unit_of_work: Works) -> None:
    late, early = a_shift("anna", "Monday 14:00-18:00"), a_shift("anna", "Monday 9:00-13:00", role="supervisor")
    with unit_of_work() as work:
        assert [work.rota.add_shift(shift) for shift in (late, early, late)] == [True, True, False]
        assert not work.rota.add_shift(replace(late, id="the same again", closes_minute=17 * 60))
        work.commit()
    with unit_of_work() as work:
        assert work.rota.shifts() == [early, late]
        assert [work.rota.remove_shift(late.id) for _ in range(2)] == [True, False]
        assert work.rota.shifts() == [early]


def test_shift_asked_for_twice_at_once_is_one(unit_of_work: Works, at_once: Callable[..., list[Any]]) -> None:
    def add(number: int) -> bool:
        with unit_of_work() as work:
            is_new = work.rota.add_shift(replace(a_shift("anna", "Monday 9:00-13:00"), id=str(number)))
            work.commit()
            return is_new

    assert sorted(at_once(add)) == [False] * 7 + [True]


def test_changes_that_are_over_are_left_out(unit_of_work: Works) -> None:
    over = a_change(id="1", ends_at=MONDAY_TEN + HOUR)
    ahead = a_change(id="2", kind=ChangeKind.HERE, ends_at=MONDAY_TEN + 2 * HOUR, note="instead of Ben", role="deputy")
    with unit_of_work() as work:
        for change in (ahead, over):
            work.rota.add_change(change)
        work.commit()
    with unit_of_work() as work:
        assert work.rota.changes(MONDAY_TEN) == [over, ahead]
        assert work.rota.changes(MONDAY_TEN + HOUR) == [ahead]


def test_both_halves_of_a_swap_go_together(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        for name in ("anna", "ben"):
            work.rota.add_change(a_change(name, swap_id="swap-1"))
        work.rota.add_change(a_change("cem"))
        assert [work.rota.remove_change("change-anna") for _ in range(2)] == [True, False]
        assert [change.staff_id for change in work.rota.changes(MONDAY_TEN)] == ["cem"]


def test_profile_is_written_over(unit_of_work: Works) -> None:
    first = RotaProfile(staff_id="anna", roles=("supervisor", "deputy"), languages=("en",), feed_token="secret")
    with unit_of_work() as work:
        work.rota.save_profile(first)
        work.rota.save_profile(RotaProfile(staff_id="ben", load_cap=0))
        work.commit()
    with unit_of_work() as work:
        assert work.rota.profiles() == [first, RotaProfile(staff_id="ben", load_cap=0)]
        work.rota.save_profile(RotaProfile(staff_id="anna", load_cap=5, has_dated_shifts=True))
        work.commit()
    with unit_of_work() as work:
        assert work.rota.profiles()[0] == RotaProfile(staff_id="anna", load_cap=5, has_dated_shifts=True)


def test_where_nobody_has_a_rota_one_question_says_so(unit_of_work: Works, engine: Engine) -> None:
    with unit_of_work() as work, statements_of(engine) as sent:
        for _ in range(2):
            assert not [*work.rota.shifts(), *work.rota.changes(MONDAY_TEN), *work.rota.profiles()]
    assert len(sent) == 1


def test_rota_is_read_once_until_it_is_edited(unit_of_work: Works, engine: Engine) -> None:
    early = a_shift("anna", "Monday 9:00-13:00")
    with unit_of_work() as work:
        work.rota.add_shift(early)
        with statements_of(engine) as sent:
            assert [work.rota.shifts() for _ in range(2)] == [[early], [early]]
            assert not [*work.rota.changes(MONDAY_TEN), *work.rota.profiles()]
        assert len(sent) == 2
        work.rota.add_change(a_change("anna", id="away"))
        assert [change.id for change in work.rota.changes(MONDAY_TEN)] == ["away"]
        work.rota.save_profile(RotaProfile(staff_id="anna", load_cap=3))
        assert [profile.load_cap for profile in work.rota.profiles()] == [3]
        work.rota.remove_change("away")
        assert not work.rota.changes(MONDAY_TEN)
        work.rota.remove_shift(early.id)
        assert not work.rota.shifts()
