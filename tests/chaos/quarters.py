"""A house (one process, the carrier's clock) as chaos sees it: with a worker that sweeps by itself, and its counts."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.calls.house import PATIENCE_S, House, HouseClock
from tests.chaos.counting import Count, count
from tests.chaos.crowd import Crowd, a_crowd
from voicebot.adapters.spool import FolderSpool
from voicebot.errors import VoicebotError
from voicebot.service.ports import UnitOfWork
from voicebot.worker import SignOfLife

SWEEP_S = 0.1


class PacedSpool(FolderSpool):
    """A spool whose files are as old by the house's clock as they are by the disk's, times the pace."""

    def __init__(self, folder: Path, clock: HouseClock, pace: float) -> None:
        super().__init__(folder)
        self._clock = clock
        self._pace = pace

    def written_at(self, name: str) -> datetime | None:
        """Return the house's instant of the last append."""
        at = super().written_at(name)
        return None if at is None else self._clock.now() - (datetime.now(UTC) - at) * self._pace


class Quarters:
    """One house, its crowd and its worker; fulfils `counting.Left`."""

    def __init__(self, house: House, speech_dir: Path, *, pace: float, seed: int = 1) -> None:
        self.house = house
        spool = PacedSpool(house.folder / "spool", house.clock, pace)
        object.__setattr__(house.hotline, "spool", spool)
        self.carrier = house.carrier
        self.pace = pace
        self.crowd: Crowd = a_crowd(house.carrier, speech_dir, seed)

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
        life = SignOfLife(self.house.hotline, "worker-1", elapsed_s=self.carrier.clock.elapsed_s)
        is_over = threading.Event()

        def sweep() -> None:
            while not is_over.wait(SWEEP_S):
                try:
                    life.sweep()
                except VoicebotError:
                    continue

        thread = threading.Thread(target=sweep, name="worker")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()

    def settle(self, *, step_s: float = 20.0, patience_s: float = PATIENCE_S) -> list[Count]:
        """Step the clock until everything is at rest and nothing differs, or patience is over; return the counts."""
        self.house.wait_for(nobody_is_heard, "the last words to be decoded")
        until = time.monotonic() + patience_s
        while True:
            self.house.step(seconds=step_s)
            counts = count(self, self.crowd.guests)
            if not any(each.differs for each in counts) or time.monotonic() > until:
                return counts
            threading.Event().wait(0.2)


def nobody_is_heard() -> bool:
    """Tell whether no thread of a call is at work any more: a decoder may lag behind the end of its call."""
    return not any(thread.name.startswith("call-") for thread in threading.enumerate())
