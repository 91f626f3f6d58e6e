"""Data folders as a port. They tell which machine's folder heard a call, and may hold its voice still.

Knows: ids, instants. Must not know: SQL, disks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldThere:
    """What one data folder holds that is not in the audio store yet, as far as the rows know."""

    folder_id: str
    """Empty for answers of a version that named no folder."""
    host: str
    """Name of the machine on which its worker last showed itself, empty when none ever did."""
    seen_at: datetime | None
    voices: int
    """Answers whose voice lies there alone."""
    calls: int
    """Calls heard there of which its worker has not said yet that nothing is left."""
    erasures: int
    """Those of them of which everything is to be erased."""


class Folders(Protocol):
    """One row for each folder, and one for each call that a folder has heard."""

    def show(self, folder_id: str, host: str, at: datetime) -> tuple[str, datetime] | None:
        """Write that the worker of this folder lives, and on which machine, and return what stood there before."""
        ...

    def heard(self, call_id: str, folder_id: str) -> None:
        """Note that a stream of the call is heard here. Voice of it may lie here until this folder is `settled`."""
        ...

    def unsettled(self, folder_id: str, limit: int) -> Sequence[str]:
        """Ids of calls heard here of which voice may still lie here."""
        ...

    def to_settle(self, folder_id: str, limit: int, *, silent_before: datetime) -> Sequence[str]:
        """Ids of unsettled calls heard here that ended and were silent by then, or whose erasure was asked."""
        ...

    def settle(self, call_id: str, folder_id: str) -> None:
        """Note that nothing of the call lies here any more."""
        ...

    def holders(self, call_id: str, *, but: str) -> Sequence[str]:
        """Ids of all other folders in which voice of the call may lie."""
        ...

    def ask_erasure(self, call_id: str, at: datetime, *, but: str = "") -> None:
        """Ask every folder that may hold voice of the call to erase it, perhaps all but one."""
        ...

    def is_erasure_asked(self, call_id: str, folder_id: str) -> bool: ...
    def held(self) -> Sequence[HeldThere]:
        """Every folder that ever showed itself or holds something, by id."""
        ...
