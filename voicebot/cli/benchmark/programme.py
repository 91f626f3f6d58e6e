"""What each caller of a benchmark says: clips of real speech, with pauses as people make them.

Real people's clips stay outside the project (`VOICEBOT_SPEECH_DIR`, with a `manifest.jsonl`); without them the
pretend caller's own clips serve, and the report says so.
Knows: manifests and WAV. Must not know: recognisers.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from voicebot.config import PROJECT_DIR
from voicebot.speech.audio import duration_s, read_wav, silence

REAL_SETS = ("librispeech_other", "osr_harvard", "asterisk_en")
"""Sets of free speech; digits and yes/no are for grammars."""
BUNDLED = PROJECT_DIR / "voicebot" / "simulator" / "voices"


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
    lines = json.loads((BUNDLED / "manifest.json").read_text())["clips"]
    spoken = [(line["file"], " ".join(part for part in line["parts"] if isinstance(part, str))) for line in lines]
    return [Clip(read_wav((BUNDLED / file).read_bytes()), words) for file, words in spoken if len(words.split()) > 4]


def programmes(clips: Iterable[Clip], *, callers: int, seconds: float, pause_s: float) -> list[Programme]:
    """Return what each caller says: clips in turn, a pause after each, until the time is full."""
    turn = cycle(clips)
    return [_programme(turn, seconds, pause_s) for _ in range(callers)]


def _programme(turn: Iterable[Clip], seconds: float, pause_s: float) -> Programme:
    mulaw, words = b"", []
    for clip in turn:
        mulaw += clip.mulaw + silence(pause_s)
        words.append(clip.words)
        if duration_s(mulaw) >= seconds:
            break
    return Programme(mulaw, " ".join(words))
