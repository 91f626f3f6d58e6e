"""Child processes: started again when they die, ended together. Real processes, small ones."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from voicebot.cli.children import FIRST_PAUSE_S, LONGEST_PAUSE_S, STEADY_AFTER_S, BackOff, Child, Keeper, end_all

PYTHON = sys.executable
WAITS = "import time; time.sleep(60)"
IGNORES = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def _until(is_true: Callable[[], bool], keeper: Keeper | None = None) -> None:
    deadline = time.monotonic() + 30
    while not is_true():
        assert time.monotonic() < deadline, "it never came true"
        if keeper is not None:
            keeper.look()
        time.sleep(0.02)


def test_pauses_double_up_to_a_limit_and_begin_anew_after_a_steady_life() -> None:
    back_off = BackOff()
    pauses = [back_off.after(0.1) for _ in range(12)]
    assert pauses[:3] == [FIRST_PAUSE_S, FIRST_PAUSE_S * 2, FIRST_PAUSE_S * 4]
    assert max(pauses) == LONGEST_PAUSE_S
    assert back_off.after(STEADY_AFTER_S) == FIRST_PAUSE_S


def test_a_dead_child_is_started_again() -> None:
    told: list[str] = []
    keeper = Keeper(Child("web", (PYTHON, "-c", WAITS)), told.append)
    keeper.start()
    first = keeper.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    _until(lambda: keeper.process_id not in (None, first), keeper)
    end_all([keeper], grace_s=10)
    assert told == ["web ended with code -9; starting it again in 0.2 s"]


def test_children_that_end_on_sigterm_are_waited_for() -> None:
    told: list[str] = []
    keepers = [Keeper(Child(name, (PYTHON, "-c", WAITS)), told.append) for name in ("web", "worker")]
    for keeper in keepers:
        keeper.start()
    end_all(keepers, grace_s=10)
    assert told == []


def test_what_only_a_child_can_serve_is_closed_when_it_has_ended() -> None:
    closed: list[bool] = []
    keeper = Keeper(Child("web", (PYTHON, "-c", WAITS), on_end=lambda: closed.append(_is_running(keeper))), print)
    keeper.start()
    end_all([keeper], grace_s=10)
    assert closed == [False]


def _is_running(keeper: Keeper) -> bool:
    return keeper.process_id is not None and psutil.pid_exists(keeper.process_id)


def test_a_child_is_asked_to_end_only_when_the_one_before_has_ended(tmp_path: Path) -> None:
    report = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    time.sleep(float(sys.argv[3]))\n"
        "    with open(sys.argv[1], 'a') as file: file.write(sys.argv[2] + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[1] + sys.argv[2]).touch()\n"
        "time.sleep(60)\n"
    )
    path = str(tmp_path / "order")
    slow, quick = (Child(name, (PYTHON, "-c", report, path, name, pause)) for name, pause in (("a", "0.3"), ("b", "0")))
    keepers = [Keeper(child, lambda _line: None) for child in (slow, quick)]
    for keeper in keepers:
        keeper.start()
    _until(lambda: Path(path + "a").exists() and Path(path + "b").exists())
    end_all(keepers, grace_s=10)
    assert Path(path).read_text() == "a b "


def test_a_child_that_dies_while_the_one_before_it_ends_is_started_again(tmp_path: Path) -> None:
    ends_late = (
        "import pathlib, signal, sys, time\n"
        "def end(*_):\n"
        "    while not pathlib.Path(sys.argv[1] + 'again').exists(): time.sleep(0.02)\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(sys.argv[1] + 'ready').touch()\n"
        "time.sleep(60)\n"
    )
    dies_once = (
        "import pathlib, sys, time\n"
        "if pathlib.Path(sys.argv[1] + 'first').exists(): pathlib.Path(sys.argv[1] + 'again').touch()\n"
        "pathlib.Path(sys.argv[1] + 'first').touch()\n"
        "time.sleep(60)\n"
    )
    path, told = f"{tmp_path}/", list[str]()
    web, worker = (
        Keeper(Child(name, (PYTHON, "-c", code, path)), told.append)
        for name, code in (("web", ends_late), ("worker", dies_once))
    )
    web.start()
    worker.start()
    _until(lambda: Path(path + "ready").exists() and Path(path + "first").exists())
    assert worker.process_id is not None
    os.kill(worker.process_id, signal.SIGKILL)
    end_all([web, worker], grace_s=20)
    assert told == ["worker ended with code -9; starting it again in 0.2 s"]


def test_a_child_that_does_not_end_is_killed_after_its_time(tmp_path: Path) -> None:
    told: list[str] = []
    ready = tmp_path / "ready"
    keeper = Keeper(Child("web", (PYTHON, "-c", IGNORES, str(ready))), told.append)
    keeper.start()
    _until(ready.exists)
    end_all([keeper], grace_s=0.1)
    assert told == ["web did not end within its time and is killed"]


def test_a_child_between_two_lives_is_not_waited_for() -> None:
    keeper = Keeper(Child("web", (PYTHON, "-c", "")), lambda _line: None)
    keeper.start()
    _until(lambda: keeper.process_id is None, keeper)
    end_all([keeper], grace_s=0)
    keeper.look()
    assert keeper.process_id is None


def test_children_end_when_the_watching_process_is_killed() -> None:
    code = (
        "import sys; from voicebot.cli.children import *; "
        f"watch_children((Child('web', (sys.executable, '-c', {WAITS!r})),), grace_s=10, tell=print)"
    )
    process = subprocess.Popen((PYTHON, "-c", code))
    _until(lambda: _has_child(process.pid))
    (child,) = psutil.Process(process.pid).children()
    process.kill()
    process.wait(20)
    _until(lambda: not _lives(child))


def test_a_listening_socket_outlives_the_child_that_answers_on_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        os.set_inheritable(listener.fileno(), True)
        number = listener.fileno()
        answers = (
            f"import socket; socket.socket(fileno={number}).accept()[0].send(b'here'); import time; time.sleep(60)"
        )
        keeper = Keeper(Child("web", (PYTHON, "-c", answers), open_files=(number,)), lambda _line: None)
        keeper.start()
        assert keeper.process_id is not None
        os.kill(keeper.process_id, signal.SIGKILL)
        with socket.create_connection(listener.getsockname(), timeout=30) as caller:
            _until(lambda: keeper.process_id is None, keeper)
            _until(lambda: keeper.process_id is not None, keeper)
            assert caller.recv(4) == b"here"
        end_all([keeper], grace_s=10)


def test_sigterm_ends_the_watch_and_the_children() -> None:
    code = (
        "import sys; from voicebot.cli.children import *; "
        f"watch_children((Child('web', (sys.executable, '-c', {WAITS!r})),), grace_s=10, "
        "tell=lambda line: print(line, flush=True))"
    )
    process = subprocess.Popen((PYTHON, "-c", f"print('up', flush=True); {code}"), stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    _until(lambda: _has_child(process.pid))
    process.terminate()
    rest = process.stdout.read().splitlines()
    assert process.wait(20) == 0
    assert rest == ["stopping; running calls get time to finish", "stopped"]
    process.stdout.close()


def _lives(process: psutil.Process) -> bool:
    """Whether it still does something: a zombie only waits for somebody to read how it ended."""
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False


def _has_child(process_id: int) -> bool:
    return bool(psutil.Process(process_id).children())
