"""The owner's call is ordered by the command that staff have; what it refuses is told."""

from pathlib import Path

from voicebot.cli.demo.call_back import order_call
from voicebot.cli.demo.sandbox import set_up


def test_what_the_command_refuses_is_told(tmp_path: Path) -> None:
    sandbox = set_up(tmp_path / "demo")
    assert "database" in order_call(sandbox, "482-913-756")
