"""The worker process: runs jobs as they are enqueued, and sweeps for everything whose instant has come.

Jobs make things quick, sweeps make them sure: a lost job is found by a sweep. Any trouble (the database away for half
a minute, a broken row) is met by waiting a little longer each time and going on; only SIGTERM or SIGINT ends it,
after the jobs at hand. Two live workers must not share an `executor_id` (adapters/job_queue.py says why).

Knows: the hotline, the job queue, signals. Must not know: what a job or a sweep does.
"""

import signal
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from voicebot.adapters.job_queue import JobRunner
from voicebot.adapters.store import open_engine
from voicebot.bootstrap import build_hotline
from voicebot.config import Settings
from voicebot.errors import Unavailable
from voicebot.service.jobs import run_job
from voicebot.service.ports import Clock
from voicebot.service.sweeps import run_due

LONGEST_PAUSE_S = 5.0
"""Between two tries while something is wrong; the database's return is noticed within it."""
JOBS_END_WITHIN_S = 60
"""After SIGTERM; a job that takes longer is run again by the next worker."""
JOBS_REMEMBERED = timedelta(days=1)
"""Finished jobs stay so long for those who look for a cause; then their rows go."""

log = structlog.get_logger(__name__)


class Stop(Protocol):
    """A `threading.Event` as far as it is used."""

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds; True at once when told to stop."""
        ...


class Jobs(Protocol):
    """A `JobRunner` as far as it is used."""

    def start(self) -> None: ...
    def stop(self, within_s: int) -> None: ...
    def forget_finished(self, before: datetime) -> int: ...


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. Raises: SettingFault, FlowFault when there is nothing to work with."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    hotline = build_hotline(settings)
    engine = open_engine(settings.resolved_database_url())
    runner = JobRunner(
        engine, executor_id=settings.executor_id, run_job=lambda job, subject: run_job(hotline, job, subject)
    )
    try:
        work(runner, lambda: run_due(hotline), clock=hotline.clock, stop=stop, poll_s=settings.worker_poll_s)
    finally:
        engine.dispose()


def work(jobs: Jobs, sweep: Callable[[], int], *, clock: Clock, stop: Stop, poll_s: float) -> None:
    """Start the jobs, sweep every `poll_s` seconds until told to stop, then let the jobs at hand end."""
    if not start_jobs(jobs, stop=stop, poll_s=poll_s):
        return
    log.info("worker started")
    cleaning = JobCleaning(jobs, clock)
    try:
        repeat([sweep, cleaning.run_due], stop=stop, poll_s=poll_s)
    finally:
        jobs.stop(JOBS_END_WITHIN_S)
        log.info("worker stopped")


def start_jobs(jobs: Jobs, *, stop: Stop, poll_s: float) -> bool:
    """Start the job queue, trying again while the database is away; False when told to stop meanwhile."""
    pause = poll_s
    while True:
        try:
            jobs.start()
            return True
        except Unavailable as problem:
            log.warning("cannot start yet", problem=str(problem))
        if stop.wait(pause):
            return False
        pause = _longer(pause)


def repeat(sweeps: list[Callable[[], int]], *, stop: Stop, poll_s: float) -> None:
    """Run all sweeps each `poll_s` seconds until told to stop; wait longer while one of them fails."""
    pause = poll_s
    while not stop.wait(pause):
        went_well = [_sweep(sweep) for sweep in sweeps]
        pause = poll_s if all(went_well) else _longer(pause)


def _sweep(sweep: Callable[[], int]) -> bool:
    try:
        done = sweep()
    except Unavailable as problem:
        log.warning("sweep postponed", problem=str(problem))
        return False
    except Exception as problem:  # noqa: BLE001 - one broken row must not end the watch over all others
        log.error("sweep failed", problem=type(problem).__name__)
        return False
    if done:
        log.info("swept", done=done)
    return True


def _longer(pause: float) -> float:
    return min(pause * 2, LONGEST_PAUSE_S)


class JobCleaning:
    """Deletes what is left of finished jobs: at the start, then once a day."""

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        self._next_at = clock.now()

    def run_due(self) -> int:
        """Delete a batch if it is time; return how many. A full batch is followed by another at the next sweep."""
        now = self._clock.now()
        if now < self._next_at:
            return 0
        deleted = self._jobs.forget_finished(now - JOBS_REMEMBERED)
        if deleted == 0:
            self._next_at = now + timedelta(days=1)
        return deleted
