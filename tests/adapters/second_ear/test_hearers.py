"""Which recogniser a model's folder is for."""

from pathlib import Path

import pytest

from tests.installed_model import model_folder
from voicebot.adapters.second_ear.hearers import ModelKind, kind_of
from voicebot.errors import SettingFault


def test_a_folder_tells_by_its_files_what_reads_it(tmp_path: Path) -> None:
    assert kind_of(model_folder()) is ModelKind.VOSK
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(SettingFault, match="neither a Whisper model"):
        kind_of(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"")
    assert kind_of(tmp_path) is ModelKind.WHISPER


def test_a_folder_that_may_not_be_looked_into_is_said_as_one_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match="looking for a second model"):
        kind_of(tmp_path / ("x" * 300))
