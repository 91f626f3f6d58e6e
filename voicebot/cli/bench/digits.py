"""`voicebot bench digits` tells how numbers arrive that callers say digit by digit, and what each ingredient does.

Knows: what the terminal sees. Must not know: how numbers are heard.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.answers import asked_at
from voicebot.cli.bench.digit_clips import Speaker, digit_strings, noises, speakers_in, speakers_of
from voicebot.cli.bench.digit_ingredients import EACH_OFF, count, hear_in_each_way, opened
from voicebot.cli.bench.digit_run import (
    QUESTION,
    Arrival,
    Caller,
    Heard,
    callers_as_recorded,
    callers_of,
    case_numbers,
    hear_caller,
    in_noise,
    wrong_numbers,
)
from voicebot.cli.bench.sources import has_clips, model_folder, speech_folder
from voicebot.config import read_settings
from voicebot.flow.definition import Flow
from voicebot.flow.session import FlowSession


@dataclass(frozen=True, kw_only=True, slots=True)
class _Said:
    """Numbers that callers say."""

    name: str
    callers: list[Caller]
    cases: frozenset[str] = frozenset()
    """The cases that exist. None where the numbers are of no case."""


@click.command()
@click.option("--cases", default=100, show_default=True, type=click.IntRange(min=1), help="case numbers to say")
@click.option("--open", "exist", default=1000, show_default=True, type=click.IntRange(min=1), help="cases that exist")
@click.option("--wrong", default=1000, show_default=True, type=click.IntRange(min=0), help="wrong numbers to say")
@click.option("--snr", default=10.0, show_default=True, help="decibels of the voice above the noise of the noisy sets")
@click.option(
    "--takes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="folder of single digits (<digit>_<speaker>_<number>.wav, 8 kHz) in place of those cut from the clips",
)
def digits(*, cases: int, exist: int, wrong: int, snr: float, takes: Path | None) -> None:
    """Count how numbers of eight and nine digits arrive that real people say, read back and said once more if wrong.

    The clips are those of VOICEBOT_SPEECH_DIR. Case numbers are put together of single digits, one speaker each. Wrong
    numbers are case numbers with one digit changed or two swapped, and none of them may open a case.
    """
    if not has_clips(speech_folder()):
        click.echo("no clips of real people: VOICEBOT_SPEECH_DIR is not set")
        return
    settings, console = read_settings(), Console()
    folder = model_folder(settings)
    wide, narrow = VoskRecognisers({"en": folder}, limit=1, is_wide=True), VoskRecognisers({"en": folder}, limit=1)
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow("complaint")
    asked, strings = asked_at(flow, QUESTION), digit_strings(speech_folder())
    speakers = speakers_of(strings) if takes is None else speakers_in(takes)
    numbers = case_numbers(max(cases, exist), seed=14)
    for said in _sets(speakers, numbers[:cases], frozenset(numbers[:exist]), snr):
        heard = [hear_in_each_way(wide, narrow, asked, one) for one in track(said.callers, said.name, console=console)]
        _show(console, flow, asked, said, heard)
    if wrong:
        said_wrong = list(callers_of(speakers, wrong_numbers(numbers[:exist], wrong)))
        _show_wrong(console, flow, asked, wide, said_wrong, frozenset(numbers[:exist]))


def _sets(speakers: list[Speaker], numbers: list[str], exist: frozenset[str], snr_db: float) -> Iterator[_Said]:
    folder = speech_folder()
    strings = digit_strings(folder)
    recorded = list(callers_as_recorded(strings, speakers_of(strings)))
    yield _Said(name="8 and 9 digits of 3 speakers, as recorded", callers=recorded)
    made = list(callers_of(speakers, numbers))
    people = f"case numbers of {len(speakers)} speakers, put together"
    yield _Said(name=people, callers=made, cases=exist)
    noisy = list(in_noise(made, noises(folder), snr_db=snr_db))
    yield _Said(name=f"{people}, in noise at {snr_db:g} dB", callers=noisy, cases=exist)


def _show(console: Console, flow: Flow, asked: FlowSession, said: _Said, heard: Sequence[Mapping[str, Heard]]) -> None:
    columns = ("at once", "after one repetition", "in all", "left to the keys", "wrong")
    table = Table(f"{said.name} ({len(heard)})", *columns)
    for what in EACH_OFF:
        if said.cases or (what.has_check_digit and what.has_cases) or not what.has_guesses:
            table.add_row(what.name, *_shares(count(flow, asked, heard, what, cases=said.cases), len(heard)))
    console.print(table)


def _shares(counts: Counter[Arrival], said: int) -> Iterator[str]:
    in_all = counts[Arrival.AT_ONCE] + counts[Arrival.REPEATED]
    for found in (counts[Arrival.AT_ONCE], counts[Arrival.REPEATED], in_all, counts[Arrival.LEFT]):
        yield f"{found} ({found / said:.0%})"
    yield str(counts[Arrival.WRONG])


def _show_wrong(
    console: Console,
    flow: Flow,
    asked: FlowSession,
    wide: VoskRecognisers,
    callers: list[Caller],
    cases: Collection[str],
) -> None:
    heard = (hear_caller(wide, asked, caller) for caller in track(callers, "wrong numbers", console=console))
    found = sum(opened(flow, asked, one, cases) for one in heard)
    click.echo(f"{found} of {len(callers)} wrong numbers, said twice, opened one of {len(cases)} cases")
