"""Who is the newest, and whose turn it is: told by files, and true even after a kill."""

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from voicebot.adapters.process_handover import Newest, hand_down, has_inherited_listener, inherited_listener, turn_of
from voicebot.errors import SettingFault

HOLDS = (
    "import sys, threading; from pathlib import Path; from voicebot.adapters.process_handover import turn_of\n"
    "with turn_of(Path(sys.argv[1]), 'worker', threading.Event()):\n"
    "    print('mine', flush=True); threading.Event().wait(60)\n"
)


def test_the_one_that_claimed_last_is_the_newest(tmp_path: Path) -> None:
    first, second = Newest(tmp_path, "web"), Newest(tmp_path, "web")
    first.claim()
    assert not first.is_overtaken()
    second.claim()
    assert first.is_overtaken()
    assert not second.is_overtaken()
    assert [path.name for path in tmp_path.iterdir()] == ["web.newest"]


def test_where_nobody_can_write_nobody_is_overtaken(tmp_path: Path) -> None:
    newest = Newest(tmp_path / "nowhere", "web")
    newest.claim()
    assert not newest.is_overtaken()


def test_who_could_not_take_the_place_is_not_overtaken_by_the_one_before(tmp_path: Path) -> None:
    first, second = Newest(tmp_path, "web"), Newest(tmp_path, "web")
    first.claim()
    with _no_room_for_files():
        second.claim()
    assert not second.is_overtaken()
    assert not first.is_overtaken()
    assert [path.name for path in tmp_path.iterdir()] == ["web.newest"]


@contextmanager
def _no_room_for_files() -> Iterator[None]:
    """Let this process write no byte into a file, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, former)


def test_a_turn_is_free_at_once_when_its_holder_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen((sys.executable, "-c", HOLDS, str(tmp_path)), stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "mine\n"
    killing = threading.Timer(0.3, holder.kill)
    killing.start()
    with turn_of(tmp_path, "worker", threading.Event()) as has_turn:
        assert has_turn
        assert holder.wait(20) == -9
    holder.stdout.close()
    killing.join()


def test_whoever_waits_for_a_turn_may_be_told_to_stop(tmp_path: Path) -> None:
    stop = threading.Event()
    with turn_of(tmp_path, "worker", stop) as first:
        stop.set()
        with turn_of(tmp_path, "worker", stop) as second:
            assert (first, second) == (True, False)
        with turn_of(tmp_path, "another", stop) as other:
            assert other


def test_a_folder_that_cannot_be_written_names_its_setting(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_DATA_DIR"), turn_of(tmp_path / "no", "worker", threading.Event()):
        pass


def test_a_port_that_a_parent_has_bound_is_found_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {})
    assert (has_inherited_listener(), inherited_listener()) == (False, None)
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        address = bound.getsockname()
        hand_down(bound)
        assert has_inherited_listener()
        bound.detach()
        found = inherited_listener()
        assert found is not None
        with found:
            assert found.getsockname() == address
