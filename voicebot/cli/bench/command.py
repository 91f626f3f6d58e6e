"""`voicebot bench` tells what listening costs beside bare Vosk (`listening`), how it hears (`answers`), how numbers
arrive (`digits`), how many wrong words are marked (`doubt`), what noise and echo do to it (`noise`), how webhooks are
answered beside an empty route of the same server (`webhooks`), what pages (`pages`) and searches (`search`) cost with
many cases, and which numbers are masked (`private`).

Every number is measured here and now, and a number that could not be measured is not shown. Other work on the machine
makes CPU dearer for all alike, so the ratios stand while the absolute figures move.
"""

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import process_time

import click
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voicebot.adapters.flow_files import FlowFiles
from voicebot.adapters.piper_voice import Manner, PiperVoice
from voicebot.adapters.prompt_clips import PromptClips
from voicebot.adapters.second_ear.hearers import load
from voicebot.adapters.vosk_recogniser import VoskRecognisers
from voicebot.cli.bench.answers import Said, real_answers, real_stories, spoken_answers, take_answer
from voicebot.cli.bench.caller_lines import Programme, bundled_clips, programmes, real_clips
from voicebot.cli.bench.decoding import BareVosk, Decoded, ListeningHearer, let_through, measure
from voicebot.cli.bench.digits import digits
from voicebot.cli.bench.doubt_run import count_errors
from voicebot.cli.bench.doubt_tables import show_marks, show_thresholds
from voicebot.cli.bench.heard_cards import heard_card, readable_of, said_cards, table_of
from voicebot.cli.bench.heard_clips import HeardClip, as_far_as_it_goes, count_clips, hear_again, hear_clips
from voicebot.cli.bench.noise_run import ask_callers, ask_nobody, places
from voicebot.cli.bench.pages_run import run_pages
from voicebot.cli.bench.private_run import count_masked
from voicebot.cli.bench.sayings import ASKED_AGAIN
from voicebot.cli.bench.search_run import run_search
from voicebot.cli.bench.socket_run import SocketRun, run_calls, whole_lines
from voicebot.cli.bench.sources import has_clips, model_folder, speech_folder
from voicebot.cli.bench.webhook_run import Plan, fresh_database, run_webhooks
from voicebot.config import Settings, read_settings
from voicebot.errors import SettingFault
from voicebot.simulator.scripts import VOICES
from voicebot.speech.audio import duration_s, read_wav
from voicebot.speech.energy_gate import GateSettings

_KEEPS_PACE_S = 1.0
"""A caller who waits longer than this for the next sound is not served in real time."""
CALLER, HIGHER = Manner(slowness=1.1), Manner(slowness=1.05, pitch=1.2)
"""Two manners of the one voice we have. They are no two people, but two sounds."""


@click.group()
def bench() -> None:
    """Measure what listening costs, and how fast webhooks are answered."""


bench.add_command(digits)


