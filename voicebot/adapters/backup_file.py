"""One file that holds a whole hotline, as a tar of named parts, gzipped or not, its manifest last.

The manifest has a SHA-256 of every part and stands at the end, so a file that was cut short is seen to be one. Nothing
is ever unpacked to a path. A part is read by its name, and the name must be one that we give (`_NAME`), and of a plain
file.

Source of the trap: a tar may carry absolute paths, `..` and links (CVE-2007-4559, the standard library's tarfile).

Knows: tar, sums, names of parts. Must not know: tables, WAV, where parts go.
"""

import errno
import gzip
import hashlib
import io
import json
import os
import re
import tarfile
import tempfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from voicebot.errors import Refused, Unavailable

SPEC = "1"
MANIFEST = "manifest.json"
DATABASE, AUDIO, SPOOL, SECRETS = "database/", "audio/", "spool/", "secrets/"
"""Folders of parts.

They are tables as lines of JSON, voices by key, voices of running calls, keys that passwords need.
"""

READABLE_BY_OWNER = 0o600
_NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What vfat, exFAT and many shares answer to a hard link (link(2))."""
_WORD = r"[A-Za-z0-9_][A-Za-z0-9._-]*"
_NAME = re.compile(rf"(database|audio|spool|secrets)(/{_WORD})+")
_CUT = "it is cut short or damaged"


@dataclass(kw_only=True)
class Manifest:
    """What a backup holds."""

    made_at: str
    """When its rows were read, ISO 8601 in UTC, so later actions are not in it."""
    version: str
    """Release of voicebot that wrote it."""
    migration: str
    database: str
    """`sqlite` or `postgresql`. It can be restored into either."""
    tables: dict[str, int] = field(default_factory=dict)
    """Rows of each table."""
    missing_audio: list[str] = field(default_factory=list)
    """Voices that rows name and that were gone when they were to be copied."""
    has_audio: bool = True
    parts: dict[str, str] = field(default_factory=dict)
    """SHA-256 of each part by name."""
    spec: str = SPEC

    def count(self, folder: str) -> int:
        """Count the parts in a folder."""
        return sum(name.startswith(folder) for name in self.parts)


class BackupWriter:
    """Adds parts to an open file, the manifest last."""

    def __init__(self, file: IO[bytes], manifest: Manifest, *, is_packed: bool) -> None:
        self.manifest = manifest
        # Level 1: rows shrink to a tenth already, voices hardly at any; a running hotline needs its processor.
        self._packed = gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, filename="") if is_packed else None
        self._tar = tarfile.open(fileobj=self._packed or file, mode="w|")  # noqa: SIM115  closed by finish

    def add(self, name: str, content: bytes) -> None:
        """Add a part."""
        self._add(name, io.BytesIO(content), len(content))
        self.manifest.parts[name] = hashlib.sha256(content).hexdigest()

    def add_lines(self, name: str, lines: Iterable[bytes]) -> int:
        """Add a part line by line and return how many there were.

        It is laid beside first, because tar asks for its size.
        """
        digest, count = hashlib.sha256(), 0
        with tempfile.TemporaryFile() as beside:
            for line in lines:
                beside.write(line)
                digest.update(line)
                count += 1
            size = beside.tell()
            beside.seek(0)
            self._add(name, beside, size)
        self.manifest.parts[name] = digest.hexdigest()
        return count

    def finish(self) -> None:
        """Add the manifest and end the tar."""
        content = json.dumps(self.manifest.__dict__, indent=1, sort_keys=True).encode()
        self._add(MANIFEST, io.BytesIO(content), len(content))
        self._tar.close()
        if self._packed is not None:
            self._packed.close()

    def _add(self, name: str, content: IO[bytes], size: int) -> None:
        if not (name == MANIFEST or _NAME.fullmatch(name)):
            raise AssertionError("a part whose name is not one of ours")
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, READABLE_BY_OWNER
        self._tar.addfile(member, content)


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that appears under its name only when it is whole and on disk, and readable by its owner alone.

    Raises: Refused when the name is taken. Unavailable when the disk refuses.
    """
    if path.exists():
        raise Refused(f"there is a file {path} already; a backup never overwrites one", code="backup-exists")
    try:
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _name(beside, path)
        finally:
            Path(beside).unlink(missing_ok=True)
    except OSError as problem:
        raise Unavailable(f"writing the backup {path}: {problem.strerror}; nothing was left there") from problem


def _name(beside: str, path: Path) -> None:
    """Give a whole file its name, never another's, since a stick or a share without hard links can only rename."""
    try:
        os.link(beside, path)
    except OSError as problem:
        if problem.errno not in _NO_HARD_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST)) from None
        os.rename(beside, path)


def check_file(path: Path) -> Manifest:
    """Read a whole backup and hold every part against its sum. Raises: Refused that says what is wrong with it."""
    with _reading(path):
        manifest, found = _sums(path)
    if manifest is None:
        raise _broken(path, _CUT)
    wrong = sorted(name for name in {*found, *manifest.parts} if found.get(name) != manifest.parts.get(name))
    if wrong:
        raise _broken(path, f"{len(wrong)} of its parts are missing or not what was written, the first is {wrong[0]}")
    return manifest


def _sums(path: Path) -> tuple[Manifest | None, dict[str, str]]:
    found: dict[str, str] = {}
    manifest: Manifest | None = None
    for name, content in _parts(path):
        if manifest is not None or name in found:
            raise _broken(path, f"{name} stands where nothing should")
        if name == MANIFEST:
            manifest = _read_manifest(path, content.read())
        else:
            found[name] = _sum_of(content)
    return manifest, found


def parts(path: Path, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield name (without the folder) and content of each part in a folder, but only of a file that was checked.

    The parts of a folder stand together, so reading ends with the last of them, because voices come last and are many.
    """
    is_there = False
    for name, content in _parts(path):
        if name.startswith(folder):
            is_there = True
            yield name.removeprefix(folder), content.read()
        elif is_there:
            return


@contextmanager
def opened_part(path: Path, name: str) -> Iterator[IO[bytes]]:
    """Give one part to be read bit by bit."""
    with closing(_parts(path)) as every:
        for each, content in every:
            if each == name:
                yield content
                return
    raise AssertionError("asked for a part that the manifest does not name")


def _parts(path: Path) -> Generator[tuple[str, IO[bytes]], None, None]:
    """Yield the parts in their order, each to be read before the next. Raises: Refused."""
    with tarfile.open(path, mode="r|*") as tar:
        for member in tar:
            content = tar.extractfile(member) if member.isreg() else None
            if content is None or not (member.name == MANIFEST or _NAME.fullmatch(member.name)):
                raise _broken(path, f"it holds {member.name!r}, which no backup of ours would")
            yield member.name, content


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Say of whatever goes wrong while a backup is read that it is damaged. Raises: Refused."""
    try:
        yield
    except FileNotFoundError:
        raise Refused(f"there is no file {path}", code="backup-broken") from None
    except (tarfile.TarError, EOFError, zlib.error, OSError) as problem:
        raise _broken(path, _CUT) from problem


def _read_manifest(path: Path, content: bytes) -> Manifest:
    try:
        told = json.loads(content)
        if told["spec"] != SPEC:
            raise _broken(path, f"its form is {told['spec']!r} and this version reads {SPEC!r}")
        return Manifest(**told)
    except (ValueError, TypeError, KeyError) as problem:
        raise _broken(path, "its manifest cannot be read") from problem


def _sum_of(content: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := content.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _broken(path: Path, why: str) -> Refused:
    return Refused(f"{path} is no backup that can be used: {why}; take another one", code="backup-broken")
