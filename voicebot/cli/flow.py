"""`voicebot flows` has the commands that check, rehearse and copy (draw, explain, record) the call flows.

Knows: the flows folder, the terminal. Must not know: what makes a flow good (`flow/check.py`).
"""

import shutil
from collections.abc import Callable, Collection, Iterator
from importlib import import_module
from pathlib import Path

import click
import yaml

from voicebot.adapters.flow_files import FLOWS_CURE, FlowFiles, read_texts
from voicebot.adapters.prompt_clips import PromptClips
from voicebot.cli.flow_shown import draw, explain
from voicebot.config import Settings, read_settings
from voicebot.distribution import flows_dir
from voicebot.domain.call import SURVEY_FLOW
from voicebot.errors import FlowFault, SettingFault, VoicebotError
from voicebot.flow.check import Inspection, check_flow
from voicebot.flow.definition import Flow
from voicebot.flow.policy import Policy
from voicebot.flow.reader import parse_flow
from voicebot.flow.rehearsal import Known, PretendCall, RehearsedTurn, Stage
from voicebot.flow.timing import TimedPrompt, brisk_path
from voicebot.speech.audio import duration_s

CLIPS = "clips"
HELP = """\
Type what the caller says. Or: keys as /1 or /0#, nothing (empty line) for silence, /listen to hear the
prompts out, /record for words that are known only later, /cut for a broken stream, /fault, /hang to hang up."""
_COMMANDS = {"/listen": "hears_it_out", "/cut": "is_cut_off", "/fault": "meets_our_fault", "/hang": "hangs_up"}


