"""CPU seconds and memory of another process and its children.

Read by psutil, where memory is Pss, in which pages shared by several processes are divided among them (Linux, proc(5)).
Knows: process numbers. Must not know: what the process does.
"""

import threading
from collections.abc import Iterator
from contextlib import suppress

from psutil import NoSuchProcess, Process


def cpu_s(leader: int) -> float:
    """Return the CPU seconds that a process and its live descendants have used."""
    spent_s = 0.0
    for process in _family(leader):
        with suppress(NoSuchProcess):  # ended since it was listed
            times = process.cpu_times()
            spent_s += times.user + times.system
    return spent_s


def memory_bytes(leader: int) -> int:
    """Return the memory of a process and its live descendants, shared pages counted once."""
    held = 0
    for process in _family(leader):
        with suppress(NoSuchProcess):
            held += process.memory_full_info().pss
    return held


class MemoryWatch:
    """Remembers the largest memory of a process while it is watched."""

    def __init__(self, leader: int, *, every_s: float = 0.5) -> None:
        self.largest_bytes = 0
        self._leader = leader
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="memory-watch", daemon=True)

    def __enter__(self) -> "MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._every_s):
            self.largest_bytes = max(self.largest_bytes, memory_bytes(self._leader))


def _family(leader: int) -> Iterator[Process]:
    with suppress(NoSuchProcess):
        head = Process(leader)
        yield head
        yield from head.children(recursive=True)
