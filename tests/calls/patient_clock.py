"""The carrier's time in a house of one process: `pace` times faster than real time, but it waits for the hotline.

A slow or crowded machine would otherwise be slow in line time, `pace` times over, and callers would meet a hotline that
nobody ever has. So time stands still while the hotline decodes, has a transaction open, answers a request or has audio
left to listen to. It also stands still while a thread of the carrier is due to wake and has not woken yet. A process
that gets no processor for a while misses nothing: time goes on where it stopped.
So the pace is only a limit, and a call goes by as fast as the machine can carry it.
Time never waits for ever: whoever holds it longer than `LONGEST_HOLD_S` is slow in earnest. A decoder that shares a
processor with many others is not, so that this is long.
Must not know: what is waited for.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from voicebot.domain.utterance import Hypothesis
from voicebot.service.ports import Places, Recogniser, Recognisers, Seat, UnitOfWork
from voicebot.simulator.clock import CarrierClosed, PacedClock

TICK_S = 0.004
LONGEST_LEAP_S = 0.24
"""Of line time: between two looks at the clock no more passes, for then nobody had a processor."""
OVERSLEPT_S = 0.02
"""Of line time: a sleeper may wake so late, which is one frame of audio."""
LONGEST_HOLD_S = 4.0

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PatientClock(PacedClock):
    """A paced clock that can be held."""

    def __init__(self, pace: float, *, start: datetime, longest_hold_s: float = LONGEST_HOLD_S) -> None:
        super().__init__(pace, start=start)
        self._began = start
        self._longest_hold_s = longest_hold_s
        self._lock = threading.Lock()
        self._passed_s = 0.0
        self._looked_at = time.monotonic()
        self._holders = 0
        self._held_s = 0.0
        self._is_behind: Callable[[], bool] = bool
        self._alarms: dict[int, float] = {}
        """When each sleeping thread is to wake, in line time."""
        self._is_over = threading.Event()
        self._is_free = threading.Event()
        """Nobody holds time."""
        self._is_free.set()
        threading.Thread(target=self._tick, name="patient-clock", daemon=True).start()

    def elapsed_s(self) -> float:
        """Return the carrier's seconds since the clock was made."""
        with self._lock:
            self._look()
            return self._passed_s

    def now(self) -> datetime:
        """Return the carrier's instant, aware, UTC."""
        return self._began + timedelta(seconds=self.elapsed_s())

    def sleep_until(self, at_s: float) -> None:
        """Wait until `elapsed_s()` reaches `at_s`. Raises: CarrierClosed."""
        sleeper = threading.get_ident()
        self._alarms[sleeper] = at_s
        try:
            while (left_s := at_s - self.elapsed_s()) > 0 and not self._is_over.is_set():
                # Whoever lets go wakes us. To look again and again would take the processor from whom we wait for.
                if self._is_free.wait(TICK_S):
                    self._is_over.wait(max(left_s / self.pace, TICK_S / 10))
        finally:
            del self._alarms[sleeper]
        if self._is_over.is_set():
            raise CarrierClosed

    def wait_while(self, is_behind: Callable[[], bool]) -> None:
        """Let time stand still whenever this says so; it is asked often, at no moment in particular."""
        self._is_behind = is_behind

    def close(self) -> None:
        """Wake every sleeper with CarrierClosed and wait for the threads to end."""
        self._is_over.set()
        super().close()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let time stand still meanwhile, but not for ever."""
        self._hold(1)
        try:
            yield
        finally:
            self._hold(-1)

    def _hold(self, more: int) -> None:
        with self._lock:
            self._look()
            self._holders += more
            if self._holders:
                self._is_free.clear()
            else:
                self._is_free.set()

    def _look(self) -> None:
        now = time.monotonic()
        went_by_s, self._looked_at = now - self._looked_at, now
        if not self._holders and not self._is_behind():
            self._held_s = 0.0
        elif self._held_s < self._longest_hold_s:
            self._held_s += min(went_by_s, LONGEST_LEAP_S / self.pace)
            return
        self._passed_s += max(0.0, min(went_by_s * self.pace, LONGEST_LEAP_S, self._until_overslept_s()))

    def _until_overslept_s(self) -> float:
        """Return how far time may go on before a sleeper who was to wake has overslept."""
        return min(tuple(self._alarms.values()), default=self._passed_s + LONGEST_LEAP_S) + OVERSLEPT_S - self._passed_s

    def _tick(self) -> None:
        while not self._is_over.wait(TICK_S):
            self.elapsed_s()


class WaitedForRecognisers:
    """Real recognisers; time waits while they work."""

    def __init__(self, recognisers: Recognisers, clock: PatientClock) -> None:
        self._recognisers = recognisers
        self._clock = clock

    def reserve(self, seat: Seat) -> bool:
        return self._recognisers.reserve(seat)

    def release(self, seat: Seat) -> None:
        self._recognisers.release(seat)

    def has_room(self, seat: Seat) -> bool:
        return self._recognisers.has_room(seat)

    def places(self) -> Places | None:
        return self._recognisers.places()

    def supports(self, locale: str) -> bool:
        return self._recognisers.supports(locale)

    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> Recogniser:
        with self._clock.held():
            return _WaitedForRecogniser(self._recognisers.make(locale, grammar, alternatives=alternatives), self._clock)


class _WaitedForRecogniser:
    def __init__(self, recogniser: Recogniser, clock: PatientClock) -> None:
        self._recogniser = recogniser
        self._clock = clock

    def accept(self, pcm: bytes) -> Hypothesis | None:
        with self._clock.held():
            return self._recogniser.accept(pcm)

    def partial(self) -> str:
        return self._recogniser.partial()

    def settle(self) -> Hypothesis:
        with self._clock.held():
            return self._recogniser.settle()

    def finish(self) -> Hypothesis:
        with self._clock.held():
            return self._recogniser.finish()


def waited_for_store(open_work: Callable[[], UnitOfWork], clock: PatientClock) -> Callable[[], UnitOfWork]:
    """Return a maker of units of work during which time stands still."""

    @contextmanager
    def opened() -> Iterator[UnitOfWork]:
        with clock.held(), open_work() as work:
            yield work

    return opened  # type: ignore[return-value]


def waited_for_app(app: App, clock: PatientClock) -> App:
    """Return the application; time stands still while it answers, but for media sockets: they last as long as calls."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if str(environ["PATH_INFO"]).startswith("/twilio/media/"):
            return app(environ, start_response)
        with clock.held():
            return app(environ, start_response)

    return answer
