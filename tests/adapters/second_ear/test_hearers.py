"""Which recogniser a model's folder is for."""

from pathlib import Path

import numpy as np
import pytest

from tests.adapters.second_ear.whisper_folder import MANY, a_whisper_folder
from tests.installed_model import model_folder
from voicebot.adapters.second_ear.hearers import (
    LEAD_S,
    WHISPER_HZ,
    ModelKind,
    amid_silence,
    kind_of,
    languages_of,
    load,
)
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


def test_a_voice_stands_amid_silence_so_that_its_first_and_last_word_are_heard() -> None:
    around = amid_silence(np.ones(WHISPER_HZ, np.float32))
    (voice,) = np.nonzero(around)
    assert (voice[0], len(voice)) == (LEAD_S * WHISPER_HZ, WHISPER_HZ)
    assert len(around) - voice[-1] - 1 == 0.5 * WHISPER_HZ


MARKS = ("<|startoftranscript|>", "<|en|>", "<|es|>", "<|haw|>", "<|translate|>")


@pytest.mark.parametrize("file", ["vocabulary.json", "vocabulary.txt"])
def test_a_model_names_its_languages_itself_and_one_for_english_alone_has_no_other(tmp_path: Path, file: str) -> None:
    folder = a_whisper_folder(tmp_path, marks=MARKS, file=file)
    assert languages_of(folder) == {"en", "es", "haw"}
    assert languages_of(a_whisper_folder(folder, marks=MARKS, words=MANY - len(MARKS) - 1, file=file)) == {"en"}
    assert languages_of(model_folder()) == {"en"}


@pytest.mark.parametrize("vocabulary", [None, b"", b'["<|en|>", 3]', b"\xff"])
def test_a_model_that_came_in_part_is_the_deployers_to_mend(tmp_path: Path, vocabulary: bytes | None) -> None:
    folder = a_whisper_folder(tmp_path, marks=())
    (folder / "vocabulary.json").unlink()
    if vocabulary is not None:
        (folder / "vocabulary.json").write_bytes(vocabulary)
    with pytest.raises(SettingFault, match=r"vocabulary cannot be read .* put the model there anew") as fault:
        languages_of(folder)
    assert (fault.value.code, str(folder) in str(fault.value)) == ("second-model", True)


@pytest.mark.parametrize("kind", list(ModelKind))
def test_a_language_that_the_model_does_not_know_is_refused_with_those_that_it_knows(
    tmp_path: Path, kind: ModelKind
) -> None:
    folder = model_folder() if kind is ModelKind.VOSK else a_whisper_folder(tmp_path, marks=MARKS)
    with pytest.raises(SettingFault, match="does not know the language 'tlh', only en") as fault:
        load(folder, "tlh")
    assert fault.value.code == "second-model"
