"""Clips with what was said and what was heard."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installed_model import recognisers
from voicebot.adapters.speech_model import CHECK_CLIP, CHECK_WORDS
from voicebot.cli.bench.heard_clips import HeardClip, as_far_as_it_goes, count_clips, hear_clips


def test_clips_of_free_speech_are_heard_and_belong_to_a_half_by_their_line(tmp_path: Path) -> None:
    (tmp_path / "clip.wav").write_bytes(CHECK_CLIP.read_bytes())
    line = {"path": "clip.wav", "set": "misc_en", "lang": "en", "reference": "One, 2, three."}
    lines = ({**line, "set": "yes_no"}, line, line, {**line, "lang": "ru"}, {**line, "reference": None})
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    clips = as_far_as_it_goes(hear_clips(recognisers(), tmp_path), of=count_clips(tmp_path), what="in the call")
    assert [clip.is_to_tune for clip in clips] == [False, True]
    assert clips[0].spoken == tuple(CHECK_WORDS.split())
    assert clips[0].heard == tuple(CHECK_WORDS.split())
    assert 0 < clips[0].words[0].confidence <= 1


def test_who_stops_in_the_middle_gets_what_was_heard_by_then_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    clip = HeardClip(group="misc_en", is_to_tune=True, mulaw=b"", spoken=(), words=())

    def stopped() -> Iterator[HeardClip]:
        yield clip
        raise KeyboardInterrupt

    assert as_far_as_it_goes(stopped(), of=73, what="second hearing") == [clip]
    assert capsys.readouterr().out == ("second hearing: stopped after 1 of 73 clips. What follows is of these alone.\n")
