"""The process that listens gives up every priority."""

import os
import subprocess
import sys
from pathlib import Path

from voicebot.adapters.second_ear import child


def test_it_runs_only_while_nobody_else_wants_the_processor() -> None:
    look = "import os; from voicebot.adapters.second_ear.child import be_idle; be_idle(); "
    look += "print(os.nice(0), os.sched_getscheduler(0) == os.SCHED_IDLE)"
    shown = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert shown.split() == [str(child.LOWEST_NICE), "True"]
    assert os.nice(0) < child.LOWEST_NICE


def test_a_missing_model_is_said_in_one_line(tmp_path: Path) -> None:
    held, ours = os.pipe()
    with open(held, "rb"), open(ours, "wb"):
        command = [sys.executable, "-m", child.__name__, str(tmp_path), "en", str(held)]
        run = subprocess.run(command, input=b"", capture_output=True, check=False, pass_fds=[held])
    assert (run.returncode, run.stdout) == (1, b"")
    (line,) = run.stderr.decode().strip().splitlines()
    assert line.startswith("second-model: looking for a second model in ")


def test_it_ends_with_who_started_it() -> None:
    held, ours = os.pipe()
    look = f"import sys; from {child.__name__} import end_with; end_with({held}); print(flush=True); sys.stdin.read()"
    pipe = subprocess.PIPE
    with (
        open(held, "rb"),
        subprocess.Popen([sys.executable, "-c", look], stdin=pipe, stdout=pipe, pass_fds=[held]) as it,
    ):
        assert it.stdout is not None
        it.stdout.readline()
        assert it.poll() is None
        os.close(ours)
        assert it.wait(20) == 1
