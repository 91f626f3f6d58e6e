"""`voicebot drill` tells how the last monthly drill went, and the answer of somebody who was reached.

Knows: the terminal. Must not know: when a drill begins, who is told.
"""

import click

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import harmless
from voicebot.config import read_settings
from voicebot.service.watch.drill import answer_running, said_drill


@click.command()
@click.option("--answer", is_flag=True, help="Say that you were reached.")
@click.option("--by", "by", default=login_name, show_default="your login name", help="Who was reached.")
def drill(*, answer: bool, by: str) -> None:
    """Show how the last drill went, or, with --answer, say that you were reached."""
    settings = read_settings()
    check_database(settings)
    hotline = build_hotline(settings)
    if answer:
        answer_running(hotline, member_id=by)
    click.echo(harmless(said_drill(hotline)))
