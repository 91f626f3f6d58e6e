"""A thread of the web process that looks after the worker (service/background/second_watch.py) until the process ends.

The clock that it goes by is watched like the worker's, so after a jump it says nothing until the time is confirmed.
Knows: threads, clocks. Must not know: what is looked at, who is told.
"""

import threading
from dataclasses import replace
from time import monotonic

import structlog

from voicebot.errors import Unavailable
from voicebot.service.background.clock_watch import ClockWatch, Witness
from voicebot.service.background.schedule import run_tasks
from voicebot.service.background.second_watch import LOOKS_EVERY, second_watch
from voicebot.service.failure_log import log_failure
from voicebot.service.hotline import Hotline

SECOND_WATCH = "voicebot.second_watch"
"""Where the application keeps its `SecondWatch`."""

log = structlog.get_logger(__name__)


class SecondWatch:
    """Looks every few seconds, but of several processes one at a time."""

    def __init__(self, hotline: Hotline, witnesses: tuple[Witness, ...] = ()) -> None:
        self._clock = ClockWatch(
            hotline.clock, elapsed_s=monotonic, distrust=hotline.rules.lost_after, witnesses=witnesses
        )
        self._hotline = replace(hotline, clock=self._clock)
        self._tasks = (second_watch(self._clock.is_steady),)

    def begin(self, *, every_s: float = LOOKS_EVERY.total_seconds() / 4) -> threading.Thread:
        """Begin to look, where the thread dies with the process."""
        thread = threading.Thread(target=self._go_on, args=(every_s,), name="second-watch", daemon=True)
        thread.start()
        return thread

    def look(self) -> None:
        """Look once, where what fails is logged and looked at again."""
        try:
            self._clock.confirm()
            run_tasks(self._hotline, self._tasks)
        except Unavailable as problem:
            log_failure(log.warning, "second_watch_postponed", problem)
        except Exception as problem:  # noqa: BLE001  the watch over the watch must not end by what it meets
            log_failure(log.error, "second_watch_failed", problem)

    def _go_on(self, every_s: float) -> None:
        pause = threading.Event()
        while not pause.wait(every_s):
            self.look()
