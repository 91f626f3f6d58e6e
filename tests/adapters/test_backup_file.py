"""One file, whole or refused: cut, changed or foreign ones are never used, and nothing is unpacked to a path."""

import errno
import io
import json
import os
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest

from voicebot.adapters.backup_file import (
    AUDIO,
    DATABASE,
    MANIFEST,
    SPOOL,
    BackupWriter,
    Manifest,
    check_file,
    opened_part,
    parts,
    whole_file,
)
from voicebot.errors import Refused, Unavailable

LINES = [b'{"id":1}\n', b'{"id":2}\n']
VOICE = bytes(range(256)) * 40


def a_backup(path: Path, *, is_packed: bool = True) -> Path:
    """Write a small backup."""
    manifest = Manifest(made_at="2026-03-02T10:00:00+00:00", version="1", migration="0001", database="sqlite")
    with whole_file(path) as file:
        writer = BackupWriter(file, manifest, is_packed=is_packed)
        manifest.tables["tickets"] = writer.add_lines(f"{DATABASE}tickets.jsonl", LINES)
        writer.add(f"{SPOOL}call-1-2.ulaw", b"\xff" * 80)
        writer.add(f"{AUDIO}ticket-1/call-1/2-story.wav", VOICE)
        writer.add(f"{AUDIO}ticket-1/call-1/3-remedy.wav", b"RIFF")
        writer.finish()
    return path


@pytest.mark.parametrize("is_packed", [True, False])
def test_what_was_put_in_comes_out(tmp_path: Path, is_packed: bool) -> None:
    path = a_backup(tmp_path / "whole.tar", is_packed=is_packed)
    manifest = check_file(path)
    assert manifest.tables == {"tickets": 2}
    assert (manifest.count(AUDIO), manifest.count(SPOOL)) == (2, 1)
    assert dict(parts(path, AUDIO)) == {
        "ticket-1/call-1/2-story.wav": VOICE,
        "ticket-1/call-1/3-remedy.wav": b"RIFF",
    }
    with opened_part(path, f"{DATABASE}tickets.jsonl") as lines:
        assert list(lines) == LINES


def test_file_is_for_its_owner_alone_and_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = a_backup(tmp_path / "whole.tar")
    assert path.stat().st_mode & 0o777 == 0o600
    with suppress(KeyboardInterrupt), whole_file(tmp_path / "half.tar") as file:
        file.write(b"half")
        raise KeyboardInterrupt
    assert [each.name for each in tmp_path.iterdir()] == ["whole.tar"]


def test_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = a_backup(tmp_path / "whole.tar")
    before = path.read_bytes()
    with pytest.raises(Refused, match="already"):
        a_backup(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("is_packed", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.6])
def test_file_that_was_cut_short_is_refused(tmp_path: Path, share: float, is_packed: bool) -> None:
    whole = a_backup(tmp_path / "whole.tar", is_packed=is_packed).read_bytes()
    cut = tmp_path / "cut.tar"
    cut.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Refused, match="cut short"):
        check_file(cut)


def test_every_changed_byte_of_a_part_is_noticed(tmp_path: Path) -> None:
    path = a_backup(tmp_path / "whole.tar", is_packed=False)
    content = bytearray(path.read_bytes())
    content[content.index(VOICE[:64]) + 5] ^= 1
    path.write_bytes(content)
    with pytest.raises(Refused, match=r"2-story\.wav"):
        check_file(path)


def test_part_that_is_missing_is_noticed(tmp_path: Path) -> None:
    whole, less = a_backup(tmp_path / "whole.tar", is_packed=False), tmp_path / "less.tar"
    with tarfile.open(whole) as old, tarfile.open(less, "w") as new:
        for member in old:
            if not member.name.endswith("2-story.wav"):
                new.addfile(member, old.extractfile(member))
    with pytest.raises(Refused, match="1 of its parts"):
        check_file(less)


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "audio/../../x", "audio/.hidden", "x", "audio/"])
def test_name_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "evil.tar"
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo(name)
        member.size = 2
        tar.addfile(member, io.BytesIO(b"hi"))
    with pytest.raises(Refused, match="no backup of ours"):
        check_file(path)


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_part_that_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    path = tmp_path / "evil.tar"
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo("audio/link.wav")
        member.type, member.linkname = kind, "/etc/passwd"
        tar.addfile(member)
    with pytest.raises(Refused, match="no backup of ours"):
        check_file(path)


@pytest.mark.parametrize("told", [b"no json", b"[]", b"{}", json.dumps({"spec": "2"}).encode(), b'{"spec": "1"}'])
def test_manifest_of_another_form_is_refused(tmp_path: Path, told: bytes) -> None:
    path = tmp_path / "other.tar"
    with tarfile.open(path, "w") as tar:
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(told)
        tar.addfile(member, io.BytesIO(told))
    with pytest.raises(Refused):
        check_file(path)


def test_what_is_no_backup_at_all_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all")
    for path in (tmp_path / "letter.txt", tmp_path / "nothing", tmp_path):
        with pytest.raises(Refused):
            check_file(path)


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_stick_or_share_without_hard_links_takes_a_backup_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_names: object) -> None:
        raise OSError(code, "not on this file system")

    monkeypatch.setattr(os, "link", refuse)
    path = a_backup(tmp_path / "whole.tar")
    assert check_file(path).tables == {"tickets": 2}
    assert list(tmp_path.iterdir()) == [path]
    theirs = tmp_path / "other.tar"
    with pytest.raises(Unavailable), whole_file(theirs):
        theirs.write_bytes(b"theirs")
    assert theirs.read_bytes() == b"theirs"
