"""The demo's view of calls."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.fakes_outside import SteppedClock
from voicebot.adapters.live_view import LiveView
from voicebot.errors import SettingFault

CLOCK = SteppedClock(datetime(2026, 11, 18, 15, 0, tzinfo=UTC))


def test_what_happens_is_appended_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "view" / "live.jsonl"
    view = LiveView(path, CLOCK)
    view.said("c1", "Hello.")
    view.partial("c1", "my kéttle")
    view.key("c2", "#")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(line["call"], line["kind"], line["text"]) for line in lines] == [
        ("c1", "said", "Hello."),
        ("c1", "partial", "my kéttle"),
        ("c2", "key", "#"),
    ]
    assert {line["at"] for line in lines} == {"2026-11-18T15:00:00+00:00"}
    view.close()


def test_a_file_that_cannot_be_written_refuses_to_start(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="VOICEBOT_LIVE_VIEW_FILE"):
        LiveView(tmp_path, CLOCK)
