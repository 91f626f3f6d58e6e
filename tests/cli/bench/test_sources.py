"""Where a benchmark finds what it measures with."""

from pathlib import Path

import pytest

from voicebot.cli.bench.sources import has_clips, speech_folder


def test_clips_are_those_of_the_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_SPEECH_DIR", str(tmp_path))
    assert speech_folder() == tmp_path
    assert not has_clips(tmp_path)
    (tmp_path / "manifest.jsonl").touch()
    assert has_clips(tmp_path)
