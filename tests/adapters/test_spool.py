"""The spool on a disk."""

import os
import resource
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from voicebot.adapters.spool import FolderSpool
from voicebot.errors import SettingFault, Unavailable


def test_what_is_appended_is_on_the_disk_at_once(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path / "spool")
    spool.append("call-1.ulaw", b"ab")
    spool.append("call-1.ulaw", b"c")
    assert (tmp_path / "spool" / "call-1.ulaw").read_bytes() == b"abc"
    assert spool.read("call-1.ulaw") == b"abc"


def test_names_are_those_of_answers_oldest_first(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path)
    for age, name in enumerate(["b-2.ulaw", "a-1.ulaw"]):
        spool.append(name, b"a")
        os.utime(tmp_path / name, (100 + age, 100 + age))
    (tmp_path / "notes.txt").touch()
    assert spool.names() == ["b-2.ulaw", "a-1.ulaw"]


def test_deleted_file_is_gone_and_may_be_deleted_again(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path)
    spool.append("call-1.ulaw", b"ab")
    spool.delete("call-1.ulaw")
    spool.delete("call-1.ulaw")
    assert spool.names() == []
    with pytest.raises(Unavailable):
        spool.read("call-1.ulaw")


def test_what_is_cut_off_the_end_is_gone_and_more_may_be_appended(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path / "spool")
    spool.append("call-1.ulaw", b"abcd")
    spool.cut("call-1.ulaw", 3)
    spool.append("call-1.ulaw", b"e")
    assert spool.read("call-1.ulaw") == b"ae"
    spool.cut("call-2.ulaw", 1)
    assert spool.names() == ["call-1.ulaw"]


def test_disk_that_refuses_to_cut_makes_hearing_unavailable(tmp_path: Path) -> None:
    (tmp_path / "call-1.ulaw").mkdir()
    with pytest.raises(Unavailable):
        FolderSpool(tmp_path).cut("call-1.ulaw", 1)


@pytest.mark.parametrize("name", ["../call-1.ulaw", "call.ulaw", "call-1.wav", "/etc/passwd", "a/b-1.ulaw", ""])
def test_name_that_we_never_make_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(AssertionError):
        FolderSpool(tmp_path).append(name, b"ab")


def test_folder_that_cannot_be_made_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingFault, match="VOICEBOT_DATA_DIR"):
        FolderSpool(tmp_path / "file" / "spool")


def test_disk_that_refuses_makes_hearing_unavailable(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path / "spool")
    (tmp_path / "spool").rmdir()
    with pytest.raises(Unavailable):
        spool.append("call-1.ulaw", b"ab")


@contextmanager
def _no_file_longer_than(size_bytes: int) -> Iterator[None]:
    """Let the kernel take only the beginning of a write that goes beyond, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_audio_of_which_the_disk_takes_only_a_part_is_not_called_stored(tmp_path: Path) -> None:
    spool = FolderSpool(tmp_path)
    spool.append("call-1.ulaw", b"a" * 800)
    with _no_file_longer_than(1000), pytest.raises(Unavailable):
        spool.append("call-1.ulaw", b"b" * 800)
    assert spool.read("call-1.ulaw") == b"a" * 800 + b"b" * 200


def test_file_that_another_process_moves_away_meanwhile_is_simply_not_there(tmp_path: Path) -> None:
    """What is left over may be a link to nothing: it has a name, and nothing behind it."""
    spool = FolderSpool(tmp_path)
    spool.append("call-1.ulaw", b"ab")
    (tmp_path / "call-2.ulaw").symlink_to(tmp_path / "gone")
    assert spool.names() == ["call-1.ulaw"]


def test_names_may_be_asked_while_files_come_and_go(tmp_path: Path) -> None:
    spool, is_over = FolderSpool(tmp_path), threading.Event()

    def come_and_go() -> None:
        while not is_over.is_set():
            spool.append("call-1.ulaw", b"ab")
            spool.delete("call-1.ulaw")

    thread = threading.Thread(target=come_and_go)
    thread.start()
    try:
        assert {name for _ in range(500) for name in spool.names()} <= {"call-1.ulaw"}
    finally:
        is_over.set()
        thread.join()


def test_a_data_folder_keeps_its_id_and_no_other_has_it(tmp_path: Path) -> None:
    first = FolderSpool(tmp_path / "a" / "spool").folder_id
    assert FolderSpool(tmp_path / "a" / "spool").folder_id == first
    (tmp_path / "a").rename(tmp_path / "moved")
    assert FolderSpool(tmp_path / "moved" / "spool").folder_id == first, "a disk in another machine is the same folder"
    assert FolderSpool(tmp_path / "b" / "spool").folder_id != first


def test_processes_that_start_together_agree_on_the_id(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: FolderSpool(tmp_path / "spool").folder_id, range(32)))
    assert len(ids) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder_id", "spool"]


def test_an_id_that_is_none_is_refused_and_never_made_anew(tmp_path: Path) -> None:
    (tmp_path / "folder_id").write_text("")
    with pytest.raises(SettingFault, match="holds no id"):
        FolderSpool(tmp_path / "spool")
