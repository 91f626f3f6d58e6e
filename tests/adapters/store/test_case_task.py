"""Tasks on cases as rows, on both databases."""

from collections.abc import Callable
from datetime import timedelta

from tests.builders import MONDAY_TEN, a_case_task, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.case_task import TaskKind, finish, tell_late

Works = Callable[[], SqlUnitOfWork]


def test_a_task_is_kept_found_by_its_case_and_due_until_it_is_told_or_done(unit_of_work: Works) -> None:
    first = a_case_task()
    second = a_case_task(id="task-2", kind=TaskKind.REMEDY, amount=40, asked_at=MONDAY_TEN + timedelta(hours=1))
    due_at = first.due_at
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.case_tasks.add(second)
        work.case_tasks.add(first)
        work.commit()
    with unit_of_work() as work:
        assert list(work.case_tasks.of_ticket("ticket-1")) == [first, second]
        assert list(work.case_tasks.due(due_at - timedelta(seconds=1), 9)) == []
        assert list(work.case_tasks.due(due_at, 9)) == [first, second]
        assert work.case_tasks.lock("task-1") == first
        work.case_tasks.save(tell_late(first, due_at))
        work.case_tasks.save(finish(second, by="owner_1", result="paid", at=due_at))
        work.commit()
    with unit_of_work() as work:
        assert list(work.case_tasks.due(due_at, 9)) == []
        done = work.case_tasks.get("task-2")
    assert done is not None
    assert (done.result, done.amount, done.done_by) == ("paid", 40, "owner_1")
