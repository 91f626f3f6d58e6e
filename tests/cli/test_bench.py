"""The benchmark's command."""

import re

import pytest
from click.testing import CliRunner

from tests.installed_model import model_folder
from voicebot.cli import main


def test_without_a_model_the_cure_is_named(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_MODEL_DIR", str(tmp_path))
    run = CliRunner().invoke(main, ["bench", "listening"])
    assert run.exit_code == 1
    assert "voicebot model install" in run.output


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
