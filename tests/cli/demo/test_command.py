"""`voicebot demo` as a command; a whole demo is what `make demo` plays in CI."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy


def test_a_demo_that_cannot_go_on_shows_the_service_s_last_words(tmp_path: Path) -> None:
    env = {**os.environ, "VOICEBOT_MODEL_DIR": str(tmp_path / "no-model")}
    command = [sys.executable, "-m", "voicebot", "demo", "--folder", str(tmp_path / "demo")]
    run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=150, check=False)
    assert run.returncode == 1
    assert "voicebot model install" in run.stdout
    assert "the service ended too early" in run.stdout
    assert "Traceback" not in run.stderr
    assert run.stdout.endswith("Nothing of the demo runs any more.\n")
