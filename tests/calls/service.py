"""`voicebot serve` as real processes, so that they can be killed; the pretend carrier stays with the test."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil
import requests

from tests.calls.house import ACCOUNT, HOTLINE_NUMBER, PATIENCE_S, TOKEN, free_port
from tests.fakes import FakeJobs
from voicebot.adapters.store import open_engine, open_store
from voicebot.distribution import PROJECT_DIR
from voicebot.domain.ticket import Answer, Ticket
from voicebot.service.ports import UnitOfWork
from voicebot.simulator.carrier import PretendCarrier
from voicebot.simulator.clock import PacedClock
from voicebot.simulator.options import CarrierOptions


class Service:
    """The processes of one hotline, its database and its carrier."""

    def __init__(
        self,
        folder: Path,
        database_url: str,
        *,
        pace: float = 1.0,
        recognisers: int = 8,
        log_level: str = "DEBUG",
        policy_dir: Path = PROJECT_DIR / "flows" / "policy_demo",
        options: CarrierOptions | None = None,
        settings: Mapping[str, str] | None = None,
        behind: Callable[[int], str] | None = None,
    ) -> None:
        """Start everything and wait until the web process answers; `settings` are variables to set beside ours.

        `behind` starts a proxy before that port, and returns where it answers.
        """
        port = free_port()
        self.folder = folder
        self.url = behind(port) if behind else f"http://127.0.0.1:{port}"
        self.log = folder / "service.log"
        self.carrier = PretendCarrier(
            ACCOUNT, TOKEN, HOTLINE_NUMBER, self.url, clock=PacedClock(pace), options=options or CarrierOptions()
        )
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOICEBOT_")}
        # Without compiled modules a restart takes longer than a carrier waits.
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        self.environment = inherited | {
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_PHONE_NUMBER": HOTLINE_NUMBER,
            "VOICEBOT_PUBLIC_URL": self.url,
            "VOICEBOT_PORT": str(port),
            "VOICEBOT_DATA_DIR": str(folder),
            "VOICEBOT_DATABASE_URL": database_url,
            "VOICEBOT_TWILIO_API_URL": self.api_url(),
            "VOICEBOT_POLICY_DIR": str(policy_dir),
            "VOICEBOT_GATE_EXCEPTIONS": "+1202555",
            "VOICEBOT_MAX_RECOGNISERS": str(recognisers),
            "VOICEBOT_GRACE_S": "2",
            "VOICEBOT_LOG_LEVEL": log_level,
            **(settings or {}),
        }
        self._process = self.start_serve()
        self._engine = open_engine(database_url)
        self._store = open_store(self._engine, FakeJobs().on)
        try:
            self.await_answer()
        except AssertionError:
            self.close()
            raise

    def api_url(self) -> str:
        """Open the carrier's API and return where the service is to find it."""
        return self.carrier.serve_api()

    def start_serve(self) -> "subprocess.Popen[bytes]":
        """Start one `voicebot serve`."""
        return self.run("serve")

    def run(self, command: str) -> "subprocess.Popen[bytes]":
        """Start one process of ours that writes into the service's log."""
        words = [sys.executable, "-m", "voicebot", command]
        with self.log.open("a") as log:
            return subprocess.Popen(words, env=self.environment, cwd=self.folder, stdout=log, stderr=log)

    def close(self) -> None:
        """Stop the carrier, then the service."""
        self.carrier.close()
        self._engine.dispose()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            for pid in (*descendants(self._process.pid), self._process.pid):
                os.kill(pid, signal.SIGKILL)
            raise

    def pids(self, part: str) -> list[int]:
        """Return every process whose command line names the part."""
        return [pid for pid in descendants(self._process.pid) if part in command_line(pid)]

    def kill(self, part: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to every process whose command line names the part; return how many there were."""
        killed = 0
        for pid in self.pids(part):
            with suppress(ProcessLookupError):
                os.kill(pid, number)
                killed += 1
        return killed

    def kill_answering_process(self, number: signal.Signals) -> None:
        """Send a signal to the web server's own child: the process that holds the calls."""
        holders = [
            pid
            for pid in descendants(self._process.pid)
            if "gunicorn" in command_line(pid) and "gunicorn" in command_line(parent_of(pid))
        ]
        assert len(holders) == 1, f"{len(holders)} processes hold calls"
        os.kill(holders[0], number)

    def await_answer(self) -> None:
        """Wait until the web process answers."""
        self.wait_for(self._answers, "the web process to answer")

    def wait_for(self, is_so: Callable[[], bool], what: str, *, patience_s: float = PATIENCE_S) -> None:
        """Wait in real time, with an end that shows the log's tail."""
        until = time.monotonic() + patience_s
        while not is_so():
            assert time.monotonic() < until, f"waited {patience_s:.0f} s for {what}\n{self.log_s_end()}"
            assert self.is_running(), f"the service ended while waiting for {what}\n{self.log_s_end()}"
            time.sleep(0.1)

    def is_running(self) -> bool:
        """Whether what was started last has not ended."""
        return self._process.poll() is None

    def log_s_end(self) -> str:
        """Return the last lines that the service wrote."""
        return "\n".join(self.log.read_text().splitlines()[-15:])

    def work(self) -> UnitOfWork:
        """Open a unit of work on the service's database."""
        return self._store()

    def tickets(self) -> list[Ticket]:
        """Return every ticket."""
        with self.work() as work:
            return list(work.tickets.all())

    def answers(self, ticket: Ticket) -> list[Answer]:
        """Return a case's answers."""
        with self.work() as work:
            return list(work.tickets.answers(ticket.id))

    def confirmations(self, recipient: str) -> list[str]:
        """Return the texts that somebody got about the call itself, not about a miss."""
        bodies = [message.body for message in self.carrier.ledger.texts_to(recipient)]
        return [body for body in bodies if "We are sorry" not in body and "missed" not in body]

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/livez", timeout=2).status_code == 200
        except requests.RequestException:
            return False


def descendants(pid: int) -> list[int]:
    """Return the living processes below one; none when it is gone."""
    with suppress(psutil.NoSuchProcess):
        return [each.pid for each in psutil.Process(pid).children(recursive=True)]
    return []


def command_line(pid: int) -> str:
    """Return a process's command line; empty when it is gone."""
    with suppress(psutil.NoSuchProcess):
        return " ".join(psutil.Process(pid).cmdline())
    return ""


def parent_of(pid: int) -> int:
    """Return a process's parent; 0 when it is gone."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).ppid()
    return 0
