"""Duties that come round: once an hour, at each start, by one machine at a time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.service.lines import Line
from voicebot.errors import Refused, Unavailable
from voicebot.service.background.schedule import AGAIN_AFTER, CLAIMED_FOR, TASKS, ScheduledTask, run_tasks
from voicebot.service.hotline import Hotline
from voicebot.service.promise.keep import log_callback
from voicebot.service.upkeep.reconcile import run_reconcile
from voicebot.service.upkeep.retention import erase_by_hand, run_retention

DAILY = tuple(task for task in TASKS if task.run is run_retention)


class Duty:
    """Counts how often it is done; fails as often as told."""

    def __init__(self, *, failures: int = 0, problem: Exception | None = None) -> None:
        self.times = 0
        self.failures = failures
        self.problem = problem or Unavailable("the carrier is away")
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, _hotline: Hotline) -> None:
        self.times += 1
        self.meanwhile()
        if self.failures:
            self.failures -= 1
            raise self.problem

    @property
    def tasks(self) -> tuple[ScheduledTask, ...]:
        return (ScheduledTask(name="duty", every=timedelta(hours=1), run=self),)


def started_now(line: Line) -> Hotline:
    return replace(line.hotline, started_at=line.clock.now())


def test_a_task_is_run_at_the_first_look_and_then_each_hour(line_on_both: Line) -> None:
    line, duty = line_on_both, Duty()
    assert run_tasks(line.hotline, duty.tasks) == 1
    line.step(minutes=59, seconds=59)
    assert run_tasks(line.hotline, duty.tasks) == 0
    line.step(seconds=1)
    assert run_tasks(line.hotline, duty.tasks) == 1
    assert duty.times == 2


def test_a_new_process_runs_it_at_once(line_on_both: Line) -> None:
    line, duty = line_on_both, Duty()
    run_tasks(line.hotline, duty.tasks)
    line.step(minutes=10)
    hotline = started_now(line)
    assert run_tasks(hotline, duty.tasks) == 1
    line.step(minutes=10)
    assert run_tasks(hotline, duty.tasks) == 0


def test_processes_that_start_over_and_over_do_not_flood_the_carrier(line: Line) -> None:
    duty = Duty()
    for _ in range(30):
        run_tasks(started_now(line), duty.tasks)
        line.step(seconds=3)
    assert duty.times == 2


def test_a_task_that_failed_is_tried_again_after_a_minute(line: Line) -> None:
    duty = Duty(failures=1)
    run_tasks(line.hotline, duty.tasks)
    line.step(seconds=AGAIN_AFTER.total_seconds() - 1)
    assert run_tasks(line.hotline, duty.tasks) == 0
    line.step(seconds=1)
    assert run_tasks(line.hotline, duty.tasks) == 1
    with line.work() as work:
        assert work.schedule.get("duty").last_run_at == line.clock.now()


@pytest.mark.parametrize("problem", [Unavailable("away"), RuntimeError("a mistake of ours with +12025550143 in it")])
def test_a_task_that_fails_lets_the_others_run(
    line: Line, problem: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    failing, other = Duty(failures=1, problem=problem), Duty()
    tasks = (replace(failing.tasks[0], name="failing"), *other.tasks)
    assert run_tasks(line.hotline, tasks) == 2
    assert other.times == 1
    assert "+1202" not in capsys.readouterr().out


def test_nobody_begins_what_somebody_is_at(line_on_both: Line) -> None:
    line, duty = line_on_both, Duty()
    duty.meanwhile = lambda: run_tasks(line.hotline, duty.tasks) if duty.times == 1 else None
    assert run_tasks(line.hotline, duty.tasks) == 1
    assert duty.times == 1


def test_a_task_whose_worker_was_killed_is_taken_up(line: Line) -> None:
    class Killed(BaseException):
        """The process is gone."""

    def die(_hotline: Hotline) -> None:
        raise Killed

    duty = Duty()
    with pytest.raises(Killed):
        run_tasks(line.hotline, (replace(duty.tasks[0], run=die),))
    assert run_tasks(started_now(line), duty.tasks) == 0
    line.step(seconds=CLAIMED_FOR.total_seconds())
    assert run_tasks(started_now(line), duty.tasks) == 1


def test_a_run_that_outlived_its_claim_does_not_undo_the_next_one(line: Line) -> None:
    duty = Duty()

    def take_long() -> None:
        if duty.times == 1:
            line.step(minutes=20)
            assert run_tasks(line.hotline, duty.tasks) == 1
            line.step(minutes=5)

    duty.meanwhile = take_long
    run_tasks(line.hotline, duty.tasks)
    with line.work() as work:
        assert work.schedule.get("duty").last_run_at == line.clock.now() - timedelta(minutes=5)


def test_a_clock_that_was_ahead_stops_no_task_once_it_is_right_again(line_on_both: Line) -> None:
    line, duty = line_on_both, Duty()
    line.step(days=400)
    run_tasks(line.hotline, duty.tasks)
    line.step(days=-400)
    assert run_tasks(line.hotline, duty.tasks) == 1
    assert run_tasks(line.hotline, duty.tasks) == 0
    with line.work() as work:
        assert work.schedule.get("duty").last_run_at == line.clock.now()


def test_a_task_that_failed_while_the_clock_was_ahead_is_tried_again_at_once(line: Line) -> None:
    duty = Duty(failures=1)
    line.step(days=400)
    run_tasks(line.hotline, duty.tasks)
    line.step(days=-400)
    assert run_tasks(line.hotline, duty.tasks) == 1


def test_nothing_is_erased_unasked_by_a_clock_far_ahead_of_the_last_run(line_on_both: Line) -> None:
    line = line_on_both
    story = line.told_call()
    line.settle()
    log_callback(line.hotline, line.ticket(story).case_number, reason="spoke", actor="owner_1")
    for _ in range(3):
        line.step(days=1)
        line.sweep()
    run_tasks(line.hotline, DAILY)
    line.step(days=3000)
    assert run_tasks(line.hotline, DAILY) == 1
    assert line.ticket(story).problem
    with pytest.raises(Refused, match="voicebot retention") as refusal:
        run_retention(line.hotline)
    assert refusal.value.code == "retention-after-long"
    erase_by_hand(line.hotline)
    assert not line.ticket(story).problem
    line.step(days=30)
    run_retention(line.hotline)


def test_the_carrier_is_asked_for_its_books_each_hour() -> None:
    assert [(task.name, task.every) for task in TASKS if task.run is run_reconcile] == [
        ("reconcile", timedelta(hours=1))
    ]
