"""Listening again in a child process, with the model that is installed here."""

import os
import time
import traceback
from pathlib import Path

import pytest

from tests.adapters.second_ear.whisper_folder import a_whisper_folder
from tests.installed_model import model_folder
from voicebot.adapters.second_ear import ChildEar, open_second_ear
from voicebot.adapters.speech_model import CHECK_CLIP, CHECK_WORDS
from voicebot.errors import SettingFault, Unavailable
from voicebot.speech.audio import read_wav


def children() -> list[int]:
    """Return the ids of the live children of this process."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


@pytest.mark.heavy
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


LOADED = "echo loaded"


def a_program(script: str) -> tuple[str, ...]:
    """Return a process that does what this shell script says, in place of the one that hears."""
    return ("/bin/sh", "-c", script)


@pytest.mark.parametrize(
    "script",
    ["exit 0", "kill -9 $$", "echo lo", "echo 'RuntimeError: cannot open model.bin' >&2; exit 1", "echo '[]'"],
)
def test_what_breaks_before_the_model_is_loaded_is_the_models_fault(tmp_path: Path, script: str) -> None:
    with pytest.raises(SettingFault, match="could not be loaded") as fault:
        ChildEar(tmp_path, a_program(script)).hear(bytes(800), "en", lambda: True)
    assert (fault.value.code, str(tmp_path) in str(fault.value)) == ("second-model", True)


@pytest.mark.parametrize(
    "script",
    [
        LOADED,
        f"{LOADED}; kill -11 $$",
        f"{LOADED}; echo 'my heart pills'",
        f'{LOADED}; echo \'[{{"text": "my heart pills"}}]\'',
        f"{LOADED}; echo 'my heart pills' >&2",
        f"{LOADED}; echo 'my heart: pills' >&2; exit 3",
        f"{LOADED}; exec yes 'my heart pills'",
    ],
)
def test_what_breaks_after_it_tells_no_word_that_was_heard(tmp_path: Path, script: str) -> None:
    before = children()
    with pytest.raises(Unavailable, match="listening again: ") as fault:
        ChildEar(tmp_path, a_program(script)).hear(bytes(800), "en", lambda: True)
    shown = "".join(traceback.format_exception(fault.value))
    assert fault.value.code == "second-ear"
    assert "heart" not in shown.replace(script, "")
    assert children() == before


def test_an_error_is_named_by_its_kind_alone(tmp_path: Path) -> None:
    script = f"{LOADED}; echo 'ValueError: my heart pills' >&2; exit 1"
    with pytest.raises(Unavailable, match=r"ended with 1 \(ValueError\)$"):
        ChildEar(tmp_path, a_program(script)).hear(bytes(800), "en", lambda: True)


def test_without_a_folder_nobody_listens_again() -> None:
    assert open_second_ear(None) is None


def test_a_folder_without_a_model_is_named_with_the_cure(tmp_path: Path) -> None:
    ear = open_second_ear(tmp_path)
    assert ear is not None
    with pytest.raises(SettingFault, match="VOICEBOT_SECOND_MODEL_DIR") as fault:
        ear.supports("en")
    assert (fault.value.code, str(tmp_path) in str(fault.value)) == ("second-model", True)


def test_whisper_hears_the_languages_of_its_model_and_says_what_it_lacks(tmp_path: Path) -> None:
    ear = ChildEar(a_whisper_folder(tmp_path, marks=[f"<|{each}|>" for each in ("en", "es", "he", "hr")]))
    locales = ("en", "es-MX", "hr", "he-IL", "xx")
    assert [ear.supports(locale) for locale in locales] == [True, True, True, True, False]
    with pytest.raises((SettingFault, Unavailable), match="listening again"):
        ear.hear(bytes(800), "en", lambda: True)
    with pytest.raises(SettingFault, match="does not know the language 'xx', only en, es, he, hr"):
        ear.hear(bytes(800), "xx", lambda: True)
