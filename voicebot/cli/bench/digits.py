"""`voicebot bench digits` tells how numbers arrive that callers say digit by digit.

Knows: what the terminal sees. Must not know: how numbers are heard.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.answers import asked_at
from voicebot.cli.bench.digit_clips import Speaker, digit_strings, noises, speakers_in, speakers_of
from voicebot.cli.bench.digit_run import (
    QUESTION,
    Arrival,
    Caller,
    arrival,
    callers_as_recorded,
    callers_of,
    case_numbers,
    hear_caller,
    in_noise,
)
from voicebot.cli.bench.sources import has_clips, model_folder, speech_folder
from voicebot.config import read_settings
from voicebot.flow.instructions import CheckNumber


@click.command()
@click.option("--cases", default=100, show_default=True, type=click.IntRange(min=1), help="case numbers to say")
@click.option("--snr", default=10.0, show_default=True, help="decibels of the voice above the noise of the noisy sets")
@click.option(
    "--takes",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="folder of single digits (<digit>_<speaker>_<number>.wav, 8 kHz) in place of those cut from the clips",
)
def digits(*, cases: int, snr: float, takes: Path | None) -> None:
    """Count how numbers of eight and nine digits arrive that real people say, read back and said once more if wrong.

    The clips are those of VOICEBOT_SPEECH_DIR.
    """
    if not has_clips(speech_folder()):
        click.echo("no clips of real people: VOICEBOT_SPEECH_DIR is not set")
        return
    settings = read_settings()
    recognisers = VoskRecognisers({"en": model_folder(settings)}, limit=1)
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow("complaint")
    asked, console = asked_at(flow, QUESTION), Console()
    columns = ("at once", "after one repetition", "in all", "left to the keys", "wrong")
    table = Table("numbers said digit by digit", "said", *columns)
    for name, callers in _sets(cases, snr, takes):
        heard = [hear_caller(recognisers, asked, caller) for caller in track(callers, name, console=console)]
        counts = Counter(arrival(flow, asked, one, gate=_any_number) for one in heard)
        table.add_row(name, str(len(heard)), *_shares(counts, len(heard)))
    console.print(table)


def _any_number(effect: CheckNumber) -> str:
    return effect.digits


def _sets(cases: int, snr_db: float, takes: Path | None) -> Iterator[tuple[str, list[Caller]]]:
    folder = speech_folder()
    strings = digit_strings(folder)
    speakers = speakers_of(strings)
    singles = speakers if takes is None else speakers_in(takes)
    yield f"8 and 9 digits, as recorded, {_people(speakers)}", list(callers_as_recorded(strings, speakers))
    made = list(callers_of(singles, case_numbers(cases, seed=14)))
    yield f"case numbers, put together, {_people(singles)}", made
    yield f"the same, noise at {snr_db:g} dB", list(in_noise(made, noises(folder), snr_db=snr_db))


def _people(speakers: list[Speaker]) -> str:
    return f"{len(speakers)} speakers"


def _shares(counts: Counter[Arrival], said: int) -> Iterator[str]:
    in_all = counts[Arrival.AT_ONCE] + counts[Arrival.REPEATED]
    for count in (counts[Arrival.AT_ONCE], counts[Arrival.REPEATED], in_all, counts[Arrival.LEFT]):
        yield f"{count} ({count / said:.0%})"
    yield str(counts[Arrival.WRONG])
