"""Processes of one machine that follow one another. They know which web process is the newest, which worker's turn it
is.

Both are files in the data folder, for both must outlive no process. The newest writes its name over that of the one
before it, while a worker's turn is a lock that the kernel takes back from a process however it ends. The port of the
web process is a descriptor that its parent has opened and hands down. It is bound, so that nobody else takes it, but
listening only once the web process can answer, and from then on for ever, also while that one is started again.
Knows: files, flock(2). Must not know: what the processes do.
"""

import fcntl
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from voicebot.errors import SettingFault

LOOK_AGAIN_S = 0.5
_LISTENER = "LISTENER_OF_VOICEBOT"
"""Variable of the environment with the number of the port's descriptor, not a setting, since only a parent knows it."""


class Stop(Protocol):
    """A `threading.Event` as far as it is used."""

    def wait(self, timeout: float) -> bool: ...


class Newest:
    """The place in which the newest of several like processes stands."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = folder / f"{name}.newest"
        self._own = f"{os.getpid()} {token_hex(8)}"
        self._is_claimed = False

    def claim(self) -> None:
        """Take the place. A disk that refuses leaves it as it is, and the one before then ends a little later."""
        with suppress(OSError):
            descriptor, temporary = tempfile.mkstemp(dir=self._file.parent, prefix=f".{self._file.name}")
            try:
                with os.fdopen(descriptor, "w") as file:
                    file.write(self._own)
                os.replace(temporary, self._file)
            except OSError:
                os.unlink(temporary)
                raise
            self._is_claimed = True

    def is_overtaken(self) -> bool:
        """Tell whether another one has taken the place meanwhile. Nobody overtakes one that never stood in it."""
        try:
            return self._is_claimed and self._file.read_text() != self._own
        except OSError:
            return False


def hand_down(listener: socket.socket) -> None:
    """Let the processes that this one starts, or becomes, find the port's socket, if they inherit the descriptor."""
    os.environ[_LISTENER] = str(listener.fileno())


def has_inherited_listener() -> bool:
    """Tell whether a parent has opened the port."""
    return _LISTENER in os.environ


def inherited_listener() -> socket.socket | None:
    """Return the port's socket that was handed down, or None when this process has to open it."""
    number = os.environ.get(_LISTENER)
    return None if number is None else socket.socket(fileno=int(number))


@contextmanager
def turn_of(folder: Path, name: str, stop: Stop) -> Iterator[bool]:
    """Wait until no other process has the turn of that name, then hold it, and return False when told to stop
    meanwhile.

    Raises: SettingFault when the folder cannot be written.
    """
    try:
        file = (folder / f"{name}.lock").open("w")
    except OSError as problem:
        raise SettingFault(
            f"taking turns with other processes: {folder} cannot be written ({problem.strerror}); "
            "set VOICEBOT_DATA_DIR to a folder that can"
        ) from problem
    with file:
        has_turn = _take(file.fileno())
        while not has_turn and not stop.wait(LOOK_AGAIN_S):
            has_turn = _take(file.fileno())
        yield has_turn


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
