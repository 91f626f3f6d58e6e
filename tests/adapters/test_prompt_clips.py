"""Prompts put together from clips on a disk."""

from pathlib import Path

import pytest

from voicebot.adapters.prompt_clips import PromptClips
from voicebot.errors import SettingFault
from voicebot.flow.instructions import Pause, Prompt, Words
from voicebot.flow.prompts import clip_name
from voicebot.speech.audio import write_wav


def _store(folder: Path, words: str, mulaw: bytes, *, locale: str = "en") -> Path:
    path = folder / locale / f"{clip_name(words)}.wav"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(write_wav(mulaw))
    return path


def _prompt(*fragments: Words | Pause, locale: str = "en") -> Prompt:
    return Prompt(key="say_case_number", locale=locale, fragments=fragments)


def test_fragments_are_joined_in_order_with_their_pauses(tmp_path: Path) -> None:
    _store(tmp_path, "Your case number is", b"\x10\x11")
    _store(tmp_path, "five.", b"\x20")
    prompt = _prompt(Words(text="Your case number is"), Pause(seconds=0.0005), Words(text="five."))
    assert PromptClips(tmp_path).audio(prompt) == b"\x10\x11" + b"\xff" * 4 + b"\x20"


def test_words_are_told_apart_to_the_letter(tmp_path: Path) -> None:
    _store(tmp_path, "five", b"\x10")
    clips = PromptClips(tmp_path)
    assert (clips.has_clip("en", "five"), clips.has_clip("en", "five.")) == (True, False)


def test_a_clip_can_be_said_if_it_is_there_and_is_telephone_audio(tmp_path: Path) -> None:
    _store(tmp_path, "five", b"\x10")
    _store(tmp_path, "six", b"\x10").write_bytes(b"no WAV")
    clips = PromptClips(tmp_path)
    assert [clips.can_say("en", words) for words in ("five", "six", "seven")] == [True, False, False]


def test_clip_is_read_once(tmp_path: Path) -> None:
    path = _store(tmp_path, "five", b"\x10")
    clips = PromptClips(tmp_path)
    assert clips.clip("en", "five") == b"\x10"
    path.unlink()
    assert clips.audio(_prompt(Words(text="five"), Words(text="five"))) == b"\x10\x10"


def test_region_uses_its_language_s_clips_unless_it_has_its_own(tmp_path: Path) -> None:
    _store(tmp_path, "five", b"\x10")
    assert PromptClips(tmp_path).audio(_prompt(Words(text="five"), locale="en-GB")) == b"\x10"
    _store(tmp_path, "five", b"\x20", locale="en-GB")
    assert PromptClips(tmp_path).audio(_prompt(Words(text="five"), locale="en-GB")) == b"\x20"


def test_missing_clip_names_the_words_and_the_command(tmp_path: Path) -> None:
    with pytest.raises(SettingFault, match=r'"five\.".*voicebot flows record') as fault:
        PromptClips(tmp_path).audio(_prompt(Words(text="five.")))
    assert fault.value.code == "clip-missing"


def test_broken_clip_names_its_file(tmp_path: Path) -> None:
    path = _store(tmp_path, "five", b"")
    path.write_bytes(b"<html>")
    with pytest.raises(SettingFault, match=path.name) as fault:
        PromptClips(tmp_path).audio(_prompt(Words(text="five")))
    assert fault.value.code == "clip-broken"


def test_a_slower_prompt_lasts_longer_with_its_pauses_and_is_stretched_once(tmp_path: Path) -> None:
    path = _store(tmp_path, "five", b"\x10\x90" * 400)
    clips = PromptClips(tmp_path)
    slow = _prompt(Words(text="five"), Pause(seconds=0.1)).model_copy(update={"pace": 0.8})
    assert len(clips.audio(slow)) == 1000 + 1000
    path.unlink()
    assert len(clips.audio(slow)) == 2000
