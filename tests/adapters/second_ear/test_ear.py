"""Listening again in a child process, with the model that is installed here."""

import os
import time
from pathlib import Path

import pytest

from tests.installed_model import model_folder
from voicebot.adapters.second_ear import ChildEar, open_second_ear
from voicebot.adapters.speech_model import CHECK_CLIP, CHECK_WORDS
from voicebot.errors import SettingFault, Unavailable
from voicebot.speech.audio import read_wav


def children() -> list[int]:
    """Return the ids of the live children of this process."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def test_a_larger_model_of_the_same_kind_hears_a_stored_voice_with_times_in_it() -> None:
    ear = ChildEar(model_folder())
    words = ear.hear(read_wav(CHECK_CLIP.read_bytes()), "en-GB", lambda: True)
    assert words is not None
    assert [word.text for word in words] == CHECK_WORDS.split()
    assert 0 <= words[0].start_s < words[0].end_s <= words[-1].end_s < 5
    assert ear.name == f"vosk: {model_folder().name}"
    assert (ear.supports("en-GB"), ear.supports("hr")) == (True, False)


def test_a_call_that_begins_ends_the_process_at_once() -> None:
    before, answers, began = children(), iter([True, False]), time.monotonic()
    assert ChildEar(model_folder()).hear(bytes(8000 * 600), "en", lambda: next(answers)) is None
    assert time.monotonic() - began < 30
    assert children() == before


def test_without_a_folder_nobody_listens_again() -> None:
    assert open_second_ear(None) is None


def test_a_folder_without_a_model_is_named_with_the_cure(tmp_path: Path) -> None:
    ear = open_second_ear(tmp_path)
    assert ear is not None
    with pytest.raises(SettingFault, match="VOICEBOT_SECOND_MODEL_DIR") as fault:
        ear.supports("en")
    assert (fault.value.code, str(tmp_path) in str(fault.value)) == ("second-model", True)


def a_whisper_folder(folder: Path) -> Path:
    """Return a folder that looks like a model and is none."""
    for name in ("model.bin", "config.json"):
        (folder / name).write_bytes(b"")
    return folder


def test_whisper_hears_our_languages_and_says_what_it_lacks(tmp_path: Path) -> None:
    ear = ChildEar(a_whisper_folder(tmp_path))
    assert [ear.supports(locale) for locale in ("en", "hr", "he-IL", "xx")] == [True, True, True, False]
    with pytest.raises((SettingFault, Unavailable), match="listening again"):
        ear.hear(bytes(800), "en", lambda: True)
