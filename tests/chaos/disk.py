"""A disk that can be full: a small one of its own where this machine allows it, else a limit on every file.

Root may mount a tmpfs, which refuses with ENOSPC as a full disk does. Elsewhere the service's processes get a limit on
the length of their files (RLIMIT_FSIZE): then whatever they write is refused with EFBIG, and spool, audio, database
and log are full together.
"""

import os
import resource
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

SIZE = "64m"
SMALLEST_FILE_BYTES = 4096
"""What a limited process may still write to one file: less than any voice or database."""


class Disk(Protocol):
    """What a fault does with a disk."""

    says: str
    """How the fault is made, for the report."""

    def fill(self, processes: Iterable[int]) -> None: ...
    def free(self, processes: Iterable[int]) -> None: ...
    def close(self) -> None: ...


class SmallDisk:
    """A tmpfs mounted on a folder."""

    says = "a small tmpfs filled to its last byte (ENOSPC)"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "chaos", str(folder)], check=True)

    def fill(self, processes: Iterable[int]) -> None:
        """Write until nothing more is taken."""
        with (self._folder / "filler").open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"\0" * 65_536):
                pass
        with (self._folder / "filler").open("ab", buffering=0) as file, suppress(OSError):
            while file.write(b"\0"):
                pass

    def free(self, processes: Iterable[int]) -> None:
        """Remove what filled it."""
        (self._folder / "filler").unlink(missing_ok=True)

    def close(self) -> None:
        """Unmount, whoever still has files open there."""
        subprocess.run(["umount", "--lazy", str(self._folder)], check=False)


class FileLimit:
    """No file of the given processes may grow."""

    says = "NOT a full disk, for this user may not mount one: a limit on the length of every file (EFBIG)"

    def fill(self, processes: Iterable[int]) -> None:
        """Limit them; what they start later is limited too."""
        self._limit(processes, SMALLEST_FILE_BYTES)

    def free(self, processes: Iterable[int]) -> None:
        """Lift the limit."""
        self._limit(processes, resource.RLIM_INFINITY)

    def close(self) -> None:
        """Leave nothing."""

    @staticmethod
    def _limit(processes: Iterable[int], soft: int) -> None:
        for process in processes:
            with suppress(ProcessLookupError):
                resource.prlimit(process, resource.RLIMIT_FSIZE, (soft, resource.RLIM_INFINITY))


def may_mount() -> bool:
    """Tell whether this user may mount a disk; found out by doing it."""
    if os.geteuid() != 0:
        return False
    folder = Path(f"/tmp/voicebot-chaos-mount-{os.getpid()}")
    try:
        SmallDisk(folder).close()
    except (OSError, subprocess.SubprocessError):
        return False
    finally:
        with suppress(OSError):
            folder.rmdir()
    return True


def a_disk(folder: Path) -> Disk:
    """Return a disk on this folder."""
    return SmallDisk(folder) if may_mount() else FileLimit()
