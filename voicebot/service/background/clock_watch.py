"""Notices that somebody set the clock, and keeps what cannot be undone waiting until the new time has been confirmed.

Two questions, two answers:
- Does "no sign of life for five minutes" prove anything (`is_steady`)? Not for a while after any jump, because a call
  that lasts shows itself again within that while, in the new time. Without this it would be ended as lost. Whoever
  judges so reads the clock by `SteadyClock`, each time, because between a question and a reading the clock may be set.
- Has a deadline come (`now`)? A promise is broken, apologised for and climbed only by a clock that is confirmed. After
  a jump it is confirmed when it was set back to where it was, when a witness tells the same time, or when the while is
  over and no witness contradicts. A clock that was really set right stops the watch for one question to a witness.
  Without any witness, for that while. A clock that a witness contradicts stops it until the clock is right.

Witnesses are other clocks, the most trusted first. They are the carrier's, the database's where that is another
machine. A witness that cannot be asked says nothing. They are asked by `confirm` alone, never while a transaction is
open.
Knows: clocks. Must not know: what waits, where witnesses live.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from voicebot.errors import Unavailable
from voicebot.service.ports import Clock

MOST_DRIFT = timedelta(seconds=30)
"""Between two looks. Clocks that are only slewed stay far below."""
MOST_APART = timedelta(minutes=5)
"""From a witness that tells the same time, since its answer took time to arrive, and callback windows are counted in
hours.
"""
ASK_AGAIN_S = 10.0
"""Between two questions to the witnesses."""

Witness = Callable[[], datetime | None]
"""Tells what time it is elsewhere. None when it cannot be asked."""

log = structlog.get_logger(__name__)


class ClockWatch:
    """Compares the wall clock with one that nobody can set. Fulfils `service.ports.Clock` for what cannot be undone."""

    def __init__(
        self, clock: Clock, *, elapsed_s: Callable[[], float], distrust: timedelta, witnesses: Sequence[Witness] = ()
    ) -> None:
        """`elapsed_s` is the clock that nobody sets, in seconds. After a jump the other is distrusted for a while."""
        self._clock = clock
        self._elapsed_s = elapsed_s
        self._distrust_s = distrust.total_seconds()
        self._witnesses = tuple(witnesses)
        self._lock = threading.Lock()
        self._seen = clock.now(), elapsed_s()
        self._set_by = timedelta(0)
        self._distrusted_until_s = self._unconfirmed_until_s = float("-inf")
        self._ask_at_s = self._seen[1]

    def is_steady(self) -> bool:
        """Look at both. False when the wall clock jumped just now, or not long ago."""
        return self._look()[1] >= self._distrusted_until_s

    def now(self) -> datetime:
        """Return the present instant, if it may be believed. Raises: Unavailable after a jump nobody has confirmed."""
        now, elapsed_s = self._look()
        if elapsed_s < self._unconfirmed_until_s:
            raise Unavailable(
                f"this machine's clock was set by {round(self._set_by.total_seconds())} s and nobody has confirmed it "
                "yet; what runs by deadlines waits",
                code="clock-unconfirmed",
            )
        return now

    def steady_now(self) -> datetime:
        """Return the present instant, if ages may be judged by it. Raises: Unavailable for a while after any jump."""
        now, elapsed_s = self._look()
        if elapsed_s < self._distrusted_until_s:
            raise Unavailable(
                "this machine's clock was set not long ago; what is judged by how long ago something was waits",
                code="clock-unconfirmed",
            )
        return now

    def confirm(self) -> None:
        """Ask the witnesses, if there is a doubt. That is at the start, and after a jump every few seconds."""
        _, elapsed_s = self._look()
        if elapsed_s < self._ask_at_s:
            return
        self._ask_at_s = elapsed_s + ASK_AGAIN_S if elapsed_s < self._unconfirmed_until_s else float("inf")
        told = next((told for witness in self._witnesses if (told := witness()) is not None), None)
        if told is not None:
            # The answer may have taken seconds, so it is compared with what the clock says now.
            self._hear(self._clock.now() - told)

    def _hear(self, ahead: timedelta) -> None:
        with self._lock:
            elapsed_s = self._elapsed_s()
            if abs(ahead) <= MOST_APART:
                self._set_by, self._unconfirmed_until_s, self._ask_at_s = timedelta(0), float("-inf"), float("inf")
                return
            log.error("clock_wrong", ahead_s=round(ahead.total_seconds()))
            self._set_by = self._set_by or ahead
            self._unconfirmed_until_s = elapsed_s + self._distrust_s
            self._ask_at_s = elapsed_s + ASK_AGAIN_S

    def _look(self) -> tuple[datetime, float]:
        with self._lock:
            now, elapsed_s = self._clock.now(), self._elapsed_s()
            jump = (now - self._seen[0]) - timedelta(seconds=elapsed_s - self._seen[1])
            self._seen = now, elapsed_s
            if abs(jump) > MOST_DRIFT:
                self._notice(jump, elapsed_s)
            return now, elapsed_s

    def _notice(self, jump: timedelta, elapsed_s: float) -> None:
        log.warning("clock_jumped", by_s=round(jump.total_seconds()))
        self._set_by += jump
        self._distrusted_until_s = elapsed_s + self._distrust_s
        is_taken_back = abs(self._set_by) <= MOST_DRIFT
        self._unconfirmed_until_s = float("-inf") if is_taken_back else elapsed_s + self._distrust_s
        self._ask_at_s = float("inf") if is_taken_back else elapsed_s


class SteadyClock:
    """A watched clock for what is judged by how long ago something was. Fulfils `service.ports.Clock`."""

    def __init__(self, watch: ClockWatch) -> None:
        self._watch = watch

    def now(self) -> datetime:
        """Return the present instant. Raises: Unavailable for a while after any jump."""
        return self._watch.steady_now()
