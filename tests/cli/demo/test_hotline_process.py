"""The service as a child process."""

import os
from pathlib import Path

import pytest

from voicebot.cli.demo.hotline_process import HotlineProcess, tail
from voicebot.cli.demo.sandbox import set_up

pytestmark = pytest.mark.heavy


def test_a_service_that_cannot_start_leaves_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_MODEL_DIR", str(tmp_path / "no-model"))
    hotline = HotlineProcess(set_up(tmp_path / "demo"))
    assert not hotline.was_started
    hotline.start()
    assert hotline.was_started
    assert not hotline.is_ready()
    os.waitid(os.P_PID, hotline.pid, os.WEXITED | os.WNOWAIT)
    assert not hotline.is_alive()
    assert "voicebot model install" in hotline.last_words()
    hotline.stop()


def test_stopping_ends_a_service_that_has_just_begun(tmp_path: Path) -> None:
    hotline = HotlineProcess(set_up(tmp_path / "demo"))
    hotline.start()
    assert hotline.is_alive()
    hotline.stop()
    assert not hotline.is_alive()


def test_a_log_is_read_from_its_end(tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    assert tail(log, 2) == ""
    log.write_text("one\ntwo\nthree\n")
    assert tail(log, 2) == "two\nthree"
