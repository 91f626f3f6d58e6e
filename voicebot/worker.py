"""The worker process. It runs jobs as they are enqueued, and sweeps for everything whose instant has come.

Jobs make things quick, sweeps make them sure, since a lost job is found by a sweep. Promises are watched on a thread of
their own, since a sweep may wait for the carrier. Any trouble (the database away for half a minute, a broken row) is
met by waiting a little longer each time and going on, and only SIGTERM or SIGINT ends it, after the jobs at hand. Two
live workers must not share an `executor_id` (adapters/job_queue.py says why), because on one machine the second one
waits for its turn, on another machine it is refused (adapters/store/executor_lease.py).

Knows: the hotline, the job queue, signals. Must not know: what a job or a sweep does.
"""

import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from time import monotonic
from typing import Protocol
from urllib.parse import quote

import structlog
from sqlalchemy import Engine

from voicebot.adapters.job_queue import JobRunner
from voicebot.adapters.process_handover import turn_of
from voicebot.adapters.store import ExecutorLease, open_engine
from voicebot.adapters.store.executor_lease import RENEWED_EVERY_S
from voicebot.bootstrap import build_hotline, clock_witnesses
from voicebot.config import Settings
from voicebot.domain.back_off import back_off
from voicebot.errors import Unavailable
from voicebot.service.answer.folders import show_folder
from voicebot.service.answer.second_listening import listen_again
from voicebot.service.background.clock_watch import ClockWatch
from voicebot.service.background.health import show_sign_of_life
from voicebot.service.background.jobs import run_job
from voicebot.service.background.schedule import run_tasks
from voicebot.service.background.sweeps import carry_on, watch_promises
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline
from voicebot.service.ports import Clock
from voicebot.service.webhook.deliver import deliver_due, endpoints_due
from voicebot.service.webhook.sealing import seal_anew
from voicebot.service.webhook.spread import spread

BEAT_S = 5.0
"""Between two signs of life, at most."""
TASKS_POLL_S = 2.0
"""Between two looks whether a task is due."""
WEBHOOKS_POLL_S = 1.0
"""Between two looks whether other systems are to be told of something."""
LISTENS_EVERY_S = 5.0
"""Between two voices that are listened to again, which are in no hurry."""
LISTENING_ENDS_WITHIN_S = 3.0
"""After SIGTERM, while its process ends with us in any case. It looks twice a second whether it may go on."""
LONGEST_PAUSE_S = 5.0
"""Between two tries while something is wrong, and the database's return is noticed within it."""
MOST_HOST_LENGTH = 100
JOBS_END_WITHIN_S = 60
"""After SIGTERM, while a job that takes longer is run again by the next worker."""
JOBS_REMEMBERED = timedelta(days=1)
"""Finished jobs stay so long for those who look for a cause, and then their rows go."""

log = structlog.get_logger(__name__)


