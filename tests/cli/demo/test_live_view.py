"""Reading a file that is still being written."""

import json
from pathlib import Path

from voicebot.cli.demo.live_view import LiveView


def _line(kind: str, text: str) -> str:
    return json.dumps({"at": "2026-03-02T10:00:00+00:00", "call": "call-1", "kind": kind, "text": text}) + "\n"


def test_guesses_come_once_and_in_order(tmp_path: Path) -> None:
    file = tmp_path / "live.jsonl"
    view = LiveView(file)
    assert view.partials() == []
    file.write_text(
        _line("said", "Hello.") + _line("partial", "my") + _line("partial", "my kettle") + _line("key", "#")
    )
    assert view.partials() == ["my", "my kettle"]
    assert view.partials() == []


def test_a_line_is_read_when_it_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "live.jsonl"
    view = LiveView(file)
    whole = _line("partial", "my kéttle")
    file.write_text(whole[:30])
    assert view.partials() == []
    file.write_text(whole + _line("partial", "my kéttle arrived"))
    assert view.partials() == ["my kéttle", "my kéttle arrived"]
