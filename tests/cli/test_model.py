"""`voicebot model`."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.installed_model import model_folder
from voicebot.cli import main


def test_installed_model_is_not_fetched_again_and_hears() -> None:
    folder = model_folder()
    run = CliRunner().invoke(main, ["model", "install"])
    assert run.exit_code == 0, run.output
    assert f"{folder} and hears." in run.output


def test_check_lets_the_model_hear() -> None:
    model_folder()
    run = CliRunner().invoke(main, ["model", "check"])
    assert (run.exit_code, run.output) == (0, "vosk-model-small-en-us-0.15 hears.\n")


def test_check_without_a_model_names_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_MODEL_DIR", str(tmp_path))
    run = CliRunner().invoke(main, ["model", "check"])
    assert run.exit_code == 1
    assert "voicebot model install" in run.output
