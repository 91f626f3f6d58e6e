"""What a benchmark's callers say."""

import json
from pathlib import Path

from voicebot.cli.benchmark.programme import Clip, bundled_clips, programmes, real_clips
from voicebot.speech.audio import silence, write_wav


def test_each_caller_says_clips_in_turn_with_pauses_until_the_time_is_full() -> None:
    clips = [Clip(b"\x01" * 8000, "one"), Clip(b"\x02" * 8000, "two"), Clip(b"\x03" * 8000, "three")]
    first, second = programmes(clips, callers=2, seconds=2.5, pause_s=0.5)
    assert (first.words, second.words) == ("one two", "three one")
    assert first.mulaw == b"\x01" * 8000 + silence(0.5) + b"\x02" * 8000 + silence(0.5)
    assert first.seconds == 3


def test_only_free_english_speech_is_read_from_a_manifest(tmp_path: Path) -> None:
    lines = [
        {"path": "a.wav", "set": "osr_harvard", "lang": "en", "reference": "the birch canoe"},
        {"path": "b.wav", "set": "fsdd_digits", "lang": "en", "reference": "one"},
        {"path": "c.wav", "set": "librispeech_other", "lang": "ru", "reference": "да"},
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    (tmp_path / "a.wav").write_bytes(write_wav(b"\x01\x02"))
    assert real_clips(tmp_path) == [Clip(b"\x01\x02", "the birch canoe")]


def test_bundled_clips_are_sentences() -> None:
    clips = bundled_clips()
    assert len(clips) >= 4
    assert all(len(clip.mulaw) > 8000 and len(clip.words.split()) > 4 for clip in clips)
