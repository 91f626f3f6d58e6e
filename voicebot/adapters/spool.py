"""Answers' voices on the local disk while callers speak, with one append-only file of raw mu-law for each answer.

Each append is one write handed to the operating system and a closed file, so a process that is killed loses nothing
said before. Only a machine that loses power may. Files move into the audio store at the turn's end. The data folder
that holds the spool has an id of its own, made once, and rows name by it where a voice lies. A copy of the disk must
not live beside the original, because its id would stand for two places. Delete the file `folder_id` of a copy.
Knows: a folder. Must not know: calls, audio.
"""

import os
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from voicebot.errors import SettingFault, Unavailable

SUFFIX = ".ulaw"
ID_FILE = "folder_id"
_PROBE_BYTES = 4096
_ID = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}-[0-9]{1,6}\.ulaw")


class FolderSpool:
    """The port `Spool` on a folder."""

    def __init__(self, folder: Path) -> None:
        """Make the folder, and beside it the id of the data folder, unless they are there.

        Raises: SettingFault when it cannot be made or written.
        """
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._try_to_write()
            self.folder_id = kept_id(folder.parent)
        except OSError as fault:
            raise SettingFault(
                f"opening the spool for callers' audio: {folder} cannot be written ({fault.strerror}); "
                "set VOICEBOT_DATA_DIR to a folder that can",
                code="spool-folder",
            ) from fault

    def append(self, name: str, frames: bytes) -> None:
        """Append and hand to the operating system. Raises: Unavailable when the disk refuses."""
        try:
            with self._path(name).open("ab", buffering=0) as file:
                left = memoryview(frames)
                while left:  # a disk about to be full takes a part, and refuses only the next part
                    left = left[file.write(left) :]
        except OSError as fault:
            raise Unavailable(f"storing a caller's audio: the disk refused ({fault.strerror})", code="spool") from fault

    def cut(self, name: str, length: int) -> None:
        """Take so many bytes off the end. Of a file that is not there nothing is left. Raises: Unavailable."""
        path = self._path(name)
        try:
            with suppress(FileNotFoundError):
                os.truncate(path, max(0, path.stat().st_size - length))
        except OSError as fault:
            raise Unavailable(f"cutting a caller's audio: the disk refused ({fault.strerror})", code="spool") from fault

    def read(self, name: str) -> bytes:
        """Return what was appended. Raises: Unavailable when there is no such file."""
        try:
            return self._path(name).read_bytes()
        except OSError as fault:
            raise Unavailable(f"reading a caller's audio: no spool file ({fault.strerror})", code="spool") from fault

    def delete(self, name: str) -> None:
        """Delete it, but a file that is not there is deleted already."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> Sequence[str]:
        """Return the name of every file, oldest first."""
        files = [(self.written_at(path.name), path.name) for path in self._folder.glob(f"*{SUFFIX}") if _is_name(path)]
        return [name for written_at, name in sorted((at, name) for at, name in files if at is not None)]

    def written_at(self, name: str) -> datetime | None:
        """Return when it was last appended to, or None when another process has moved it away."""
        try:
            return datetime.fromtimestamp(self._path(name).stat().st_mtime, UTC)
        except OSError:
            return None

    def probe(self) -> None:
        """Write a block, so that a full disk is noticed too, and delete it. Raises: Unavailable."""
        try:
            self._try_to_write()
        except OSError as fault:
            raise Unavailable(f"probing the spool: the disk refused ({fault.strerror})", code="spool") from fault

    def _try_to_write(self) -> None:
        with NamedTemporaryFile(dir=self._folder, prefix=".may-write-") as file:
            file.write(bytes(_PROBE_BYTES))
            file.flush()

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise AssertionError("spool names are made by us: <call id>-<turn>.ulaw")
        return self._folder / name


def kept_id(data_dir: Path) -> str:
    """Return the id kept in the data folder, made now if there is none, and of two who ask at once both get the same.

    Raises: OSError, and SettingFault when the file holds no id.
    """
    path = data_dir / ID_FILE
    if not path.exists():
        draft = path.with_name(f".{ID_FILE}.{secrets.token_hex(8)}")
        with draft.open("x") as file:
            file.write(f"{secrets.token_hex(16)}\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    found = path.read_text().strip()
    if not _ID.fullmatch(found):
        raise SettingFault(
            f"reading the id of the data folder: {path.absolute()} holds no id; restore the file, or delete it if the "
            "folder `spool` beside it is empty",
            code="folder-id",
        )
    return found


def _is_name(path: Path) -> bool:
    return _NAME.fullmatch(path.name) is not None
