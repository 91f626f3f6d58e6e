"""The media parser under coverage-guided fuzzing: it never raises, and memory stays flat."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.messages import talks
from voicebot.distribution import PROJECT_DIR


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Seeds to mutate: what a carrier sends, and what broke parsers before."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for number, talk in enumerate(talks()):
        (folder / f"{number}").write_bytes(b"\0".join(json.dumps(message).encode() for message in talk))
    return folder


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seconds", [4, pytest.param(100, marks=pytest.mark.long)])
def test_no_message_makes_the_media_parser_fail(corpus: Path, tmp_path: Path, seconds: int) -> None:
    pytest.importorskip("atheris", reason="needs atheris, which this Python has no build of")
    command = [sys.executable, "-m", "tests.fuzz.media_parser", f"-max_total_time={seconds}"]
    limits = [
        # Its own limit looks at the peak, which a process inherits from the one that started it.
        "-rss_limit_mb=0",
        "-timeout=10",
        "-max_len=70000",
        "-seed=4",
        f"-artifact_prefix={tmp_path}/",
    ]
    run = subprocess.run(
        [*command, *limits, str(corpus)], cwd=PROJECT_DIR, capture_output=True, text=True, timeout=150, check=False
    )
    assert run.returncode == 0, run.stderr[-3000:]
    assert "DONE" in run.stderr, "the fuzzer did not come to its end"
