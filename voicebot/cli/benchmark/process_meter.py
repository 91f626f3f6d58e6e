"""CPU seconds and memory of another process and its children, from Linux's `/proc`.

Source: proc(5): `stat` fields 14 and 15 (clock ticks), `smaps_rollup` Pss (memory, shared pages divided among
those who share them).
Knows: process numbers. Must not know: what the process does.
"""

import os
import threading
from pathlib import Path

_PROC = Path("/proc")


def cpu_s(leader: int) -> float:
    """Return the CPU seconds that a process and its live descendants have used."""
    ticks = sum(_ticks(process) for process in _family(leader))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_bytes(leader: int) -> int:
    """Return the memory of a process and its live descendants, shared pages counted once."""
    return sum(_pss_bytes(process) for process in _family(leader))


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


def _family(leader: int) -> list[int]:
    parents = {int(path.name): _parent(path) for path in _PROC.iterdir() if path.name.isdecimal()}
    family = [leader]
    for process in family:
        family += [child for child, parent in parents.items() if parent == process]
    return family


def _stat(folder: Path) -> list[str]:
    """Return the fields after the name, which may hold spaces; empty once the process is gone."""
    try:
        return (folder / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent(folder: Path) -> int:
    fields = _stat(folder)
    return int(fields[1]) if fields else 0


def _ticks(process: int) -> int:
    fields = _stat(_PROC / str(process))
    return int(fields[11]) + int(fields[12]) if fields else 0


def _pss_bytes(process: int) -> int:
    try:
        lines = (_PROC / str(process) / "smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
