"""Notices that somebody set the clock: for a while then, "no sign of life for five minutes" proves nothing.

A call that lasts shows itself again within that while, in the new time; without this it would be ended as lost, and
its caller cut off, because the machine's clock was put right by an hour.
Knows: two clocks. Must not know: what is spared.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog

from voicebot.service.ports import Clock

MOST_DRIFT = timedelta(seconds=30)
"""Between two looks; clocks that are only slewed stay far below."""

log = structlog.get_logger(__name__)


class ClockWatch:
    """Compares the wall clock with one that nobody can set."""

    def __init__(self, clock: Clock, *, elapsed_s: Callable[[], float], distrust: timedelta) -> None:
        """`elapsed_s` is the clock that nobody sets, in seconds; after a jump the other is distrusted for a while."""
        self._clock = clock
        self._elapsed_s = elapsed_s
        self._distrust_s = distrust.total_seconds()
        self._seen = clock.now(), elapsed_s()
        self._distrusted_until_s = 0.0

    def is_steady(self) -> bool:
        """Look at both; False when the wall clock jumped just now, or not long ago."""
        now, elapsed_s = self._clock.now(), self._elapsed_s()
        jump = (now - self._seen[0]) - timedelta(seconds=elapsed_s - self._seen[1])
        self._seen = now, elapsed_s
        if abs(jump) > MOST_DRIFT:
            log.warning("clock_jumped", by_s=round(jump.total_seconds()))
            self._distrusted_until_s = elapsed_s + self._distrust_s
        return elapsed_s >= self._distrusted_until_s
