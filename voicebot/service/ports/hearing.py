"""Hearing, speaking and where voices stay, as ports.

Knows: hypotheses and prompts. Must not know: recognisers, files.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol

from voicebot.domain.utterance import Hypothesis, Word
from voicebot.flow.instructions import Prompt


class Recogniser(Protocol):
    """One prompt's recogniser. Belongs to one thread. Made anew for each `Listen`.

    Raises (any method): Unavailable when the engine fails.
    """

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Take 16-bit little-endian mono PCM at 8 kHz, and return a *final* segment when one just ended.

        Word times are seconds from the first sample ever given to this recogniser.
        """
        ...

    def partial(self) -> str:
        """Return the words guessed since the last segment. May move."""
        ...

    def settle(self) -> Hypothesis:
        """End the segment here, since the caller paused, and return it (may be empty)."""
        ...

    def finish(self) -> Hypothesis:
        """Flush and return the last segment (may be empty). Nothing may be given afterwards."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """For whom a place is asked."""

    holder: str
    """Whose call it is. That is an E.164 number, empty for all who show none."""
    call_id: str = ""
    """Empty before the call has an id."""
    for_others: int = 0
    """Places left over for whoever holds none yet."""


@dataclass(frozen=True, slots=True)
class Places:
    """How many calls hold a place at the recognisers, and how many may."""

    taken: int
    limit: int


class Recognisers(Protocol):
    """Makes recognisers, within the number allowed alive per process."""

    def reserve(self, seat: Seat) -> bool:
        """Take one place for a call. False when this caller gets none (service/call/listening_places.py)."""
        ...

    def release(self, seat: Seat) -> None:
        """Give back the place that was taken with the same seat."""
        ...

    def has_room(self, seat: Seat) -> bool:
        """Whether this caller would find a place now."""
        ...

    def places(self) -> Places | None:
        """Return places taken and allowed, or None while no model is loaded. Loads nothing."""
        ...

    def supports(self, locale: str) -> bool: ...
    def make(self, locale: str, grammar: tuple[str, ...] | None, *, alternatives: int = 0) -> Recogniser:
        """Make the recogniser of one prompt. With `alternatives` it tells that many of what may have been said.

        Raises: Unavailable.
        """
        ...


class SecondEar(Protocol):
    """Listens to a stored voice once more, without any hurry, and is stopped at once when something else matters."""

    @property
    def name(self) -> str:
        """What is kept beside its words, at most 60 characters."""
        ...

    def supports(self, locale: str) -> bool: ...
    def hear(self, mulaw: bytes, locale: str, may_go_on: Callable[[], bool]) -> tuple[Word, ...] | None:
        """Return the words with their times in this audio, or None when `may_go_on` said no meanwhile.

        Raises: Unavailable when it fails.
        """
        ...


class PromptAudio(Protocol):
    """Clips for prompts."""

    def audio(self, prompt: Prompt) -> bytes:
        """Return the whole prompt as raw mu-law 8 kHz bytes.

        Raises: SettingFault when a clip is missing. The message names the words and the command that makes it.
        """
        ...

    def can_say(self, locale: str, words: str) -> bool:
        """Whether there is a clip of exactly these words that can be played."""
        ...


class AudioStore(Protocol):
    """Where the voice of each answer stays, as WAV files (mu-law, 8 kHz, mono) by relative key."""

    def put(self, key: str, wav: bytes) -> None:
        """Store whole or not at all (temporary name, then rename). The same key twice is the same file."""
        ...

    def get(self, key: str) -> bytes:
        """Raises: Unavailable when it is not there."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open to be read in parts, at any place. Raises: Unavailable when it is not there."""
        ...

    def delete(self, key: str) -> None: ...
    def exists(self, key: str) -> bool:
        """Tell whether the file is there. Raises: Unavailable when the store cannot say so."""
        ...


class Spool(Protocol):
    """Local append-only files that hold an answer's voice (raw mu-law) while the caller speaks."""

    @property
    def folder_id(self) -> str:
        """Stable id of the data folder they lie in.

        It is the same after a restart, and on another machine with its disk.
        """
        ...

    def append(self, name: str, frames: bytes) -> None:
        """Append and flush to the operating system, so that a killed process loses nothing said before."""
        ...

    def cut(self, name: str, length: int) -> None:
        """Take so many bytes off the end. Raises: Unavailable when the disk refuses."""
        ...

    def read(self, name: str) -> bytes: ...
    def delete(self, name: str) -> None: ...
    def names(self) -> Sequence[str]:
        """Every spool file, for the sweep that takes up orphans. Names are `<call_id>-<turn>.ulaw`."""
        ...

    def written_at(self, name: str) -> datetime | None:
        """When something was last appended, by the disk's clock. None when there is no such file."""
        ...

    def probe(self) -> None:
        """Write a little and delete it again. Raises: Unavailable when the disk refuses."""
        ...
