"""The carrier's time, be it real, N times faster, or stepped by hand.

Everything that passes time in the simulator does so here. Times are seconds since the clock was made, on the carrier's
scale, while `now()` gives the same as an instant for timestamps.

Knows: threads. Must not know: calls.
"""

import heapq
import itertools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

Work = Callable[[], None]

_STUCK_AFTER_S = 60.0
"""Real seconds after which a stepped clock gives up on a thread that neither sleeps nor ends."""


class CarrierClosed(Exception):
    """The carrier was shut down while something waited, which ends that thread quietly."""


class CarrierClock(Protocol):
    """What the carrier asks of time."""

    def elapsed_s(self) -> float:
        """Return the carrier's seconds since the clock was made."""
        ...

    def now(self) -> datetime:
        """Return the carrier's instant, aware, UTC."""
        ...

    def sleep_until(self, at_s: float) -> None:
        """Wait until `elapsed_s()` reaches `at_s`. Raises: CarrierClosed."""
        ...

    def spawn(self, name: str, work: Work) -> None:
        """Run `work` on a thread of the carrier, since only such threads may sleep here."""
        ...

    def close(self) -> None:
        """Wake every sleeper with CarrierClosed and wait for the threads to end."""
        ...


class _Threads:
    """The threads that a clock started, which are daemons, so that a hung hotline cannot keep a process alive."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, name: str, work: Work) -> None:
        def run() -> None:
            try:
                work()
            except CarrierClosed:
                return

        thread = threading.Thread(target=run, name=name, daemon=True)
        with self._lock:
            self._threads = [old for old in self._threads if old.is_alive()] + [thread]
            thread.start()

    def join(self, timeout_s: float) -> None:
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(timeout_s)


class PacedClock:
    """Real time, `pace` times faster."""

    def __init__(self, pace: float = 1.0, *, start: datetime | None = None) -> None:
        """Begin at `start`, or at the machine's present instant.

        Raises: ValueError when the pace is not above zero.
        """
        if pace <= 0:
            raise ValueError(f"a carrier's pace must be above 0, not {pace}: 1 is real time, 8 is eight times faster")
        self.pace = pace
        self._start = start or datetime.now(UTC)
        self._zero = time.monotonic()
        self._closed = threading.Event()
        self._threads = _Threads()

    def elapsed_s(self) -> float:
        """Return the carrier's seconds since the clock was made."""
        return (time.monotonic() - self._zero) * self.pace

    def now(self) -> datetime:
        """Return the carrier's instant, aware, UTC."""
        return self._start + timedelta(seconds=self.elapsed_s())

    def sleep_until(self, at_s: float) -> None:
        """Wait until `elapsed_s()` reaches `at_s`. Raises: CarrierClosed."""
        if self._closed.wait(max(0.0, (at_s - self.elapsed_s()) / self.pace)):
            raise CarrierClosed

    def spawn(self, name: str, work: Work) -> None:
        """Run `work` on a thread of the carrier."""
        self._threads.start(name, work)

    def close(self) -> None:
        """Wake every sleeper with CarrierClosed and wait for the threads to end."""
        self._closed.set()
        self._threads.join(5.0)


class SteppedClock:
    """Time that moves only by `advance` or `run_until`, but as fast as the work allows.

    Each step waits until every thread of the carrier sleeps or has ended, so that what is due at one instant is done
    before the next. `settle` is called before each step, where a test may wait there until the hotline has worked off
    what it was sent.
    """

    def __init__(self, start: datetime, *, settle: Callable[[], None] | None = None) -> None:
        self._start = start
        self._settle = settle
        self._elapsed = 0.0
        self._busy = 0
        self._sleepers: list[tuple[float, int]] = []
        self._numbers = itertools.count()
        self._is_closed = False
        self._condition = threading.Condition()
        self._threads = _Threads()

    def elapsed_s(self) -> float:
        """Return the carrier's seconds since the clock was made."""
        with self._condition:
            return self._elapsed

    def now(self) -> datetime:
        """Return the carrier's instant, aware, UTC."""
        return self._start + timedelta(seconds=self.elapsed_s())

    def sleep_until(self, at_s: float) -> None:
        """Wait until time was advanced that far. Raises: CarrierClosed."""
        with self._condition:
            if self._elapsed < at_s and not self._is_closed:
                heapq.heappush(self._sleepers, (at_s, next(self._numbers)))
                self._busy -= 1
                self._condition.notify_all()
                self._condition.wait_for(lambda: self._elapsed >= at_s or self._is_closed)
            if self._is_closed:
                raise CarrierClosed

    def spawn(self, name: str, work: Work) -> None:
        """Run `work` on a thread of the carrier, while time stands still while it is busy."""
        with self._condition:
            self._busy += 1

        def counted() -> None:
            try:
                work()
            finally:
                with self._condition:
                    self._busy -= 1
                    self._condition.notify_all()

        self._threads.start(name, counted)

    def advance(self, seconds: float) -> None:
        """Move time on, stopping at each instant at which somebody wakes."""
        target = self.elapsed_s() + seconds
        while (wakes_at := self._next_wake()) is not None and wakes_at <= target:
            self._move_to(wakes_at)
        self._move_to(target)

    def run_until(self, is_done: Callable[[], bool], *, limit_s: float = 7200.0) -> None:
        """Move time on from one wake-up to the next until `is_done()`.

        Raises: TimeoutError when `limit_s` carrier seconds went by, or nobody is left to wake.
        """
        limit = self.elapsed_s() + limit_s
        self._await_quiet()
        while not is_done():
            wakes_at = self._next_wake()
            if wakes_at is None or wakes_at > limit:
                raise TimeoutError(f"what was waited for did not happen by {self.elapsed_s():.1f} s of carrier time")
            self._move_to(wakes_at)

    def close(self) -> None:
        """Wake every sleeper with CarrierClosed and wait for the threads to end."""
        with self._condition:
            self._is_closed = True
            self._busy += len(self._sleepers)
            self._sleepers.clear()
            self._condition.notify_all()
        self._threads.join(5.0)

    def _next_wake(self) -> float | None:
        self._await_quiet()
        with self._condition:
            return self._sleepers[0][0] if self._sleepers else None

    def _move_to(self, at_s: float) -> None:
        if self._settle is not None:
            self._settle()
        self._await_quiet()
        with self._condition:
            self._elapsed = max(self._elapsed, at_s)
            while self._sleepers and self._sleepers[0][0] <= self._elapsed:
                heapq.heappop(self._sleepers)
                self._busy += 1
            self._condition.notify_all()
        self._await_quiet()

    def _await_quiet(self) -> None:
        with self._condition:
            if not self._condition.wait_for(lambda: self._busy <= 0, _STUCK_AFTER_S):
                raise TimeoutError(f"a thread of the pretend carrier was busy for {_STUCK_AFTER_S:.0f} real seconds")
