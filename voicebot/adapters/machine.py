"""This machine. It has cores and memory that we may use, and room on the disks where our data lies.

A container's own limits count, for the machine's figures mean nothing inside one. psutil knows those figures only, not
the control groups' (tried with 7.2), so the files are read here.
Source: Linux, proc(5) (MemAvailable) and the control groups' admin guide (cpu.max, memory.max), version 2.
Knows: /proc, /sys, disks. Must not know: how much is enough.
"""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from voicebot.service.ports.installation import FreeSpace

KIBIBYTE = 1024


class LocalMachine:
    """Fulfils `service.ports.installation.Machine`."""

    def __init__(self, places: Mapping[str, Path], *, root: Path = Path("/")) -> None:
        """`places` maps what lies there to its folder, while `root` holds proc and sys."""
        self._places = places
        self._proc = root / "proc"
        self._groups = root / "sys" / "fs" / "cgroup"

    def free_space(self) -> tuple[FreeSpace, ...]:
        """Return the room left at each place, once for each disk."""
        on_disk: dict[int, list[tuple[str, Path]]] = {}
        for what, place in self._places.items():
            on_disk.setdefault(_existing(place).stat().st_dev, []).append((what, place))
        return tuple(_space(things) for things in on_disk.values())

    def cores(self) -> int:
        """Return how many cores this process may use, at least 1."""
        quota, _, period = _text(self._groups / "cpu.max").partition(" ")
        allowed = len(os.sched_getaffinity(0))
        if quota.isdigit() and period.strip().isdigit():
            return max(1, min(allowed, int(quota) // int(period)))
        return allowed

    def memory_bytes(self) -> int:
        """Return how much memory is free for the asking, or 0 when nobody knows."""
        limits = [self._available(), self._left_in_group()]
        return min((limit for limit in limits if limit), default=0)

    def _available(self) -> int:
        for line in _text(self._proc / "meminfo").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * KIBIBYTE
        return 0

    def _left_in_group(self) -> int:
        limit, used = _text(self._groups / "memory.max").strip(), _text(self._groups / "memory.current").strip()
        return max(1, int(limit) - int(used)) if limit.isdigit() and used.isdigit() else 0


def _space(things: list[tuple[str, Path]]) -> FreeSpace:
    """Return the room on the disk that these things share."""
    place = things[0][1]
    names = ", ".join(what for what, _ in things)
    return FreeSpace(what=names, place=str(place), free_bytes=shutil.disk_usage(_existing(place)).free)


def _existing(place: Path) -> Path:
    """Return the nearest folder that is there, because what is not made yet will lie on its disk."""
    return next(folder for folder in (place.absolute(), *place.absolute().parents) if folder.exists())


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
