"""A web process that does not come up is told apart from a slow one, with the place of its log."""

import sys
from pathlib import Path

import pytest

from voicebot.cli.bench.web_process import web_process
from voicebot.cli.demo.sandbox import set_up
from voicebot.errors import Unavailable

pytestmark = pytest.mark.heavy


def test_a_process_that_ends_at_once_is_not_waited_for_and_its_log_is_named(tmp_path: Path) -> None:
    sandbox = set_up(tmp_path / "hotline")
    command = (sys.executable, "-c", "raise SystemExit('no')")
    with pytest.raises(Unavailable, match=r"did not come up.*service\.log"), web_process(sandbox, {}, command=command):
        pass
    assert "flows and policy are whole" in sandbox.log.read_text()
