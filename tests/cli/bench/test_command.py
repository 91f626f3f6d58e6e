"""The benchmark's command."""

import json
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.installed_model import model_folder
from voicebot.cli import main
from voicebot.distribution import PROJECT_DIR

VOICES = PROJECT_DIR / "voicebot" / "simulator" / "voices"


@pytest.mark.parametrize("what", ["listening", "answers", "noise"])
def test_without_a_model_the_cure_is_named(what: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_MODEL_DIR", str(tmp_path))
    run = CliRunner().invoke(main, ["bench", what])
    assert run.exit_code == 1
    assert "voicebot model install" in run.output


@pytest.mark.heavy
def test_listening_is_shown_beside_bare_vosk_on_the_bundled_clips(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_folder()
    monkeypatch.setenv("VOICEBOT_SPEECH_DIR", str(tmp_path))
    run = CliRunner().invoke(main, ["bench", "listening", "--calls", "1", "--seconds", "3", "--no-sockets"])
    assert run.exit_code == 0, run.output
    assert "bundled clips of a synthetic voice" in run.output
    rows = re.findall(r"│ ratio +│ (\d+\.\d\d) +│ (\d+\.\d\d) +│ (\d+\.\d\d) +│", run.output)
    assert len(rows) == 1, run.output
    bare, *ours = map(float, rows[0])
    assert bare == 1
    assert all(0 < ratio < 3 for ratio in ours)


@pytest.mark.heavy
def test_answers_of_a_manifest_are_counted_and_what_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_folder()
    monkeypatch.setenv("VOICEBOT_SPEECH_DIR", str(tmp_path))
    monkeypatch.setitem(sys.modules, "piper", None)
    (tmp_path / "yes.wav").write_bytes((VOICES / "yes.wav").read_bytes())
    line = {"path": "yes.wav", "set": "yes_no", "lang": "en", "reference": "yes"}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(line))
    run = CliRunner().invoke(main, ["bench", "answers"])
    assert run.exit_code == 0, run.output
    assert re.search(r"│ yes and no +│ 1 +│ 0 +│ 0 +│", run.output), run.output
    assert "no synthetic voice" in run.output


@pytest.mark.heavy
def test_what_a_place_cuts_and_whom_it_lets_through_is_shown_in_numbers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model_folder()
    monkeypatch.setenv("VOICEBOT_SPEECH_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "140")
    run = CliRunner().invoke(main, ["bench", "noise", "--place", "quiet"])
    assert run.exit_code == 0, run.output
    assert "the bundled voice says yes and no" in run.output
    row = r"│ a quiet line +│ 0 of 8 +│ 8 of 8 +│ 0 of 8 +│ 3 of 3 +│ 3 of 3 +│"
    assert re.search(row, run.output), run.output
