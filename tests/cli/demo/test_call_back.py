"""The owner's call is ordered by the command that staff have; what it refuses is told."""

from pathlib import Path

from voicebot.cli.demo.call_back import calling, run_as_staff
from voicebot.cli.demo.sandbox import set_up


def test_what_the_command_refuses_is_told(tmp_path: Path) -> None:
    sandbox = set_up(tmp_path / "demo")
    assert "database" in run_as_staff(sandbox, calling("482-913-756"))
