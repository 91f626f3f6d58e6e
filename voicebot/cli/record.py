"""`voicebot flows record` makes the clips that prompts are put together from, with a synthetic voice.

A clip is named after its exact words, so a changed prompt only needs its new clips. Each clip is listened to by the
recogniser of callers, and of a few takes the one that it understands best is kept, and the report says which clips it
still misheard. With `--caller-voices` the pretend caller's clips are made as well, from the words in
`simulator/voices/manifest.json`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.piper_voice import Manner, PiperVoice
from voicebot.adapters.prompt_clips import PromptClips
from voicebot.adapters.speech_model import find_model
from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.record_take import bring_in
from voicebot.config import Settings, read_settings
from voicebot.errors import SettingFault
from voicebot.flow.definition import Flow
from voicebot.flow.prompts import spoken_fragments
from voicebot.simulator.scripts import VOICES
from voicebot.speech.audio import decode_mulaw, duration_s, pcm_bytes, read_wav, silence, write_wav
from voicebot.speech.word_errors import WordErrors, plain_words, total, word_errors

HOTLINE = Manner(slowness=1.4)
"""About 165 words a minute, which is slow enough for a telephone, not so slow that it sounds weary."""
CALLER = Manner(slowness=1.1, pitch=1.15)
"""The same voice, higher and quicker, which is clearly somebody else."""
TAKES = 5
_WAV = click.Path(exists=True, dir_okay=False, path_type=Path)
_LONG_S = 1.0
"""Clips longer than this are judged by free decoding, while shorter ones by choosing among all clips of the flow."""


@click.command()
@click.option("--prune", is_flag=True, help="Delete clips that no prompt uses any more.")
@click.option("--again", is_flag=True, help="Make clips that exist already, too.")
@click.option("--caller-voices", is_flag=True, help="Also make the pretend caller's clips.")
@click.option("--from", "recording", type=_WAV, help="Take the clip of --words from this WAV file.")
@click.option("--words", default="", help="What is said in it, as `voicebot flows check` names it.")
@click.option("--check", "only_check", is_flag=True, help="Make nothing; listen to the clips there are.")
def record(
    *, prune: bool, again: bool, caller_voices: bool, recording: Path | None, words: str, only_check: bool
) -> None:
    """Make the clips that the prompts of all flows need."""
    settings = read_settings()
    if prune or not only_check:
        settings.own_flows_dir()
    wanted = list(_wanted(settings))
    wanted += _caller_lines() if caller_voices else []
    if recording is not None:
        bring_in(recording, words, {clip.words: clip.path for clip in wanted})
        return
    if prune:
        _prune(settings, wanted)
    missing = [clip for clip in wanted if again or not clip.path.is_file()]
    if only_check:
        _report(_check(wanted, Judge(settings)), missing=len(missing))
    elif missing:
        _report(_make(missing, wanted, Judge(settings)), missing=0)
    else:
        click.echo(f"all {len(wanted)} clips are there")


@dataclass(frozen=True, kw_only=True, slots=True)
class Clip:
    """A clip to be made, with its file, its words (stretches of speech and seconds of pause), and who says them."""

    path: Path
    parts: tuple[str | float, ...]
    manner: Manner

    @property
    def words(self) -> str:
        """Everything said."""
        return " ".join(part for part in self.parts if isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Take:
    """One recording of a clip, and what the recogniser misheard in it."""

    mulaw: bytes
    errors: WordErrors


class Judge:
    """Listens to a clip as the hotline listens to a caller."""

    def __init__(self, settings: Settings) -> None:
        """Load the model. Raises: SettingFault when it is not installed."""
        folder = find_model(settings.model_dir, "en", vouched=settings.model_digest)
        if folder is None:
            raise SettingFault(
                f"listening to clips: there is no speech model in {settings.model_dir}; run `voicebot model install`",
                code="model-missing",
            )
        self._recognisers = VoskRecognisers({"en": folder}, limit=1)

    def errors(self, clip: Clip, mulaw: bytes, *, others: tuple[str, ...]) -> WordErrors:
        """Compare what the clip says with what is heard, where short ones are looked for among the words of all."""
        grammar = None if duration_s(mulaw) > _LONG_S else others
        recogniser = self._recognisers.make("en", grammar)
        samples = decode_mulaw(silence(0.4) + mulaw + silence(0.6))
        segment = recogniser.accept(pcm_bytes(samples))
        heard = [segment.text] if segment is not None else []
        return word_errors(clip.words, " ".join([*heard, recogniser.finish().text]))


def _wanted(settings: Settings) -> Iterator[Clip]:
    files = FlowFiles(settings.flows_dir, settings.resolved_policy_dir())
    flows = [files.current_flow(path.parent.name) for path in sorted(settings.flows_dir.glob("*/flow.yaml"))]
    clips, announcements = PromptClips(settings.flows_dir / "clips"), files.current_policy().announcements
    spoken = {(each, words) for flow in flows for each in flow.locales for words in _words_of(settings, flow, each)}
    spoken |= {
        (each, notice.words.get(each, "")) for notice in announcements for flow in flows for each in flow.locales
    }
    for locale, words in sorted(spoken):
        if words:
            yield Clip(path=clips.path(locale, words), parts=(words,), manner=HOTLINE)


def _words_of(settings: Settings, flow: Flow, locale: str) -> tuple[str, ...]:
    return spoken_fragments(flow, locale, company=settings.company)


def _caller_lines() -> list[Clip]:
    lines = json.loads((VOICES / "manifest.json").read_text())["clips"]
    return [Clip(path=VOICES / line["file"], parts=tuple(line["parts"]), manner=CALLER) for line in lines]


def _make(missing: list[Clip], wanted: list[Clip], judge: Judge) -> dict[Path, Take]:
    voice = PiperVoice()
    others = _closed_words(wanted)
    made = {}
    for clip in track(missing, "recording", console=Console(stderr=True)):
        made[clip.path] = _best_take(clip, voice, judge, others)
        clip.path.parent.mkdir(parents=True, exist_ok=True)
        clip.path.write_bytes(write_wav(made[clip.path].mulaw))
    return made


def _check(wanted: list[Clip], judge: Judge) -> dict[Path, Take]:
    others = _closed_words(wanted)
    heard = {}
    for clip in track([clip for clip in wanted if clip.path.is_file()], "listening", console=Console(stderr=True)):
        mulaw = read_wav(clip.path.read_bytes())
        heard[clip.path] = Take(mulaw, judge.errors(clip, mulaw, others=others))
    return heard


def _best_take(clip: Clip, voice: PiperVoice, judge: Judge, others: tuple[str, ...]) -> Take:
    best: Take | None = None
    for _ in range(TAKES):
        mulaw = b"".join(
            voice.say(part, clip.manner) if isinstance(part, str) else silence(part) for part in clip.parts
        )
        take = Take(mulaw, judge.errors(clip, mulaw, others=others))
        if best is None or take.errors.errors < best.errors.errors:
            best = take
        if not best.errors.errors:
            break
    assert best is not None
    return best


def _closed_words(wanted: Iterable[Clip]) -> tuple[str, ...]:
    return tuple(sorted({" ".join(plain_words(clip.words)) for clip in wanted if len(clip.words) < 40}))


def _prune(settings: Settings, wanted: list[Clip]) -> None:
    kept = {clip.path for clip in wanted}
    for path in sorted((settings.flows_dir / "clips").glob("*/*.wav")):
        if path not in kept:
            path.unlink()
            click.echo(f"deleted {path.name}")


def _report(takes: dict[Path, Take], *, missing: int) -> None:
    for path, take in takes.items():
        if take.errors.errors:
            click.echo(f"misheard: {take.errors.errors} of {take.errors.words} words of {path.name}")
    words = total(take.errors for take in takes.values())
    spoken_s = sum(duration_s(take.mulaw) for take in takes.values())
    pace = words.words / spoken_s * 60 if spoken_s else 0
    click.echo(f"{len(takes)} clips, {spoken_s:.0f} s, {pace:.0f} words a minute, {words.rate:.1%} of words misheard")
    if missing:
        raise SettingFault(f"checking clips: {missing} are missing; run `voicebot flows record`", code="clip-missing")
