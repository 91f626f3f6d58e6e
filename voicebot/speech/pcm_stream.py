"""A stored voice as a WAV file of 16-bit PCM, made as it is read, so that a stretch of an hour costs that stretch.

Every player takes PCM, unlike mu-law. A byte of mu-law is two bytes of PCM, whatever the number of channels, so any
place in the one file is known from the place in the other.
Knows: open files, mu-law, headers. Must not know: where a file comes from.
"""

import io
import struct
from collections.abc import Iterable
from typing import BinaryIO

from voicebot.speech.audio import WavForm, decode_mulaw, pcm_bytes, pcm_head, samples_of


class PcmStream:
    """A file to be read and sought in. It closes the stored one with itself."""

    def __init__(self, stored: BinaryIO, *, silent: Iterable[tuple[float, float]] = ()) -> None:
        """Read nothing where it is to be silent, given by its beginnings and ends in seconds.

        Raises: ValueError when what is stored is no WAV file at 8 kHz with one or two channels.
        """
        form, self._begins, length = _found(stored)
        self._stored = stored
        self._is_mulaw = form.is_mulaw
        whole = length // form.frame_bytes * form.frame_bytes
        self._length = 2 * whole if self._is_mulaw else whole
        self._head = pcm_head(form.channels, self._length)
        frame = 2 * form.channels
        self._silent = [(begin * frame, end * frame) for begin, end in (samples_of(each) for each in silent)]
        self._at = 0

    @property
    def size(self) -> int:
        """Return how long the file is, in bytes."""
        return len(self._head) + self._length

    def seekable(self) -> bool:
        """Tell that any place can be read."""
        return True

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, begins + offset)
        return self._at

    def read(self, count: int = -1) -> bytes:
        """Return so many bytes from the place on, or all that follow."""
        wanted = self.size - self._at if count < 0 else count
        head = self._head[self._at : self._at + wanted]
        part = head + self._sound(self._at + len(head), wanted - len(head))
        self._at += len(part)
        return part

    def close(self) -> None:
        """Close the stored file."""
        self._stored.close()

    def _sound(self, at: int, count: int) -> bytes:
        first = at - len(self._head)
        wanted = min(count, self._length - first)
        if wanted <= 0:
            return b""
        if not self._is_mulaw:
            return self._silenced(first, self._read(first, wanted))
        pcm = pcm_bytes(decode_mulaw(self._read(first // 2, (first + wanted + 1) // 2 - first // 2)))
        return self._silenced(first, pcm[first % 2 : first % 2 + wanted])

    def _silenced(self, first: int, sound: bytes) -> bytes:
        """Return sound that begins at a byte, with nothing in it where it is to be silent."""
        for begin, end in self._silent:
            begins, ends = max(begin - first, 0), min(end - first, len(sound))
            if begins < ends:
                sound = sound[:begins] + bytes(ends - begins) + sound[ends:]
        return sound

    def _read(self, first: int, count: int) -> bytes:
        self._stored.seek(self._begins + first)
        return self._stored.read(count)


def _found(stored: BinaryIO) -> tuple[WavForm, int, int]:
    """Return the form of a WAV file, where its sound begins and how long it is.

    A last chunk that was cut short ends with the file.
    """
    ends = stored.seek(0, io.SEEK_END)
    stored.seek(0)
    head = stored.read(12)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    form, at = None, 12
    while at + 8 <= ends:
        stored.seek(at)
        name, size = struct.unpack("<4sI", stored.read(8))
        if name == b"fmt ":
            form = WavForm.read(stored.read(16))
        if name == b"data" and form is not None:
            return form, at + 8, min(size, ends - at - 8)
        at += 8 + size + size % 2
    raise ValueError("a WAV file without format or data")
