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
    command = [sys.executable, "-m", child.__name__, str(tmp_path), "en"]
    run = subprocess.run(command, input=b"", capture_output=True, check=False)
    assert run.returncode == 1
    (line,) = run.stderr.decode().strip().splitlines()
    assert line.startswith("second-model: looking for a second model in ")
