"""Clips of real people as a case would keep them, with what was heard beside what was said.

Clips on odd lines of the manifest are there to tune by. Those on even lines are kept back, so that a figure on them is
not flattered by the tuning.
Knows: manifests, our listening, the terminal. Must not know: what is made of the words.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from voicebot.adapters.second_ear.hearers import Hearer
from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.caller_lines import REAL_SETS, Clip, bundled_clips
from voicebot.cli.bench.decoding import ListeningHearer
from voicebot.domain.utterance import Word
from voicebot.speech.audio import read_wav
from voicebot.speech.word_errors import plain_words

FREE_SPEECH = (*REAL_SETS, "sphinx", "misc_en")
"""Sets of speech whose words somebody wrote down, without single answers and strings of digits."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeardClip:
    """A clip, and what our listening made of it."""

    group: str
    is_to_tune: bool
    mulaw: bytes
    spoken: tuple[str, ...]
    words: tuple[Word, ...]
    again: tuple[Word, ...] | None = None
    """What a second hearing made of it. None when there was none."""

    @property
    def heard(self) -> tuple[str, ...]:
        """The words alone."""
        return tuple(word.text for word in self.words)


def hear_clips(recognisers: VoskRecognisers, folder: Path) -> Iterator[HeardClip]:
    """Let our listening hear the folder's clips of free English speech, or the bundled voice where there is none."""
    for number, group, clip in _clips(folder):
        hearer = ListeningHearer(recognisers)
        hearer.take(clip.mulaw)
        yield HeardClip(
            group=group,
            is_to_tune=number % 2 == 1,
            mulaw=clip.mulaw,
            spoken=tuple(plain_words(clip.words)),
            words=hearer.utterance().words,
        )


def hear_again(clips: Iterable[HeardClip], hearer: Hearer) -> Iterator[HeardClip]:
    """Let a second recogniser hear the same clips."""
    for clip in clips:
        yield replace(clip, again=tuple(hearer(clip.mulaw)))


def count_clips(folder: Path) -> int:
    """Return how many clips `hear_clips` lets hear."""
    return sum(1 for _ in _clips(folder))


def as_far_as_it_goes(clips: Iterator[HeardClip], *, of: int, what: str) -> list[HeardClip]:
    """Take clip after clip, with a bar at a terminal that says how far one is. Ctrl-C ends it with those that were
    heard by then, and says so, since a figure of some clips is none of all.
    """
    heard = list[HeardClip]()
    try:
        for clip in track(clips, description=what, total=of, console=Console(stderr=True), transient=True):
            heard.append(clip)
    except KeyboardInterrupt:
        click.echo(f"{what}: stopped after {len(heard)} of {of} clips. What follows is of these alone.")
    return heard


def _clips(folder: Path) -> Iterator[tuple[int, str, Clip]]:
    manifest = folder / "manifest.jsonl"
    if not manifest.is_file():
        yield from ((number, "bundled", clip) for number, clip in enumerate(bundled_clips(), start=1))
        return
    for number, line in enumerate(map(json.loads, manifest.read_text().splitlines()), start=1):
        if line["set"] in FREE_SPEECH and line["lang"] == "en" and line.get("reference"):
            yield number, line["set"], Clip(read_wav((folder / line["path"]).read_bytes()), line["reference"])
