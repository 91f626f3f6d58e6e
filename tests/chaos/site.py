"""One hotline of real processes under a supervisor that starts it again, with its database, disk and carrier."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy

from tests.calls.service import Service, command_line, descendants, parent_of
from tests.chaos.counting import NOTHING, Allowed, Count, count, was_answered
from tests.chaos.crowd import Crowd, a_crowd
from voicebot.adapters.audio_store import PathAudioStore
from voicebot.adapters.store import open_engine
from voicebot.errors import VoicebotError
from voicebot.simulator.options import CarrierOptions

LOOK_S = 0.5
RESTART_S = 0.5
"""How soon a supervisor starts a service again that has ended."""


class Proxy(Protocol):
    """What stands between the service and the carrier's API."""

    url: str

    def close(self) -> None: ...


class Site(Service):
    """A service that is started again when it ends, as a supervisor would; close it."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        *,
        pace: float,
        speech_dir: Path,
        seed: int = 1,
        settings: Mapping[str, str] | None = None,
        options: CarrierOptions | None = None,
        through: Callable[[str], Proxy] | None = None,
        **choices: Any,
    ) -> None:
        self.pace = pace
        self.database_url = database_url
        self._audio = PathAudioStore((settings or {}).get("VOICEBOT_AUDIO_ROOT", str(folder / "audio")))
        self._is_watched = False
        self._through = through
        self._proxy: Proxy | None = None
        super().__init__(folder, database_url, pace=pace, settings=settings, options=options, **choices)
        self.crowd: Crowd = a_crowd(self.carrier, speech_dir, seed)
        self._jobs = open_engine(database_url)
        self._is_watched = True
        self._supervisor = threading.Thread(target=self._supervise, name="supervisor", daemon=True)
        self._supervisor.start()

    def close(self) -> None:
        """End the supervisor, the carrier and the service."""
        self._is_watched = False
        if hasattr(self, "_supervisor"):
            self._supervisor.join()
            self._jobs.dispose()
        super().close()
        if self._proxy is not None:
            self._proxy.close()

    def api_url(self) -> str:
        """Open the carrier's API, behind a proxy if there is to be one."""
        url = super().api_url()
        if self._through is None:
            return url
        self._proxy = self._through(url)
        return self._proxy.url

    # --- processes ---------------------------------------------------------------------------------------

    @property
    def serve(self) -> int:
        """The `voicebot serve` that is watched."""
        return self._process.pid

    def processes(self) -> list[int]:
        """Return every process of the service."""
        return [self.serve, *descendants(self.serve)]

    def web_master(self) -> list[int]:
        """Return gunicorn's first process, if it runs."""
        return [pid for pid in descendants(self.serve) if _is_web(pid) and not _is_web(parent_of(pid))]

    def web_child(self) -> list[int]:
        """Return the process that holds the calls, if it runs."""
        return [pid for pid in descendants(self.serve) if _is_web(pid) and _is_web(parent_of(pid))]

    def worker(self) -> list[int]:
        """Return the worker, if it runs."""
        return [pid for pid in descendants(self.serve) if "voicebot worker" in command_line(pid)]

    def end_serve(self) -> None:
        """Send SIGTERM to the service; the supervisor starts the next one when it has ended."""
        self._process.terminate()

    def hand_over(self) -> "subprocess.Popen[bytes]":
        """Start the next service beside the running one, see that it serves, end the old one, and return that.

        As docs/operating.md tells operators: the next one has the port before the old one is told to end.
        """
        served = self._times_served()
        old, self._process = self._process, self.start_serve()
        self.wait_for(lambda: self._times_served() > served, "the next service to have the port")
        old.terminate()
        return old

    def _times_served(self) -> int:
        return self.log.read_text().count("voicebot: serving ")

    def _supervise(self) -> None:
        while self._is_watched:
            if self._process.poll() is not None:
                threading.Event().wait(RESTART_S)
                self._process = self.start_serve()
            threading.Event().wait(0.1)

    def wait_for(self, is_so: Callable[[], bool], what: str, *, patience_s: float = 120.0) -> None:
        """Wait in real time, whatever becomes of the processes meanwhile."""
        until = time.monotonic() + patience_s
        while not is_so():
            assert time.monotonic() < until, f"waited {patience_s:.0f} s for {what}\n{self._told()}"
            threading.Event().wait(0.1)

    def _told(self) -> str:
        """Return what the callers met and the end of the log."""
        return "\n".join([*(guest.told for guest in self.crowd.guests), self.log_s_end()])

    # --- what a run has left -----------------------------------------------------------------------------

    def now(self) -> datetime:
        """Return the instant of this machine, which is the service's."""
        return datetime.now(UTC)

    def audio(self, key: str) -> bytes:
        """Return a stored voice."""
        return self._audio.get(key)

    def spooled(self) -> list[str]:
        """Return the names of spool files."""
        return sorted(path.name for path in (self.folder / "spool").glob("*.ulaw"))

    def waiting_jobs(self) -> int:
        """Return how many jobs are not done."""
        schema = "dbos." if self.database_url.startswith("postgresql") else ""
        statement = f"SELECT count(*) FROM {schema}workflow_status WHERE status IN ('PENDING', 'ENQUEUED')"
        with self._jobs.connect() as connection:
            return int(connection.execute(sqlalchemy.text(statement)).scalar() or 0)

    def answered(self) -> int:
        """Return how many callers were answered so far."""
        return sum(was_answered(guest) for guest in self.crowd.guests)

    def settle(self, *, patience_s: float, allowed: Allowed = NOTHING) -> list[Count]:
        """Wait until the world has come to rest and nothing differs, or patience is over; return the counts."""
        until = time.monotonic() + patience_s
        while True:
            counts: list[Count] = []
            with suppress(VoicebotError, sqlalchemy.exc.SQLAlchemyError):
                counts = count(self, self.crowd.guests, allowed)
            is_at_rest = bool(counts) and not any(each.differs for each in counts)
            if is_at_rest or (counts and time.monotonic() > until):
                return counts
            assert time.monotonic() < until + 60, "the database cannot be read after the run"
            threading.Event().wait(LOOK_S)


def kill(pids: list[int]) -> int:
    """Send SIGKILL to each; return how many there were."""
    killed = 0
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            killed += 1
    return killed


def _is_web(pid: int) -> bool:
    return "gunicorn" in command_line(pid)
