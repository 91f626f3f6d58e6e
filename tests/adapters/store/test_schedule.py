"""ScheduledTasks and kept numbers as rows, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tests.builders import MONDAY_TEN
from voicebot.service.ports import KeptSettings, TaskState, UnitOfWorkFactory

PN = "PN1"


def kept(number: int, **changes: Any) -> KeptSettings:
    row = KeptSettings(
        id=str(number), number_sid=PN, at=MONDAY_TEN + timedelta(minutes=number), values_json=f'{{"n": "{number}"}}'
    )
    return replace(row, **changes)


def test_a_task_without_a_row_never_ran(unit_of_work: UnitOfWorkFactory) -> None:
    with unit_of_work() as work:
        assert work.schedule.get("duty") == TaskState(name="duty")


def test_a_task_is_written_and_written_again(unit_of_work: UnitOfWorkFactory) -> None:
    first = TaskState(name="duty", not_before=MONDAY_TEN)
    second = TaskState(name="duty", last_run_at=MONDAY_TEN)
    for state in (first, second):
        with unit_of_work() as work:
            work.schedule.save(state)
            work.commit()
        with unit_of_work() as work:
            assert work.schedule.get("duty") == state


def test_of_many_who_ask_at_once_one_finds_it_free(
    unit_of_work: UnitOfWorkFactory, at_once: Callable[..., list[Any]]
) -> None:
    def claim(_worker: int) -> bool:
        with unit_of_work() as work:
            if work.schedule.lock("duty").not_before is not None:
                return False
            work.schedule.save(TaskState(name="duty", not_before=MONDAY_TEN))
            work.commit()
            return True

    assert sorted(at_once(claim, 6)) == [False] * 5 + [True]


def test_the_newest_change_that_was_not_undone_stands(unit_of_work: UnitOfWorkFactory) -> None:
    with unit_of_work() as work:
        assert work.kept_numbers.standing(PN) == []
        for row in (kept(1), kept(2), kept(3, number_sid="PN2")):
            work.kept_numbers.add(row)
        work.commit()
    with unit_of_work() as work:
        assert work.kept_numbers.standing(PN) == [kept(2), kept(1)]
        work.kept_numbers.add(kept(4, undoes="2"))
        work.commit()
    with unit_of_work() as work:
        assert work.kept_numbers.standing(PN) == [kept(1)]
        work.kept_numbers.add(kept(5, undoes="1"))
        work.commit()
    with unit_of_work() as work:
        assert work.kept_numbers.standing(PN) == []


def test_a_change_is_undone_once(unit_of_work: UnitOfWorkFactory) -> None:
    with unit_of_work() as work:
        for row in (kept(1), kept(2, undoes="1")):
            work.kept_numbers.add(row)
        work.commit()
    with unit_of_work() as work, pytest.raises(IntegrityError):
        work.kept_numbers.add(kept(3, undoes="1"))
