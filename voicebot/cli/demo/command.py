"""`voicebot demo` plays two complaints by telephone, from the first ring to the kept promise, on this machine alone.

Knows: the demo's parts, how to end. Must not know: what the acts show.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from voicebot.cli.demo.call_back import OWNER
from voicebot.cli.demo.caller_script import callers, phones, said
from voicebot.cli.demo.carrier_process import CarrierProcess
from voicebot.cli.demo.case_reader import CaseReader
from voicebot.cli.demo.checks import Seen, missing
from voicebot.cli.demo.console_login import ConsoleLogin, faults_of_login, make_login, show_login
from voicebot.cli.demo.hotline_process import HotlineProcess
from voicebot.cli.demo.live_view import LiveView
from voicebot.cli.demo.narration import Storyteller
from voicebot.cli.demo.run import DemoFailed, Play, Told
from voicebot.cli.demo.sandbox import ADA, BEN, NAMES, Sandbox, set_up
from voicebot.cli.demo.screen import Screen
from voicebot.cli.demo.summary import show_case, show_what_is_missing, show_where_to_look
from voicebot.domain.case_number import written
from voicebot.flow.policy import Policy, read_policy

INTERRUPTED = 130
"""Exit code of a program that Ctrl-C ended before it was done."""


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Folder of everything the demo writes; emptied at the start.",
)
@click.option(
    "--picture", type=click.Path(dir_okay=False, path_type=Path), help="Also draw the terminal into this SVG file."
)
def demo(folder: Path, picture: Path | None) -> None:
    """Ring the hotline with a natural voice and watch two promises, one that nobody keeps, and one that is kept.

    Needs neither an account nor the network. In a terminal it stays up until Ctrl-C, while otherwise it ends by itself,
    with exit code 1 when anything it should have shown was missing.
    """
    sandbox = set_up(folder)
    with _ends_cleanly(), ExitStack() as exits:
        screen = exits.enter_context(Screen(picture=picture))
        play = _cast(sandbox, screen, exits)
        try:
            play.run()
        except DemoFailed as failure:
            screen.panel(play.hotline.last_words() or "(nothing)", title="the service's last words", is_bad=True)
            screen.line("demo", str(failure))
            sys.exit(1)
        _close(play)


def _cast(sandbox: Sandbox, screen: Screen, exits: ExitStack) -> Play:
    policy = read_policy({file.name: file.read_text() for file in sandbox.policy_dir.glob("*.yaml")})
    carrier, hotline = CarrierProcess(sandbox, callers(), phones(_phone_of_owner(policy))), HotlineProcess(sandbox)
    exits.callback(carrier.stop)
    exits.callback(hotline.stop)
    exits.callback(signal.signal, signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the stopping short
    return Play(
        sandbox=sandbox,
        screen=screen,
        hotline=hotline,
        carrier=carrier,
        case_reader=exits.enter_context(CaseReader(sandbox.database_url)),
        ada=_told(ADA, policy),
        ben=_told(BEN, policy),
        live_view=LiveView(sandbox.live_view),
    )


def _told(caller: str, policy: Policy) -> Told:
    return Told(number=caller, teller=Storyteller(policy, caller=caller, name=NAMES[caller]))


def _phone_of_owner(policy: Policy) -> str:
    return next(member.phone for member in policy.staff if member.id == OWNER)


def _close(play: Play) -> None:
    """Show the end, judge it, and stay up for a person who watches."""
    kept, broken = play.ada.case, play.ben.case
    recording = play.sandbox.recording_of(ADA)
    seen = Seen(kept=kept, broken=broken, said=said(), partials=play.partials, recording=recording)
    for told in (play.ben, play.ada):
        show_case(play.screen, told.case, told.teller)
    show_where_to_look(play.screen, kept, play.sandbox)
    login = make_login(play.sandbox)
    lacking = [*missing(seen), *_console_faults(play, login)]
    show_what_is_missing(play.screen, lacking)
    show_login(play.screen, login)
    if play.screen.is_watched and os.environ.get("CI") != "true":
        play.screen.line("demo", f"the service stays up on {play.sandbox.hotline_url} until you press Ctrl-C")
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
        play.screen.line("demo", "the service stops")
    if lacking:
        sys.exit(1)


def _console_faults(play: Play, login: ConsoleLogin | None) -> list[str]:
    cases = [told.case for told in (play.ada, play.ben) if told.case is not None]
    return faults_of_login(login, [written(case.ticket.case_number) for case in cases])


@contextmanager
def _ends_cleanly() -> Iterator[None]:
    """Let SIGTERM unwind everything as Ctrl-C does, so that no child process stays behind."""

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        click.echo("Nothing of the demo runs any more.")
