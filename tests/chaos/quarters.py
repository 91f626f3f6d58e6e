"""A house (one process, the carrier's clock) as chaos sees it: with a worker that sweeps by itself, and its counts."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.calls.conftest import OpenHouse
from tests.calls.house import PATIENCE_S, House, nobody_is_heard
from tests.chaos.counting import Count, count
from tests.chaos.crowd import TIRED_AFTER_S, Crowd, a_crowd
from tests.chaos.fitted_ports import in_house_time
from voicebot.errors import VoicebotError
from voicebot.service.background.clock_watch import ClockWatch
from voicebot.service.hotline import Hotline
from voicebot.service.ports import UnitOfWork
from voicebot.worker import SignOfLife

SWEEP_S = 0.1
LATE_PACE = 3.0
"""Line seconds that a real second of lateness may cost here: the house's clock waits for the hotline."""


class Quarters:
    """One house, its crowd and its worker; fulfils `counting.Left`."""

    def __init__(self, house: House, speech_dir: Path, *, seed: int = 1) -> None:
        self.house = house
        self.carrier = house.carrier
        self.pace = LATE_PACE
        self.rounds = 0
        """Of the worker's sweeps, so far."""
        self.crowd: Crowd = a_crowd(house.carrier, speech_dir, seed, tired_after_s=TIRED_AFTER_S * LATE_PACE)

    def work(self) -> UnitOfWork:
        """Open a unit of work."""
        return self.house.work()

    def now(self) -> datetime:
        """Return the house's instant."""
        return self.house.clock.now()

    def audio(self, key: str) -> bytes:
        """Return a stored voice."""
        return self.house.hotline.audio.get(key)

    def spooled(self) -> list[str]:
        """Return the names of spool files."""
        return list(self.house.hotline.spool.names())

    def waiting_jobs(self) -> int:
        """Return 0: a house has no queue, its sweeps find everything."""
        return 0

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Sweep from a thread, as the worker does, and go on whatever is away."""
        life = SignOfLife(self.house.hotline, "worker-1", self._watch())
        is_over = threading.Event()

        def sweep() -> None:
            while not is_over.wait(SWEEP_S):
                with suppress(VoicebotError):
                    life.sweep()
                self.rounds += 1

        thread = threading.Thread(target=sweep, name="worker")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def _watch(self) -> ClockWatch:
        distrust = self.house.hotline.rules.lost_after
        return ClockWatch(self.house.clock, elapsed_s=self.carrier.clock.elapsed_s, distrust=distrust)

    def settle(self, *, step_s: float = 20.0, but_for: str = "") -> list[Count]:
        """Step the clock until everything is at rest and nothing differs, or patience is over; return the counts.

        `but_for` names a line of the report that is neither waited for nor returned.
        """
        self.house.wait_for(nobody_is_heard, "the last words to be decoded")
        until = time.monotonic() + PATIENCE_S
        while True:
            self.house.step(seconds=step_s)
            counts = [each for each in count(self, self.crowd.guests) if each.what != but_for]
            if not any(each.differs for each in counts) or time.monotonic() > until:
                return counts
            threading.Event().wait(0.2)


def open_quarters(
    open_house: OpenHouse,
    speech_dir: Path,
    *,
    fitted: Callable[[Hotline], Hotline] = lambda whole: whole,
    **choices: Any,
) -> Quarters:
    """Open a house whose spool ages with its clock; `fitted` may put more around its ports."""
    house = open_house(fitted=lambda whole: fitted(in_house_time(whole)), **choices)
    return Quarters(house, speech_dir)
