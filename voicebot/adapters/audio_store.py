"""Answers' voices as files under one root, in a local folder or anything that universal-pathlib opens (`s3://…`).

On a local folder a file appears whole or not at all. It is written beside its place under a name that no key can have,
synced and renamed. The folder is synced too, so that a crash right after leaves the voice. Other stores write whole
objects by themselves. Only relative keys are kept in the database.

Knows: paths and bytes. Must not know: WAV, tickets.
"""

import os
import re
import tempfile
from pathlib import Path
from typing import BinaryIO

from upath import UPath

from voicebot.errors import Unavailable

_KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")
_LOCAL = ("", "file", "local")


class PathAudioStore:
    """Fulfils `service.ports.AudioStore`. A key is names joined by `/`, and each begins with a letter, digit or `_`."""

    def __init__(self, root: str) -> None:
        self._root = UPath(root)
        self._is_local = self._root.protocol in _LOCAL

    def put(self, key: str, wav: bytes) -> None:
        """Store whole or not at all. The same key again replaces. Raises: Unavailable when it cannot be written."""
        path = self._path(key)
        try:
            if self._is_local:
                _write_local(Path(path.path), wav)
            else:
                path.write_bytes(wav)
        except OSError as problem:
            raise Unavailable(
                "cannot store audio: is VOICEBOT_AUDIO_ROOT writable, and the disk not full?"
            ) from problem

    def get(self, key: str) -> bytes:
        """Return the bytes. Raises: Unavailable when they are not there."""
        try:
            return bytes(self._path(key).read_bytes())
        except OSError as problem:
            raise Unavailable("the audio is not in the store (VOICEBOT_AUDIO_ROOT)") from problem

    def open(self, key: str) -> BinaryIO:
        """Open to be read in parts, at any place. Raises: Unavailable when it is not there."""
        try:
            return self._path(key).open("rb")
        except OSError as problem:
            raise Unavailable("the audio is not in the store (VOICEBOT_AUDIO_ROOT)") from problem

    def delete(self, key: str) -> None:
        """Remove the file. One that is not there is removed already. Raises: Unavailable when it cannot be removed."""
        try:
            self._path(key).unlink()
        except FileNotFoundError:
            return
        except OSError as problem:
            raise Unavailable("cannot delete audio: is VOICEBOT_AUDIO_ROOT writable?") from problem

    def exists(self, key: str) -> bool:
        """Tell whether the file is there. Raises: Unavailable when the store cannot say so."""
        try:
            return bool(self._path(key).exists())
        except OSError as problem:
            raise Unavailable("cannot look for audio in the store (VOICEBOT_AUDIO_ROOT)") from problem

    def _path(self, key: str) -> UPath:
        if not _KEY.fullmatch(key):
            raise AssertionError("an audio key that is no plain relative path")
        return self._root.joinpath(*key.split("/"))


def _write_local(path: Path, wav: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(wav)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
