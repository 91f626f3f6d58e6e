"""Child processes that belong together. They are started, started again when they die, and ended together.

A child may be handed open files that outlive it, since a listening socket held here keeps callers waiting in the
kernel's queue while the process that answers them is started again, where a closed port would end their calls.
Knows: processes, signals, back-off. Must not know: what the children do.
"""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from voicebot.domain.back_off import back_off

FIRST_PAUSE_S = 0.2
"""The first restart is quick, because callers wait on the line for it."""
LONGEST_PAUSE_S = 10.0
"""Shorter than a carrier waits (15 s, twilio.md 1.1), so who rings when the cause is put right may still be
answered.
"""
STEADY_AFTER_S = 15.0
"""A child that lived so long had started well and starts with the first pause again, because callers wait on the line
for it. What cannot start at all dies much sooner, and is tried ever more rarely.
"""
POLL_S = 0.1
_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux's prctl(2)."""
LEAST_GRACE_S = 30.0
"""What a child gets to end in, however long the one before it took."""

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Child:
    """A process by name and command line."""

    name: str
    command: tuple[str, ...]
    open_files: tuple[int, ...] = ()
    """Descriptors that the child takes over under the same numbers."""
    on_end: Callable[[], None] = lambda: None
    """Called when it has ended for good, since what must not be offered without it, such as an open port, is closed
    there.
    """


@dataclass(slots=True)
class BackOff:
    """How long to wait before the next start, which doubles while starts follow one another quickly."""

    quick_deaths: int = 0

    def after(self, lived_s: float) -> float:
        """Return the pause after a life of so many seconds."""
        self.quick_deaths = 1 if lived_s >= STEADY_AFTER_S else self.quick_deaths + 1
        return back_off(self.quick_deaths, first=FIRST_PAUSE_S, longest=LONGEST_PAUSE_S)


def watch_children(children: tuple[Child, ...], *, grace_s: float, tell: Tell) -> None:
    """Keep all children running until SIGTERM or SIGINT, and then end them in their order."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    keepers = [Keeper(child, tell) for child in children]
    for keeper in keepers:
        keeper.start()
    while not stop.wait(POLL_S):
        _look_after(keepers)
    tell("stopping; running calls get time to finish")
    end_all(keepers, grace_s=grace_s)
    tell("stopped")


def end_all(keepers: "list[Keeper]", *, grace_s: float) -> None:
    """End them in their order, each when the one before has ended. The web process goes first, so that texts still go
    out meanwhile.

    Those whose turn has not come are kept running until then, because calls may last long after we were told to stop.
    All together have `grace_s`, but the later ones at least `LEAST_GRACE_S`, and what is left then is killed.
    """
    deadline = time.monotonic() + grace_s
    for at, keeper in enumerate(keepers):
        keeper.ask_to_end()
        within_s = max(min(grace_s, LEAST_GRACE_S), deadline - time.monotonic())
        keeper.wait_or_kill(within_s, meanwhile=partial(_look_after, keepers[at + 1 :]))
        keeper.child.on_end()


def _look_after(keepers: "list[Keeper]") -> None:
    for keeper in keepers:
        keeper.look()


class Keeper:
    """Keeps one child running."""

    def __init__(self, child: Child, tell: Tell) -> None:
        self.child = child
        self._tell = tell
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_again_at: float | None = None
        self._back_off = BackOff()

    @property
    def process_id(self) -> int | None:
        """The running child's id, or None while there is none."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the child in a session of its own, so that Ctrl-C reaches it through us only."""
        parent = os.getpid()
        self._process = subprocess.Popen(
            self.child.command,
            start_new_session=True,
            pass_fds=self.child.open_files,
            preexec_fn=lambda: _die_with(parent),
        )
        self._started_at = time.monotonic()
        self._start_again_at = None

    def look(self) -> None:
        """Notice a death, and start again when the pause is over."""
        now = time.monotonic()
        if self._process is not None and self._process.poll() is not None:
            self._bury(self._process, now)
        if self._start_again_at is not None and now >= self._start_again_at:
            self.start()

    def ask_to_end(self) -> None:
        """Send SIGTERM to a running child."""
        self._start_again_at = None
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait_or_kill(self, within_s: float, *, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Wait for the end, doing something else now and then, and kill the child after so many seconds."""
        if self._process is None:
            return
        deadline = time.monotonic() + within_s
        while not self._has_ended(self._process):
            if time.monotonic() >= deadline:
                self._tell(f"{self.child.name} did not end within its time and is killed")
                self._process.kill()
                self._process.wait()
                return
            meanwhile()

    @staticmethod
    def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
        """Wait one step for the end, and tell whether it came."""
        try:
            process.wait(POLL_S)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _bury(self, process: "subprocess.Popen[bytes]", now: float) -> None:
        pause_s = self._back_off.after(now - self._started_at)
        self._process = None
        self._start_again_at = now + pause_s
        self._tell(f"{self.child.name} ended with code {process.returncode}; starting it again in {pause_s:g} s")


def _die_with(parent: int) -> None:
    """Let the kernel end this child when its parent is killed, because an orphan would hold the port against the next
    one.
    """
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(1)
