"""`voicebot serve` as a child process. It is started, awaited and stopped, with its log at hand.

Knows: processes, the health page. Must not know: calls.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import requests

from voicebot.cli.demo.sandbox import Sandbox

_TERMINATE_S = 10.0
"""Seconds that the service gets to end by itself."""


class HotlineProcess:
    """The service under the demo, which leads a process group of its own, so that none of its children stays behind."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the service, whose output goes to the log."""
        command = [sys.executable, "-m", "voicebot", "serve", "--port", str(self._sandbox.port)]
        with self._sandbox.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._sandbox.folder,
                env=self._sandbox.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def was_started(self) -> bool:
        """Whether there ever was a process."""
        return self._process is not None

    @property
    def pid(self) -> int:
        """Number of the process. Only once it was started."""
        assert self._process is not None, "the service was not started"
        return self._process.pid

    def is_alive(self) -> bool:
        """Tell whether it still runs."""
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        """Tell whether the service answers."""
        try:
            return requests.get(f"{self._sandbox.hotline_url}/livez", timeout=2).ok
        except requests.RequestException:
            return False

    def last_words(self, lines: int = 25) -> str:
        """Return the tail of the log."""
        return tail(self._sandbox.log, lines)

    def stop(self) -> None:
        """End the service and every child it had."""
        if self._process is None:
            return
        _signal_group(self._process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_TERMINATE_S)
        _signal_group(self._process.pid, signal.SIGKILL)
        self._process.wait()


def tail(file: Path, lines: int) -> str:
    """Return the last lines of a text file, or empty when there is none."""
    if not file.exists():
        return ""
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])


def _signal_group(leader: int, what: signal.Signals) -> None:
    try:
        os.killpg(leader, what)
    except (ProcessLookupError, PermissionError):
        return