@bench.command()
@click.option("--calls", default=8, show_default=True, type=click.IntRange(1, 40), help="callers at the same time")
@click.option("--seconds", default=45.0, show_default=True, help="length of each caller's story")
@click.option(
    "--pause", default=0.8, show_default=True, help="median pause between sentences; 1 in 20 is 3 times as long"
)
@click.option("--sockets/--no-sockets", default=True, help="also through real webhooks and media sockets")
def listening(*, calls: int, seconds: float, pause: float, sockets: bool) -> None:
    """Compare listening with bare Vosk on the same speech, by cost, errors, latency, memory.

    Through sockets, half as many callers are tried when they cannot all be served in real time.
    """
    settings = read_settings()
    folder = model_folder(settings)
    said = _programmes(calls, seconds, pause)
    console = Console()
    vosk, ours = BareVosk(folder), VoskRecognisers({"en": folder}, limit=1)
    _show_decoding(console, "stories, in process", said, _decoded(vosk, ours, said))
    while sockets and said:
        is_in_time = _through_sockets(console, vosk, ours, said, settings)
        said = [] if is_in_time else said[: len(said) // 2]


@bench.command()
def answers() -> None:
    """Count how answers are taken. They are right, wrong, or asked again, on the product's own path.

    Real people's clips are read from VOICEBOT_SPEECH_DIR, while sayings are spoken by the synthetic voice where it is
    installed. What is not there is left out and named.
    """
    settings = read_settings()
    folder = model_folder(settings)
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow("complaint")
    recognisers = VoskRecognisers({"en": folder}, limit=1)
    console, table = Console(), Table("answers", "right", "wrong", "asked again")
    taken = [take_answer(flow, recognisers, said) for said in track(list(_answers()), console=console)]
    for group in dict.fromkeys(one.said.group for one in taken):
        counts = Counter(one.result for one in taken if one.said.group == group)
        table.add_row(group, *(str(counts[result]) for result in ("right", "wrong", ASKED_AGAIN)))
    console.print(table)
    for one in (one for one in taken if one.result == "wrong"):
        click.echo(f"wrong at {one.said.node}: {one.said.words!r} was taken as {one.as_what} (heard {one.heard!r})")


@bench.command()
def doubt() -> None:
    """Count how many wrong words our marks catch, and how many words they mark, on clips of real people.

    Marks are tuned on odd lines of the manifest of VOICEBOT_SPEECH_DIR, so the even lines are the figure to trust. With
    a model in VOICEBOT_SECOND_MODEL_DIR the marks after the second hearing are counted, too.
    """
    heard, console = _heard_clips(), Console()
    show_marks(console, "after the call", heard)
    show_thresholds(console, heard)
    again = _heard_again(heard)
    if again:
        show_marks(console, "after the second hearing", again)


@bench.command()
def accuracy() -> None:
    """Show how many words are heard wrongly in a call, and by the model of VOICEBOT_SECOND_MODEL_DIR, on real clips."""
    clips = _heard_clips()
    began = process_time()
    again = _heard_again(clips)
    spent_s, audio_s = process_time() - began, sum(duration_s(clip.mulaw) for clip in clips)
    table = Table("word error rate", "words", "in the call", "second hearing")
    for group in (*dict.fromkeys(clip.group for clip in clips), "all"):
        live, second = count_errors(clip for clip in again or clips if group in (clip.group, "all"))
        table.add_row(group, str(live.words), f"{live.rate:.1%}", f"{second.rate:.1%}" if again else "no model")
    if again:
        table.add_row("CPU s per s of audio", "", "", f"{spent_s / audio_s:.2f}")
    Console().print(table)


def _heard_again(clips: list[HeardClip]) -> list[HeardClip]:
    """Let the second model hear them, and return nothing where none is set."""
    folder = read_settings().second_model_dir
    if folder is None:
        click.echo("nobody listened again: VOICEBOT_SECOND_MODEL_DIR is not set")
        return []
    return as_far_as_it_goes(hear_again(clips, load(folder, "en")), of=len(clips), what="second hearing")


def _heard_clips() -> list[HeardClip]:
    recognisers = VoskRecognisers({"en": model_folder(read_settings())}, limit=1)
    folder = speech_folder()
    if not has_clips(folder):
        click.echo("no clips of real people: VOICEBOT_SPEECH_DIR is not set; a synthetic voice shows little")
    return as_far_as_it_goes(hear_clips(recognisers, folder), of=count_clips(folder), what="in the call")


@bench.command()
@click.option("--heard", is_flag=True, help="numbers as long as a card's as a call hears them")
def private(*, heard: bool) -> None:
    """Count numbers that are masked and should not be, and card numbers that are not masked."""
    if heard:
        recognisers = VoskRecognisers({"en": model_folder(read_settings())}, limit=1)
        cards = [heard_card(recognisers, card) for card in said_cards(speech_folder())]
        Console().print(table_of(cards), *readable_of(cards), sep="\n")
        return
    table = Table("words", "texts", "masked", "should be")
    for each in count_masked(speech_folder()):
        share = f"{each.marked / each.texts:.1%}"
        table.add_row(each.name, str(each.texts), share, "all" if each.is_private else "none")
    Console().print(table)


@bench.command()
@click.option("--place", "wanted", multiple=True, help="only places whose name holds this")
def noise(*, wanted: tuple[str, ...]) -> None:
    """Count prompts that echo and noise cut, answers that nobody gave, and callers who get through all the same.

    Callers who speak over a question are real people's clips of VOICEBOT_SPEECH_DIR, or the bundled voice.
    """
    settings = read_settings()
    ears = VoskRecognisers({"en": model_folder(settings)}, limit=1)
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow("complaint")
    clips, said = PromptClips(settings.flows_dir / "clips"), list(_yes_and_no())
    console, story = Console(), _bundled("story_short")
    table = Table("place", "prompts cut", "whole", "answers nobody gave", "callers understood", "and at once")
    named = [one for one in places(_bundled("story_kettle")) if not wanted or any(each in one.name for each in wanted)]
    for place in track(named, console=console):
        alone = list(ask_nobody(flow, ears, clips, place=place, story=story))
        over = list(ask_callers(flow, ears, clips, place=place, said=said))
        cut, invented = sum(one.is_cut for one in alone), sum(one.taken_as not in ("", ASKED_AGAIN) for one in alone)
        understood = [asked.is_cut for one, asked in over if asked.taken_as == one.wanted]
        counts = ((cut, alone), (len(alone) - cut, alone), (invented, alone), (len(understood), over))
        shares = (f"{number} of {len(of)}" for number, of in counts)
        table.add_row(place.name, *shares, f"{sum(understood)} of {len(over)}")
    console.print(table)


def _yes_and_no() -> Iterator[Said]:
    folder = speech_folder()
    if has_clips(folder):
        yield from (one for one in real_answers(folder) if one.group == "yes and no")
        return
    click.echo("no clips of real people: VOICEBOT_SPEECH_DIR is not set; the bundled voice says yes and no")
    for name, wanted in (("yes", "yes"), ("no", "no"), ("yes_please", "yes")):
        yield Said(group="bundled", node="confirm_number", words=name, mulaw=_bundled(name), wanted=wanted)


def _bundled(name: str) -> bytes:
    return read_wav((VOICES / f"{name}.wav").read_bytes())


def _answers() -> Iterator[Said]:
    folder = speech_folder()
    if has_clips(folder):
        yield from real_answers(folder)
        yield from real_stories(folder)
    else:
        click.echo("no clips of real people: VOICEBOT_SPEECH_DIR is not set")
    try:
        voice = PiperVoice()
    except SettingFault as fault:
        click.echo(f"no synthetic voice: {fault}")
        return
    for name, manner in (("a synthetic voice", CALLER), ("the same, higher", HIGHER)):
        yield from spoken_answers(partial(voice.say, manner=manner), group=name)


@bench.command()
@click.option(
    "--rate", "rates", multiple=True, default=(20.0, 50.0, 100.0), show_default=True, help="requests a second"
)
@click.option("--seconds", default=10.0, show_default=True, help="length of each load")
@click.option("--postgres", default="", help="URL of a PostgreSQL server where a database may be made and dropped")
def webhooks(*, rates: tuple[float, ...], seconds: float, postgres: str) -> None:
    """Show how calls and texts from different numbers are answered, beside an empty Flask route of the same server.

    Requests come at instants fixed in advance, so what waits is counted from the instant at which it was due.
    """
    console = Console()
    click.echo(f"load of this machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    _show_webhooks(console, "SQLite", Plan(rates=rates, seconds=seconds, database_url=""))
    if not postgres:
        click.echo("PostgreSQL was left out: name a server with --postgres URL to measure it too")
        return
    with fresh_database(postgres) as url:
        _show_webhooks(console, "PostgreSQL", Plan(rates=rates, seconds=seconds, database_url=url))


@bench.command()
@click.option("--cases", default=50_000, show_default=True, type=click.IntRange(min=1), help="cases in the database")
@click.option("--few", default=500, show_default=True, type=click.IntRange(min=1), help="cases to compare with")
@click.option("--postgres", default="", help="URL of a PostgreSQL server; databases of their own are made there")
def pages(*, cases: int, few: int, postgres: str) -> None:
    """Show what the list of cases and the figures cost with many cases, beside the same pages with few."""
    console, settings = Console(), read_settings()
    click.echo(f"load of this machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    _show_pages(console, "SQLite", settings, (few, cases), database_url="")
    if not postgres:
        click.echo("PostgreSQL was left out: name a server with --postgres URL to measure it too")
        return
    with fresh_database(postgres) as url:
        _show_pages(console, "PostgreSQL", settings, (few, cases), database_url=url)


@bench.command()
@click.option("--cases", default=50_000, show_default=True, type=click.IntRange(min=1), help="cases in the database")
@click.option("--postgres", default="", help="URL of a PostgreSQL server; databases of their own are made there")
def search(*, cases: int, postgres: str) -> None:
    """Show what a search costs with many cases, and by which index it is answered."""
    console, settings = Console(), read_settings()
    click.echo(f"load of this machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    _show_search(console, "SQLite", settings, cases, database_url="")
    if not postgres:
        click.echo("PostgreSQL was left out: name a server with --postgres URL to measure it too")
        return
    with fresh_database(postgres) as url:
        _show_search(console, "PostgreSQL", settings, cases, database_url=url)


def _show_search(console: Console, database: str, settings: Settings, cases: int, *, database_url: str) -> None:
    columns = ("found", "asks", "p50", "p95", "p95 with hidden cases", "CPU", "plan")
    table = Table(f"{database}, {cases:,} cases", *columns)
    with tempfile.TemporaryDirectory(prefix="voicebot-bench-") as work:
        for cost in run_search(settings, cases, Path(work), database_url=database_url):
            took = (cost.p50_s, cost.p95_s, cost.hidden_p95_s, cost.cpu_s)
            told = (f"{each * 1000:.1f} ms" for each in took)
            table.add_row(cost.kind, str(cost.found), str(cost.statements), *told, cost.plan)
    console.print(table)


def _show_pages(
    console: Console, database: str, settings: Settings, counts: tuple[int, int], *, database_url: str
) -> None:
    table = Table(database, *(f"{count:,} cases" for count in counts), "ratio")
    with tempfile.TemporaryDirectory(prefix="voicebot-bench-") as work:
        costs = list(run_pages(settings, counts, Path(work), database_url=database_url))
    for page in dict.fromkeys(cost.page for cost in costs):
        few_s, many_s = (cost.seconds for cost in costs if cost.page == page)
        table.add_row(page, f"{few_s * 1000:.1f} ms", f"{many_s * 1000:.1f} ms", f"{many_s / few_s:.1f}")
    console.print(table)


def _show_webhooks(console: Console, database: str, plan: Plan) -> None:
    table = Table(database, "a second", "p50", "p95", "p99", "p50 / empty", "refused", "CPU")
    empty_s = 0.0
    with tempfile.TemporaryDirectory(prefix="voicebot-bench-") as work:
        for run in run_webhooks(plan, Path(work) / "hotline"):
            middle_s = run.answers.at(50)
            empty_s = middle_s if run.kind == "empty" else empty_s
            table.add_row(
                run.kind,
                f"{run.rate:g}",
                *(f"{run.answers.at(percent) * 1000:.0f} ms" for percent in (50, 95, 99)),
                f"{middle_s / empty_s:.1f}",
                f"{run.answers.refused} of {len(run.answers.seconds)}",
                f"{run.cpu_ms:.1f} ms",
            )
    console.print(table)


def _decoded(vosk: BareVosk, ours: VoskRecognisers, said: list[Programme]) -> tuple[Decoded, ...]:
    """Decode bare, with the gate always open, and as calls are listened to."""
    always_open = GateSettings(is_always_open=True)
    return measure([vosk, lambda: ListeningHearer(ours, always_open), lambda: ListeningHearer(ours)], said)


def _through_sockets(
    console: Console, vosk: BareVosk, ours: VoskRecognisers, said: list[Programme], settings: Settings
) -> bool:
    """Run and show these calls, and return whether they kept real-time pace."""
    with tempfile.TemporaryDirectory(prefix="voicebot-bench-") as work:
        run = run_calls(said, folder=Path(work) / "hotline", settings=settings)
    bare_cpu_s = vosk.cost_of_lines([bytes(call.caller_track) for call in run.calls])
    (alone,) = measure([vosk], said)
    _show_sockets(console, run, bare_cpu_s, alone)
    is_in_time = _longest_wait_s(run) <= _KEEPS_PACE_S
    if is_in_time:
        lines = whole_lines(run, said)
        _show_decoding(console, "whole lines, in process", lines, _decoded(vosk, ours, lines))
    return is_in_time


def _programmes(calls: int, seconds: float, pause_s: float) -> list[Programme]:
    folder = speech_folder()
    is_real = has_clips(folder)
    clips = real_clips(folder) if is_real else bundled_clips()
    kind = "clips of real people" if is_real else "bundled clips of a synthetic voice (VOICEBOT_SPEECH_DIR is not set)"
    click.echo(f"{calls} callers, {seconds:g} s each, from {len(clips)} {kind}, median pause {pause_s:g} s")
    return programmes(clips, callers=calls, seconds=seconds, pause_s=pause_s)


def _show_decoding(console: Console, title: str, said: list[Programme], found: tuple[Decoded, ...]) -> None:
    table = Table(title, "bare Vosk", "without gate", "with gate")
    passed = f"{let_through(one.mulaw for one in said):.1%}"
    paused = sum(one.paused_s for one in said) / sum(one.seconds for one in said)
    table.add_row("silence between sentences", f"{paused:.0%}")
    table.add_row("let through to the recogniser", "100 %", "100 %", passed)
    table.add_row("CPU seconds per second of audio", *(f"{one.load:.3f}" for one in found))
    table.add_row("ratio", *(f"{one.cpu_s / found[0].cpu_s:.2f}" for one in found))
    table.add_row("word error rate", *(f"{one.errors.rate:.1%}" for one in found))
    console.print(table)


def _show_sockets(console: Console, run: SocketRun, bare_cpu_s: float, alone: Decoded) -> None:
    table = Table(f"{len(run.calls)} calls through real sockets, real time", "")
    table.add_row("CPU of the web process per second of call", f"{run.web_cpu_s / run.audio_s:.3f}")
    table.add_row("bare Vosk on the same lines, as many at once", f"{bare_cpu_s / run.audio_s:.3f}")
    table.add_row("ratio", f"{run.web_cpu_s / bare_cpu_s:.2f}")
    table.add_row("word error rate on the tickets (bare Vosk)", f"{run.errors.rate:.1%} ({alone.errors.rate:.1%})")
    table.add_row("end of speech to next sound, beyond the endpoint's silence", _spread(run.after_speech_s))
    if run.after_yes_s:
        table.add_row("yes to next voice by an outside ear, beyond the same", _spread(run.after_yes_s))
    table.add_row("# to next sound", _spread(run.after_key_s))
    table.add_row("memory per live call", f"{run.bytes_per_call / 1e6:.0f} MB")
    wait_s = _longest_wait_s(run)
    table.add_row("kept real-time pace", "yes" if wait_s <= _KEEPS_PACE_S else f"no: somebody waited {wait_s:.1f} s")
    console.print(table)


def _longest_wait_s(run: SocketRun) -> float:
    return max(*run.after_key_s, *run.after_speech_s)


def _spread(seconds: tuple[float, ...]) -> str:
    middle, high = np.percentile(seconds, [50, 95])
    return f"p50 {middle:.2f} s, p95 {high:.2f} s"
