"""Clips with what was said and what was heard."""

import json
from pathlib import Path

from tests.installed_model import recognisers
from voicebot.adapters.speech_model import CHECK_CLIP, CHECK_WORDS
from voicebot.cli.bench.heard_clips import hear_clips


def test_clips_of_free_speech_are_heard_and_belong_to_a_half_by_their_line(tmp_path: Path) -> None:
    (tmp_path / "clip.wav").write_bytes(CHECK_CLIP.read_bytes())
    line = {"path": "clip.wav", "set": "misc_en", "lang": "en", "reference": "One, 2, three."}
    lines = ({**line, "set": "yes_no"}, line, line, {**line, "lang": "ru"}, {**line, "reference": None})
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    clips = list(hear_clips(recognisers(), tmp_path))
    assert [clip.is_to_tune for clip in clips] == [False, True]
    assert clips[0].spoken == tuple(CHECK_WORDS.split())
    assert clips[0].heard == tuple(CHECK_WORDS.split())
    assert 0 < clips[0].words[0].confidence <= 1
