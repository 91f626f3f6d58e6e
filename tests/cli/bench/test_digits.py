"""`voicebot bench digits` as the terminal sees it."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from tests.installed_model import model_folder
from voicebot.cli import main
from voicebot.speech.audio import RATE_HZ, encode_mulaw, write_wav


def test_without_clips_of_real_people_nothing_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_SPEECH_DIR", str(tmp_path))
    run = CliRunner().invoke(main, ["bench", "digits"])
    assert run.exit_code == 0, run.output
    assert "no clips of real people" in run.output


@pytest.mark.heavy
def test_numbers_that_nobody_understands_are_left_to_the_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tones in the place of voices."""
    model_folder()
    monkeypatch.setenv("VOICEBOT_SPEECH_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "160")
    gaps = [100] * 19
    at = np.arange(RATE_HZ // 8) / RATE_HZ
    tones = [(3000 * np.sin(2 * np.pi * 300 * at)).astype(np.int16), np.zeros(RATE_HZ // 10, dtype=np.int16)] * 20
    (tmp_path / "a.wav").write_bytes(write_wav(encode_mulaw(np.concatenate(tones[:-1]))))
    (tmp_path / "n.wav").write_bytes(write_wav(encode_mulaw(tones[0])))
    lines = [
        {"path": "a.wav", "set": "fsdd_digits", "speaker": "a", "digits": "01234567890123456789", "gaps_ms": gaps},
        {"path": "n.wav", "set": "noise"},
    ]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)))
    run = CliRunner().invoke(main, ["bench", "digits", "--cases", "1", "--open", "1", "--wrong", "1"])
    assert run.exit_code == 0, run.output
    assert len(re.findall(r"│ +1 \(100%\) +│ 0 +│", run.output)) >= 3, run.output
    assert "0 of 1 wrong numbers, said twice, opened one of 1 cases" in run.output
