"""`voicebot canary`: ring the hotline from its second number now and say what came of it.

Knows: the terminal, how often one looks. Must not know: how a test call is placed and judged.
"""

import threading

import click

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.terminal import harmless
from voicebot.config import read_settings
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.watch.canary import begin_now, carry_on, view_canary
from voicebot.service.watch.canary_report import said_canary

LOOKS_EVERY_S = 2.0


@click.command()
@click.option("--show", is_flag=True, help="Place none; say how the last one went.")
@click.option("--every", "every_s", default=LOOKS_EVERY_S, show_default=True, help="Seconds between two looks.")
def canary(*, show: bool, every_s: float) -> None:
    """Ring the hotline from VOICEBOT_CANARY_NUMBER now, complain, and say what came of it; exit 1 when it failed."""
    settings = read_settings()
    check_database(settings)
    hotline = build_hotline(settings)
    if not show:
        begin_now(hotline)
        click.echo("The test call is placed; it takes about a minute and a half.")
        _wait(hotline, every_s)
    last = view_canary(hotline)
    with hotline.look() as work:
        click.echo(harmless(said_canary(context_of(hotline, work), last)))
    if last is not None and last.has_failed:
        raise SystemExit(1)


def _wait(hotline: Hotline, every_s: float) -> None:
    """Carry it on as the worker does, beside the worker, until it is over."""
    pause = threading.Event()
    carry_on(hotline)
    while (last := view_canary(hotline)) is not None and last.is_running:
        pause.wait(every_s)
        carry_on(hotline)