class FlowCommands(click.Group):
    """Loads `record` only when asked for, because it needs the voice that makes clips."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands by name."""
        return sorted([*super().list_commands(ctx), "record"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing `record`."""
        if cmd_name == "record":
            found = import_module("voicebot.cli.record").record
            assert isinstance(found, click.Command), "voicebot.cli.record.record is no command"
            return found
        return super().get_command(ctx, cmd_name)


@click.group(cls=FlowCommands)
def flows() -> None:
    """Check, rehearse, draw, explain, copy and record call flows."""


flows.add_command(draw)
flows.add_command(explain)


@flows.command()
@click.option("--with-model", is_flag=True, help="Also ask the installed speech model whether it knows every word.")
def check(with_model: bool) -> None:
    """Name every fault of every flow and of the policy, with file, line, what was found, what cures it."""
    settings = read_settings()
    faults = list(all_faults(settings, with_model=with_model))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo(f"No faults in {settings.flows_dir} with the policy in {settings.resolved_policy_dir()}.")


@flows.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("flows"))
def copy(folder: Path) -> None:
    """Copy the flows, clips and policy that came with voicebot into FOLDER (flows), for you to edit.

    The hotline follows `flows` in the folder where it starts, while any other name goes into VOICEBOT_FLOWS_DIR.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise SettingFault(
            f"copying call flows: {folder} holds files already, and nothing is overwritten; name another folder"
        )
    count = _copy_files(flows_dir(), folder)
    is_found = folder.resolve() == Path("flows").resolve()
    how = "voicebot follows them when it starts in this folder" if is_found else f"set VOICEBOT_FLOWS_DIR={folder}"
    click.echo(f"copied {count} files into {folder}; {how}")


def _copy_files(source: Path, folder: Path) -> int:
    """Copy files without their modes, because those of an installed package may be read-only."""
    files = [path for path in source.rglob("*") if path.is_file()]
    try:
        for path in files:
            target = folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    except OSError as problem:
        raise SettingFault(f"copying call flows: cannot write into {folder} ({problem.strerror})") from problem
    return len(files)


@flows.command()
@click.argument("name", default="complaint")
@click.option("--number", default="202 555 0143", help="The caller's number; empty for a withheld one.")
@click.option("--overflow", is_flag=True, help="Begin the call with every recogniser taken.")
@click.option(
    "--known",
    type=click.Choice(["call_promised", "answer_due", "ended"]),
    help="What the case that the number has already waits for.",
)
@click.option("--time", "is_timed", is_flag=True, help="Count how long we speak to a caller who answers at once.")
def rehearse(name: str, number: str, overflow: bool, known: Known | None, is_timed: bool) -> None:
    """Play a call in the terminal with typed words and keys, and print the rehearsal file at the end."""
    settings = read_settings()
    flow = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_flow(name)
    call = PretendCall(number=number or None, is_overflow=overflow, known_case=known)
    if is_timed:
        _tell_times(flow, brisk_path(flow, _clip_lengths(settings), call))
        return
    stage = Stage(flow, call)
    click.echo(HELP + "\n")
    turns = list(_played(stage))
    click.echo("\n# --- the rehearsal file ---")
    click.echo(_rehearsal_text(name, stage.call, turns))


def _tell_times(flow: Flow, path: tuple[TimedPrompt, ...]) -> None:
    for prompt in path:
        click.echo(f"{prompt.seconds:6.1f} s  {prompt.key}{'  (estimated, no clip)' if prompt.is_estimated else ''}")
    most_s = flow.file.most_speech_s
    allowed = "" if most_s is None else f", at most {most_s:g} s"
    seconds = sum(prompt.seconds for prompt in path)
    click.echo(f"{seconds:6.1f} s  of our speech to a caller who answers {flow.name} at once{allowed}")


def _clip_lengths(settings: Settings) -> Callable[[str, str], float | None]:
    """Return what tells how long a clip lasts. One that cannot be played counts as missing."""
    clips = PromptClips(settings.flows_dir / CLIPS)
    return lambda locale, words: duration_s(clips.clip(locale, words)) if clips.can_say(locale, words) else None


def _played(stage: Stage) -> Iterator[RehearsedTurn]:
    turn: RehearsedTurn | None = RehearsedTurn(does="rings")
    while turn is not None:
        answered, prompts = stage.take(turn)
        for effect in answered.we_do:
            click.secho(f"  [{effect}]", dim=True)
        for prompt in prompts:
            click.secho(f"  {prompt.key}: ", nl=False, bold=True)
            click.echo(prompt.text)
        yield answered
        turn = None if stage.session.is_over else _asked_turn(answered.then)


def _asked_turn(node: str) -> RehearsedTurn:
    typed = click.prompt(f"{node}", default="", show_default=False, prompt_suffix="> ").strip()
    if typed in _COMMANDS:
        return RehearsedTurn.model_validate({"does": _COMMANDS[typed]})
    if typed == "/record":
        return RehearsedTurn(is_recorded=True)
    if typed.startswith("/"):
        return RehearsedTurn(keys=typed[1:])
    return RehearsedTurn(says=typed) if typed else RehearsedTurn(does="stays_silent")


def _rehearsal_text(name: str, call: PretendCall, turns: list[RehearsedTurn]) -> str:
    told = {
        "flow": name,
        "about": "say here what this call shows",
        "call": call.model_dump(mode="json", exclude_defaults=True),
        "turns": [turn.model_dump(mode="json", exclude_defaults=True) for turn in turns],
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=118, default_flow_style=None)


def all_faults(settings: Settings, *, with_model: bool) -> Iterator[str]:
    """Yield every fault as one line, since a policy that cannot be read does not hide the faults of the flows."""
    policy: Policy | None = None
    try:
        policy = FlowFiles(settings.flows_dir, settings.resolved_policy_dir()).current_policy()
    except VoicebotError as fault:
        yield str(fault)
    folders = _folders(settings)
    if not folders:
        yield f"no folder with a flow.yaml in {settings.flows_dir}; set {FLOWS_CURE}"
    elif settings.flow not in _names(folders):
        yield f"no {settings.flow}/flow.yaml in {settings.flows_dir}, and calls are to follow it; set VOICEBOT_FLOW"
    if policy is not None and policy.callbacks.survey_after is not None and SURVEY_FLOW not in _names(folders):
        yield f"no {SURVEY_FLOW}/flow.yaml in {settings.flows_dir}, and survey_after needs it; add it, or write never"
    for folder in folders:
        yield from _flow_faults(settings, folder, policy=policy, with_model=with_model)


def _folders(settings: Settings) -> list[Path]:
    return sorted(path.parent for path in settings.flows_dir.glob("*/flow.yaml"))


def _names(folders: list[Path]) -> list[str]:
    return [folder.name for folder in folders]


def _flow_faults(settings: Settings, folder: Path, *, policy: Policy | None, with_model: bool) -> Iterator[str]:
    try:
        flow = parse_flow(_texts_of(folder))
    except FlowFault as fault:
        yield str(fault)
        return
    inspection = Inspection(
        flow=flow,
        policy=policy,
        clips={locale: _clips_of(settings, locale) for locale in flow.locales},
        clip_s=_clip_lengths(settings),
        unknown_phrases=_model_phrases(settings) if with_model else None,
        company=settings.company,
    )
    yield from map(str, check_flow(inspection))


def _texts_of(folder: Path) -> dict[str, str]:
    folders = (folder, folder.parent / "shared")
    return read_texts({f"{one.name}/{path.name}": path for one in folders for path in one.glob("*.yaml")})


def _clips_of(settings: Settings, locale: str) -> Collection[str]:
    return {path.stem for path in (settings.flows_dir / CLIPS / locale).glob("*.wav")}


def _model_phrases(settings: Settings) -> Callable[[str, tuple[str, ...]], Collection[str]]:
    """Load the speech model, which takes seconds, and let it judge phrases."""
    from voicebot.adapters.vosk_recogniser import load_recognisers

    return load_recognisers(settings.model_dir, limit=1, vouched=settings.model_digest).unknown_phrases