class Stop(Protocol):
    """A `threading.Event` as far as it is used."""

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds, and return True at once when told to stop."""
        ...

    def is_set(self) -> bool:
        """Tell whether it was told to stop."""
        ...


class Ending(Stop, Protocol):
    """A `threading.Event` that may be set, too."""

    def set(self) -> None: ...


class Lease(Protocol):
    """An `ExecutorLease` as far as it is renewed."""

    def renew(self) -> bool: ...


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
    with turn_of(settings.data_dir, f"worker-{quote(settings.executor_id, safe='')}", stop) as has_turn:
        if has_turn:
            _run(settings, stop)


def _run(settings: Settings, stop: threading.Event) -> None:
    hotline = build_hotline(settings)
    engine = open_engine(settings.resolved_database_url())
    lease = ExecutorLease(engine, settings.executor_id, folder_id=hotline.spool.folder_id)
    try:
        if lease.take(stop):
            begin_renewing(lease, stop)
            _work(settings, hotline, engine, stop)
            lease.release()
    finally:
        engine.dispose()


def _work(settings: Settings, hotline: Hotline, engine: Engine, stop: threading.Event) -> None:
    watch = ClockWatch(
        hotline.clock, elapsed_s=monotonic, distrust=hotline.rules.lost_after, witnesses=clock_witnesses(settings)
    )
    runner = JobRunner(
        engine,
        executor_id=settings.executor_id,
        run_job=lambda job, subject: run_job(hotline, job, subject, confirmed=watch),
    )
    life = SignOfLife(hotline, settings.executor_id, watch)
    life.begin(stop, poll_s=min(BEAT_S, settings.worker_silent_s / 3))
    begin_tasks(hotline, watch, stop)
    begin_watch(hotline, watch, stop, poll_s=settings.worker_poll_s)
    begin_webhooks(hotline, watch, stop)
    listening = begin_listening_again(hotline, stop)
    work(runner, life.sweep, clock=hotline.clock, stop=stop, poll_s=settings.worker_poll_s)
    if listening is not None:
        listening.join(LISTENING_ENDS_WITHIN_S)


def begin_renewing(lease: Lease, stop: Ending, *, every_s: float = RENEWED_EVERY_S) -> threading.Thread:
    """Renew the lease of our name until told to stop, and when another worker has it, this one ends."""

    def renew() -> int:
        if not lease.renew():
            log.error("executor_lease_lost")
            stop.set()
        return 0

    return _begin("lease", renew, stop=stop, poll_s=every_s)


def begin_tasks(hotline: Hotline, watch: ClockWatch, stop: Stop, *, poll_s: float = TASKS_POLL_S) -> threading.Thread:
    """Run tasks beside the sweeps until told to stop, because they wait for the carrier, and promises wait for nobody.

    They erase by the clock, so they wait while it is not confirmed. The thread dies with the process, so a task may be
    cut off anywhere, and the next worker takes it up.
    """
    confirmed = replace(hotline, clock=watch)
    return _begin("tasks", lambda: run_tasks(confirmed), stop=stop, poll_s=poll_s)


def begin_watch(hotline: Hotline, watch: ClockWatch, stop: Stop, *, poll_s: float) -> threading.Thread:
    """Watch over promises beside the other sweeps until told to stop, because those wait for the carrier and
    recognisers.

    They wait while the clock is not confirmed. The thread dies with the process, but each item is one transaction, and
    the next worker finds what was cut off.
    """
    confirmed = replace(hotline, clock=watch)

    def look() -> int:
        watch.confirm()
        return watch_promises(confirmed)

    return _begin("promises", look, stop=stop, poll_s=poll_s)


def begin_listening_again(hotline: Hotline, stop: Stop, *, poll_s: float = LISTENS_EVERY_S) -> threading.Thread | None:
    """Listen to stored voices again beside all else until told to stop, where a model for it is set.

    A voice whose hearing was cut off is taken again, and where that was told in time it counts as no try.
    """
    if hotline.second_ear is None:
        return None
    return _begin(
        "second-listening", lambda: listen_again(hotline, lambda: not stop.is_set()), stop=stop, poll_s=poll_s
    )


def begin_webhooks(
    hotline: Hotline, watch: ClockWatch, stop: Stop, *, poll_s: float = WEBHOOKS_POLL_S
) -> threading.Thread:
    """Tell other systems what happens beside all else until told to stop, each on a thread of its own.

    Endpoints are switched off by how long they have failed, so that waits while the clock is not confirmed.
    """
    couriers = Couriers(replace(hotline, clock=watch), stop)
    return _begin("webhooks", couriers.look, stop=stop, poll_s=poll_s)


class Couriers:
    """Sends to each endpoint of webhooks on a thread of its own, so that a slow one keeps no other waiting.

    A thread ends when nothing more is due, and dies with the process. What it was sending goes again.
    """

    def __init__(self, hotline: Hotline, stop: Stop) -> None:
        self._hotline = hotline
        self._stop = stop
        self._under_way: dict[str, threading.Thread] = {}
        self._is_sealed = False

    def look(self) -> int:
        """Write what is to be sent, begin with each endpoint to which something is due, and return how much it wrote.

        The first look seals every secret under the newest key.

        Raises: Unavailable.
        """
        if not self._is_sealed:
            seal_anew(self._hotline)
            self._is_sealed = True
        written = spread(self._hotline)
        self._under_way = {name: thread for name, thread in self._under_way.items() if thread.is_alive()}
        for endpoint_id in endpoints_due(self._hotline):
            if endpoint_id not in self._under_way:
                self._under_way[endpoint_id] = self._begin(endpoint_id)
        return written

    def _begin(self, endpoint_id: str) -> threading.Thread:
        def deliver() -> int:
            deliver_due(self._hotline, endpoint_id, lambda: not self._stop.is_set())
            return 0

        thread = threading.Thread(target=lambda: _sweep(deliver), name="webhook", daemon=True)
        thread.start()
        return thread


def _begin(name: str, sweep: Callable[[], int], *, stop: Stop, poll_s: float) -> threading.Thread:
    thread = threading.Thread(target=lambda: repeat([sweep], stop=stop, poll_s=poll_s), name=name, daemon=True)
    thread.start()
    return thread


def work(jobs: Jobs, sweep: Callable[[], int], *, clock: Clock, stop: Stop, poll_s: float) -> None:
    """Start the jobs, sweep every `poll_s` seconds until told to stop, then let the jobs at hand end."""
    if not start_jobs(jobs, stop=stop, poll_s=poll_s):
        return
    log.info("worker_started")
    cleaning = JobCleaning(jobs, clock)
    try:
        repeat([sweep, cleaning.run_due], stop=stop, poll_s=poll_s)
    finally:
        jobs.stop(JOBS_END_WITHIN_S)
        log.info("worker_stopped")


def start_jobs(jobs: Jobs, *, stop: Stop, poll_s: float) -> bool:
    """Start the job queue, trying again while the database is away, and return False when told to stop meanwhile."""
    for failures in count(1):
        try:
            jobs.start()
            break
        except Unavailable as problem:
            log.warning("cannot_start_yet", problem=str(problem))
        if stop.wait(back_off(failures, first=poll_s, longest=LONGEST_PAUSE_S)):
            return False
    return True


def repeat(sweeps: list[Callable[[], int]], *, stop: Stop, poll_s: float) -> None:
    """Run all sweeps each `poll_s` seconds until told to stop, and wait longer while one of them fails."""
    failures = 0
    while not stop.wait(back_off(failures + 1, first=poll_s, longest=LONGEST_PAUSE_S) if failures else poll_s):
        went_well = [_sweep(sweep) for sweep in sweeps]
        failures = 0 if all(went_well) else failures + 1


def _sweep(sweep: Callable[[], int]) -> bool:
    try:
        done = sweep()
    except Unavailable as problem:
        log_failure(log.warning, "sweep_postponed", problem)
        return False
    except Exception as problem:  # noqa: BLE001 - one broken row must not end the watch over all others
        log_failure(log.error, "sweep_failed", problem)
        return False
    if done:
        log.info("swept", done=done)
    return True


class SignOfLife:
    """Shows that this worker lives, from a thread of its own, and when it last ended a round of sweeps.

    Two instants, because two things can be wrong, namely a process that is gone, and one that hangs in a sweep.
    """

    def __init__(self, hotline: Hotline, worker: str, watch: ClockWatch) -> None:
        self._hotline = hotline
        self._worker = worker
        self._watch = watch
        self._swept_at = hotline.clock.now()

    def sweep(self) -> int:
        """Do what is due beside promises, and remember when that was done, and return how much it was."""
        done = carry_on(self._hotline, watch=self._watch)
        self._swept_at = self._hotline.clock.now()
        return done

    def show(self) -> int:
        """Write a sign of life. Raises: Unavailable."""
        show_sign_of_life(self._hotline, self._worker, swept_at=self._swept_at)
        show_folder(self._hotline, socket.gethostname()[:MOST_HOST_LENGTH])
        return 0

    def begin(self, stop: threading.Event, *, poll_s: float) -> threading.Thread:
        """Show it now and every `poll_s` seconds until told to stop, where the thread dies with the process."""
        thread = threading.Thread(target=self._show_until, args=(stop, poll_s), name="sign-of-life", daemon=True)
        thread.start()
        return thread

    def _show_until(self, stop: threading.Event, poll_s: float) -> None:
        _sweep(self.show)
        repeat([self.show], stop=stop, poll_s=poll_s)


class JobCleaning:
    """Deletes what is left of finished jobs, that is at the start, then once a day."""

    def __init__(self, jobs: Jobs, clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        self._next_at = clock.now()

    def run_due(self) -> int:
        """Delete a batch if it is time, and return how many. A full batch is followed by another at the next sweep."""
        now = self._clock.now()
        if now < self._next_at:
            return 0
        deleted = self._jobs.forget_finished(now - JOBS_REMEMBERED)
        if deleted == 0:
            self._next_at = now + timedelta(days=1)
        return deleted
