"""What each caller of a benchmark says. They are clips of real speech, with pauses as people make them.

A pause is as long as people's pauses are and carries what a clip carries between its words, because a real line is
never digitally silent, and a gate that only met zeros would be flattered.
Source: pauses are spread log-normally (E. Campione and J. Veronis, 2002), and 95 of 100 pauses of callers are shorter
than 2.5 s (speech.md 3), while the median of 0.8 s between sentences is our own guess. Real people's clips stay outside
the project (`VOICEBOT_SPEECH_DIR`, with a `manifest.jsonl`), and without them the pretend caller's own clips serve, and
the report says so.
Knows: manifests and WAV. Must not know: recognisers.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from voicebot.simulator.scripts import VOICES
from voicebot.speech.audio import RATE_HZ, decode_mulaw, duration_s, encode_mulaw, read_wav

REAL_SETS = ("librispeech_other", "osr_harvard", "asterisk_en")
"""Sets of free speech, since digits and yes/no are for grammars."""
PAUSES = (0.61, 1.60, 0.32, 1.09, 2.05, 0.77, 3.13, 0.49, 1.31, 0.92)
"""Pauses in turn, as parts of the median one. They are the 5th, 15th … 95th percentile of that spread, shuffled."""
_FRAME = RATE_HZ // 50


@dataclass(frozen=True, slots=True)
class Clip:
    """Speech and its words."""

    mulaw: bytes
    words: str


@dataclass(frozen=True, slots=True)
class Programme:
    """What one caller says, pauses included."""

    mulaw: bytes
    words: str
    paused_s: float
    """How much of it are the pauses between clips, while those within clips are not counted."""

    @property
    def seconds(self) -> float:
        """How long it takes."""
        return duration_s(self.mulaw)


def real_clips(folder: Path) -> list[Clip]:
    """Read the clips of free English speech of a folder with a manifest."""
    lines = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    wanted = [line for line in lines if line["set"] in REAL_SETS and line["lang"] == "en"]
    return [Clip(read_wav((folder / line["path"]).read_bytes()), line["reference"]) for line in wanted]


def bundled_clips() -> list[Clip]:
    """Read what the pretend caller says, where it is more than a word."""
    lines = json.loads((VOICES / "manifest.json").read_text())["clips"]
    spoken = [(line["file"], " ".join(part for part in line["parts"] if isinstance(part, str))) for line in lines]
    return [Clip(read_wav((VOICES / file).read_bytes()), words) for file, words in spoken if len(words.split()) > 4]


def programmes(clips: Iterable[Clip], *, callers: int, seconds: float, pause_s: float) -> list[Programme]:
    """Return what each caller says. They are clips in turn, each with a pause, until the time is full.

    `pause_s` is the median pause, in seconds.
    """
    turn = zip(cycle(clips), cycle(pause_s * part for part in PAUSES), strict=False)
    return [_programme(turn, seconds) for _ in range(callers)]


def _programme(turn: Iterable[tuple[Clip, float]], seconds: float) -> Programme:
    mulaw, words, paused_s = b"", [], 0.0
    for clip, pause_s in turn:
        mulaw += clip.mulaw + _pause(clip.mulaw, pause_s)
        paused_s += pause_s
        words.append(clip.words)
        if duration_s(mulaw) >= seconds:
            break
    return Programme(mulaw, " ".join(words), paused_s)


def _pause(mulaw: bytes, seconds: float) -> bytes:
    """Return noise as loud as the softest tenth of a clip, and the same for the same clip."""
    frames = decode_mulaw(mulaw[: len(mulaw) // _FRAME * _FRAME]).reshape(-1, _FRAME).astype(float)
    loudness = np.percentile(np.sqrt((frames**2).mean(axis=1)), 10)
    noise = np.random.default_rng(len(mulaw)).normal(0, loudness, round(seconds * RATE_HZ))
    return encode_mulaw(np.rint(noise).astype(np.int16))
