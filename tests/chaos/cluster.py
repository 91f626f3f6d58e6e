"""A PostgreSQL server of its own for one run: killed, frozen, stopped and started again at will."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tests.calls.house import free_port
from tests.calls.service import descendants
from tests.databases import administer, as_postgres, postgres_programs

PATIENCE_S = 120.0


class Cluster:
    """One server on loopback, with fsync, as in service; close it."""

    def __init__(self) -> None:
        """Make and start it. Raises: RuntimeError when PostgreSQL is not installed."""
        programs = postgres_programs()
        if programs is None:
            raise RuntimeError("this fault needs PostgreSQL: install it (initdb, pg_ctl)")
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="voicebot-chaos-pg-"))
        self._run = as_postgres(self.folder)
        self._port = free_port()
        self._run(self._program("initdb"), "-D", self._data, "-U", "voicebot", "-A", "trust", "--no-sync")
        self.start()
        administer(self._url("postgres"), "CREATE DATABASE voicebot")
        self.url = self._url("voicebot")

    @property
    def postmaster(self) -> int:
        """The server's first process."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def start(self) -> None:
        """Start it, trying again while what a killed one left is being cleaned up."""
        options = f"-p {self._port} -c listen_addresses=127.0.0.1 -k {self.folder} -c max_connections=150"
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                self._run(
                    *(self._program("pg_ctl"), "start", "-s", "-D", self._data, "-w", "-t", "60"),
                    *("-l", str(self.folder / "log"), "-o", options),
                )
                return
            except subprocess.SubprocessError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)

    def kill(self) -> None:
        """Send SIGKILL to the first process; its children notice and end."""
        os.kill(self.postmaster, signal.SIGKILL)

    def freeze(self) -> None:
        """Stop every process of it: connections stand, and nothing answers on them."""
        for pid in (self.postmaster, *descendants(self.postmaster)):
            os.kill(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let them go on."""
        for pid in (*descendants(self.postmaster), self.postmaster):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def stop(self) -> None:
        """Stop it: connections are refused."""
        self._run(self._program("pg_ctl"), "stop", "-D", self._data, "-m", "fast", "-w")

    def close(self) -> None:
        """End it and remove what it wrote."""
        with suppress(subprocess.SubprocessError, OSError):
            self.thaw()
            self._run(self._program("pg_ctl"), "stop", "-D", self._data, "-m", "immediate", "-w")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _program(self, name: str) -> str:
        return str(self._programs / name)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://voicebot@127.0.0.1:{self._port}/{database}"
