"""A clip from a person's recording: written where the prompt looks for it, or refused with the reason."""

import wave
from pathlib import Path

import numpy as np
import pytest

from voicebot.cli.record_take import bring_in
from voicebot.errors import SettingFault
from voicebot.speech.audio import duration_s, read_wav

WORDS = "Goodbye."


def _recording(path: Path, *, width: int = 2, sides: int = 1, rate_hz: int = 16000, level: float = 0.2) -> Path:
    at = np.arange(rate_hz) / rate_hz
    voice = level * np.sin(2 * np.pi * 500 * at)
    sound = np.clip(np.concatenate([np.zeros(rate_hz // 2), voice, np.zeros(rate_hz // 2)]), -1, 1)
    shapes = {
        1: lambda: (sound * 127 + 128).astype(np.uint8),
        2: lambda: (sound * 32767).astype("<i2"),
        3: lambda: np.zeros(3 * len(sound), np.uint8),
        4: lambda: (sound * 2147483647).astype("<i4"),
    }
    samples = shapes[width]()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(sides)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        file.writeframes((samples if width == 3 else np.repeat(samples, sides)).tobytes())
    return path


@pytest.mark.parametrize(("width", "sides", "rate_hz"), [(2, 1, 16000), (2, 2, 44100), (4, 1, 8000), (1, 1, 48000)])
def test_a_recording_of_any_usual_form_becomes_the_clip(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], width: int, sides: int, rate_hz: int
) -> None:
    clip = tmp_path / "clips/en/goodbye.wav"
    bring_in(_recording(tmp_path / "a.wav", width=width, sides=sides, rate_hz=rate_hz), WORDS, {WORDS: clip})
    assert duration_s(read_wav(clip.read_bytes())) == pytest.approx(1.1, abs=0.03)
    assert capsys.readouterr().out == "wrote goodbye.wav: 1.1 s of 2.0 s, at the level of prompts\n"


@pytest.mark.parametrize(
    ("words", "cure"), [("Goodbie.", "did you mean 'Goodbye.'?"), ("xyzzy", "`voicebot flows check` names what")]
)
def test_words_that_no_prompt_has_are_refused(tmp_path: Path, words: str, cure: str) -> None:
    with pytest.raises(SettingFault, match="no prompt says") as refused:
        bring_in(_recording(tmp_path / "a.wav"), words, {WORDS: tmp_path / "goodbye.wav"})
    assert cure in str(refused.value)


def test_a_clipped_recording_is_refused_and_the_clip_stays(tmp_path: Path) -> None:
    clip = tmp_path / "goodbye.wav"
    clip.write_bytes(b"the old one")
    with pytest.raises(SettingFault, match="it is clipped"):
        bring_in(_recording(tmp_path / "a.wav", level=3.0), WORDS, {WORDS: clip})
    assert clip.read_bytes() == b"the old one"


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all"])
def test_what_is_no_wav_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(SettingFault, match="no WAV that we read"):
        bring_in(tmp_path / "a.wav", WORDS, {WORDS: tmp_path / "goodbye.wav"})


@pytest.mark.parametrize(("width", "rate_hz"), [(3, 16000), (2, 4000)])
def test_a_form_that_is_too_rare_or_too_poor_is_refused(tmp_path: Path, width: int, rate_hz: int) -> None:
    with pytest.raises(SettingFault, match=f"{8 * width} bits at {rate_hz} Hz"):
        bring_in(_recording(tmp_path / "a.wav", width=width, rate_hz=rate_hz), WORDS, {WORDS: tmp_path / "goodbye.wav"})
