"""What a benchmark's callers say."""

import json
from pathlib import Path

import numpy as np
import pytest

from voicebot.cli.bench.caller_lines import PAUSES, Clip, bundled_clips, programmes, real_clips
from voicebot.speech.audio import decode_mulaw, encode_mulaw, silence, write_wav


def test_each_caller_says_clips_in_turn_with_pauses_until_the_time_is_full() -> None:
    clips = [Clip(silence(1), "one"), Clip(silence(1), "two"), Clip(silence(1), "three")]
    first, second = programmes(clips, callers=2, seconds=2.5, pause_s=0.5)
    assert (first.words, second.words) == ("one two", "three one")
    assert first.paused_s == pytest.approx(0.5 * (PAUSES[0] + PAUSES[1]))
    assert first.seconds == pytest.approx(2 + first.paused_s, abs=0.001)
    assert second.paused_s == pytest.approx(0.5 * (PAUSES[2] + PAUSES[3]))


def test_pauses_are_as_long_as_peoples_are() -> None:
    assert np.median(PAUSES) == pytest.approx(1, abs=0.01)
    assert max(PAUSES) * 0.8 == pytest.approx(2.5, abs=0.01), "95 of 100 of a caller's pauses are shorter"


@pytest.mark.parametrize("level", [0, 40, 400])
def test_pause_carries_the_noise_of_its_clip(level: int) -> None:
    hiss = np.random.default_rng(1).normal(0, level, 8000)
    spoken = np.concatenate([hiss, 3000 * np.sin(np.arange(16000))]).astype(np.int16)
    (programme,) = programmes([Clip(encode_mulaw(spoken), "one")], callers=1, seconds=1, pause_s=1)
    pause = decode_mulaw(programme.mulaw)[24000:].astype(float)
    assert len(pause) > 4000
    assert pause.std() == pytest.approx(level, rel=0.15)


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
