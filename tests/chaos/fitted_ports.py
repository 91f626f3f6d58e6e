"""What is put between a use case and an adapter: a disk that can be full, a spool in the house's own time.

Each wraps the real one and goes in through the `Hotline`; what it does not say itself the real one does.
"""

from dataclasses import replace
from datetime import datetime

from voicebot.errors import Unavailable
from voicebot.service.hotline import Hotline
from voicebot.service.ports import AudioStore, Clock, Spool


class _Around:
    def __init__(self, port: object) -> None:
        self._port = port

    def __getattr__(self, name: str) -> object:
        return getattr(self._port, name)


class HouseSpool(_Around):
    """A spool whose files are as old as the house's clock says, which the disk does not know."""

    def __init__(self, spool: Spool, clock: Clock) -> None:
        super().__init__(spool)
        self._clock = clock
        self._written_at: dict[str, datetime] = {}

    def append(self, name: str, frames: bytes) -> None:
        """Append, and note when. Raises: Unavailable."""
        self._port.append(name, frames)  # type: ignore[attr-defined]
        self._written_at[name] = self._clock.now()

    def written_at(self, name: str) -> datetime | None:
        """Return the house's instant of the last append; None when there is no such file."""
        is_there = self._port.written_at(name) is not None  # type: ignore[attr-defined]
        return self._written_at.get(name) if is_there else None


class FillingSpool(_Around):
    """A spool that refuses every piece of voice while it is full."""

    def __init__(self, spool: Spool) -> None:
        super().__init__(spool)
        self.is_full = False
        self.refused = 0

    def append(self, name: str, frames: bytes) -> None:
        """Append unless full. Raises: Unavailable."""
        if self.is_full:
            self.refused += 1
            raise Unavailable("storing a caller's audio: the disk refused", code="spool")
        self._port.append(name, frames)  # type: ignore[attr-defined]


class FillingAudioStore(_Around):
    """An audio store that refuses every voice while it is full."""

    def __init__(self, store: AudioStore) -> None:
        super().__init__(store)
        self.is_full = False
        self.refused = 0

    def put(self, key: str, wav: bytes) -> None:
        """Store unless full. Raises: Unavailable."""
        if self.is_full:
            self.refused += 1
            raise Unavailable("cannot store audio: is the disk full?")
        self._port.put(key, wav)  # type: ignore[attr-defined]


def in_house_time(hotline: Hotline) -> Hotline:
    """Return the hotline with a spool whose files age by the hotline's clock."""
    return replace(hotline, spool=HouseSpool(hotline.spool, hotline.clock))  # type: ignore[arg-type]


def with_filling_disks(hotline: Hotline) -> Hotline:
    """Return the hotline with a spool and an audio store that can be full."""
    spool, audio = FillingSpool(hotline.spool), FillingAudioStore(hotline.audio)
    return replace(hotline, spool=spool, audio=audio)  # type: ignore[arg-type]
