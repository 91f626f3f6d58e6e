"""A clip from a file that a person recorded. It is evened and trimmed, or refused with the reason.

Knows: WAV files, the words of clips. Must not know: what makes a recording good (`speech/take.py`).
"""

import wave
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

import click
import numpy as np

from voicebot.errors import SettingFault
from voicebot.speech.audio import duration_s, write_wav
from voicebot.speech.take import Wave, as_clip, why_refused

_SCALES = {1: 128.0, 2: 32768.0, 4: 2147483648.0}
"""By bytes of a sample, what is 1."""


def bring_in(recording: Path, words: str, clips: Mapping[str, Path]) -> None:
    """Write the clip of some words from a recording. `clips` has where each clip lies, by its words.

    Raises: SettingFault when no prompt has such words, or the recording cannot be read or is no good.
    """
    path = clips.get(words)
    if path is None:
        near = " or ".join(repr(each) for each in get_close_matches(words, clips, n=3))
        cure = f"did you mean {near}?" if near else "`voicebot flows check` names what has no clip"
        found = f"taking a clip from {recording.name}: no prompt says {words!r}"
        raise SettingFault(f"{found}; {cure}", code="clip-unknown")
    samples, rate_hz = _read(recording)
    if faults := why_refused(samples, rate_hz=rate_hz):
        raise SettingFault(f"taking a clip from {recording.name}: {'; and '.join(faults)}", code="clip-refused")
    mulaw = as_clip(samples, rate_hz=rate_hz, is_recorded=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(write_wav(mulaw))
    spoken_s, whole_s = duration_s(mulaw), len(samples) / rate_hz
    click.echo(f"wrote {path.name}: {spoken_s:.1f} s of {whole_s:.1f} s, at the level of prompts")


def _read(recording: Path) -> tuple[Wave, int]:
    """Return the sound of a WAV file, its sides mixed, and its rate. Raises: SettingFault."""
    try:
        with wave.open(str(recording), "rb") as file:
            width, sides, rate_hz = file.getsampwidth(), file.getnchannels(), file.getframerate()
            content = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError) as fault:
        raise _unreadable(recording, str(fault) or "it is cut off") from fault
    if width not in _SCALES or rate_hz < 8000:
        raise _unreadable(recording, f"{8 * width} bits at {rate_hz} Hz")
    kinds = {1: "u1", 2: "<i2", 4: "<i4"}
    samples = np.frombuffer(content, dtype=np.dtype(kinds[width])).astype(np.float64)
    shifted = samples - 128 if width == 1 else samples
    return (shifted / _SCALES[width]).reshape(-1, sides).mean(axis=1), rate_hz


def _unreadable(recording: Path, found: str) -> SettingFault:
    return SettingFault(
        f"taking a clip from {recording.name}: no WAV that we read ({found}); save it as PCM of 16 bits, 8 kHz or more",
        code="clip-unreadable",
    )
