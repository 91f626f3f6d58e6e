"""`voicebot flows record`, as far as it goes without the synthetic voice."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.installed_model import model_folder
from voicebot.cli import main
from voicebot.distribution import PACKAGE_DIR, PROJECT_DIR
from voicebot.flow.prompts import clip_name

KEPT = ("between", "on Monday")


@pytest.fixture
def flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the flows with two clips and an orphan."""
    folder = tmp_path / "flows"
    shutil.copytree(PROJECT_DIR / "flows", folder, ignore=shutil.ignore_patterns("clips"))
    (folder / "clips" / "en").mkdir(parents=True)
    for words in KEPT:
        name = f"{clip_name(words)}.wav"
        shutil.copy(PROJECT_DIR / "flows" / "clips" / "en" / name, folder / "clips" / "en" / name)
    (folder / "clips" / "en" / "nobody-says-this-00000000.wav").touch()
    monkeypatch.setenv("VOICEBOT_FLOWS_DIR", str(folder))
    return folder


def test_all_clips_of_the_flow_are_recorded() -> None:
    run = CliRunner().invoke(main, ["flows", "record"])
    assert run.exit_code == 0, run.output
    assert "clips are there" in run.output


def test_all_lines_of_the_pretend_caller_are_recorded() -> None:
    run = CliRunner().invoke(main, ["flows", "record", "--caller-voices"])
    assert run.exit_code == 0, run.output
    assert "clips are there" in run.output


def test_check_listens_to_the_clips_there_are_and_names_how_many_are_missing(flows: Path) -> None:
    model_folder()
    run = CliRunner().invoke(main, ["flows", "record", "--check"])
    assert run.exit_code == 1
    assert "2 clips" in run.output
    assert "0.0% of words misheard" in run.output
    assert "are missing; run `voicebot flows record`" in run.output


def test_pruning_deletes_what_no_prompt_says(flows: Path) -> None:
    model_folder()
    run = CliRunner().invoke(main, ["flows", "record", "--check", "--prune"])
    assert "deleted nobody-says-this-00000000.wav" in run.output
    assert sorted(path.name for path in (flows / "clips" / "en").iterdir()) == sorted(
        f"{clip_name(words)}.wav" for words in KEPT
    )


def test_listening_without_a_model_names_the_cure(flows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_MODEL_DIR", str(tmp_path))
    run = CliRunner().invoke(main, ["flows", "record", "--check"])
    assert run.exit_code == 1
    assert "voicebot model install" in run.output


@pytest.mark.parametrize("options", [[], ["--check", "--prune"]])
def test_no_clip_of_the_installed_package_is_changed(options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICEBOT_FLOWS_DIR", str(PACKAGE_DIR / "bundled" / "flows"))
    run = CliRunner().invoke(main, ["flows", "record", *options])
    assert (run.exit_code, "voicebot flows copy" in run.output) == (1, True)
