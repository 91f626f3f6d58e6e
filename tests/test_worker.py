"""The worker goes on whatever goes wrong, waits longer while it does, and ends in good order when told to."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.builders import MONDAY_TEN
from voicebot.errors import Unavailable
from voicebot.worker import JOBS_END_WITHIN_S, LONGEST_PAUSE_S, JobCleaning, repeat, work

POLL_S = 0.5


class CountedStop:
    """Tells to stop after so many waits, and remembers how long each was to be."""

    def __init__(self, waits: int) -> None:
        self.waits = waits
        self.pauses: list[float] = []

    def wait(self, timeout: float) -> bool:
        """Return at once."""
        self.pauses.append(timeout)
        return len(self.pauses) > self.waits


class SteppedClock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.at = MONDAY_TEN

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.at


class FakeQueue:
    """A job queue that starts after some failures, and holds finished jobs to be forgotten in batches."""

    def __init__(self, *, failures: int = 0, batches: tuple[int, ...] = ()) -> None:
        self.failures = failures
        self.batches = list(batches)
        self.told: list[str] = []

    def start(self) -> None:
        """Fail as often as told, then start."""
        if self.failures:
            self.failures -= 1
            raise Unavailable("the database is away")
        self.told.append("start")

    def stop(self, within_s: int) -> None:
        """Stop."""
        self.told.append(f"stop within {within_s}")

    def forget_finished(self, before: datetime) -> int:
        """Forget one batch."""
        self.told.append(f"forget before {before:%d %H:%M}")
        return self.batches.pop(0) if self.batches else 0


def _in_turn(*results: int | Exception) -> Callable[[], int]:
    """Return a sweep that returns or raises these, one each time."""
    waiting = list(results)

    def sweep() -> int:
        result = waiting.pop(0)
        if isinstance(result, Exception):
            raise result
        return result

    return sweep


def test_worker_starts_jobs_sweeps_and_lets_jobs_end() -> None:
    queue, stop = FakeQueue(), CountedStop(2)
    with capture_logs() as logs:
        work(queue, _in_turn(3, 0), clock=SteppedClock(), stop=stop, poll_s=POLL_S)
    assert queue.told == ["start", "forget before 01 10:00", f"stop within {JOBS_END_WITHIN_S}"]
    assert stop.pauses == [POLL_S] * 3
    assert [(line["event"], line.get("done")) for line in logs] == [
        ("worker started", None),
        ("swept", 3),
        ("worker stopped", None),
    ]


def test_worker_waits_for_the_database_before_it_starts() -> None:
    queue, stop = FakeQueue(failures=3), CountedStop(4)
    work(queue, _in_turn(0), clock=SteppedClock(), stop=stop, poll_s=POLL_S)
    assert stop.pauses == [0.5, 1.0, 2.0, 0.5, 0.5]
    assert queue.told[0] == "start"


def test_worker_told_to_stop_while_it_waits_never_starts() -> None:
    queue, stop = FakeQueue(failures=9), CountedStop(1)
    work(queue, _in_turn(), clock=SteppedClock(), stop=stop, poll_s=POLL_S)
    assert queue.told == []


def test_sweeps_wait_longer_while_the_database_is_away_and_then_go_on() -> None:
    away = Unavailable("the database is away")
    stop = CountedStop(8)
    with capture_logs() as logs:
        repeat([_in_turn(away, away, away, away, away, 1, 0, 0)], stop=stop, poll_s=POLL_S)
    assert stop.pauses == [0.5, 1.0, 2.0, 4.0, LONGEST_PAUSE_S, LONGEST_PAUSE_S, 0.5, 0.5, 0.5]
    assert [line["event"] for line in logs] == ["sweep postponed"] * 5 + ["swept"]


def test_one_failing_sweep_does_not_keep_the_others_from_running() -> None:
    with capture_logs() as logs:
        failing = _in_turn(ValueError("+12025550143"), ValueError("+12025550143"))
        repeat([failing, _in_turn(1, 1)], stop=CountedStop(2), poll_s=POLL_S)
    assert [line["event"] for line in logs] == ["sweep failed", "swept"] * 2
    assert "2025550143" not in str(logs)


def test_jobs_end_even_when_the_watch_breaks() -> None:
    queue = FakeQueue()
    with pytest.raises(KeyboardInterrupt):
        work(queue, _in_turn(), clock=SteppedClock(), stop=_Interrupted(), poll_s=POLL_S)
    assert queue.told == ["start", f"stop within {JOBS_END_WITHIN_S}"]


class _Interrupted:
    def wait(self, timeout: float) -> bool:
        raise KeyboardInterrupt


def test_finished_jobs_are_forgotten_in_batches_once_a_day() -> None:
    clock, queue = SteppedClock(), FakeQueue(batches=(500, 20))
    cleaning = JobCleaning(queue, clock)
    assert [cleaning.run_due() for _ in range(4)] == [500, 20, 0, 0]
    assert len(queue.told) == 3
    clock.at += timedelta(days=1)
    cleaning.run_due()
    assert queue.told[3:] == ["forget before 02 10:00"]
