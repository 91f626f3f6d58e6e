"""`voicebot call` calls back. The telephone of a member of staff rings, and a key connects them with a case's
complainant.

Knows: the terminal, use cases. Must not know: how anybody is rung.
"""

import click

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.config import read_settings
from voicebot.service.callback.order import order_callback
from voicebot.service.staff.readers import seen_by


@click.command("call")
@click.argument("case")
@click.option("--by", "member", default=login_name, help="Whose telephone rings (staff id); default: your login.")
def call(case: str, member: str) -> None:
    """Call the complainant of CASE. Your telephone rings first, and key 1 connects you.

    The running service dials. When the talk is over you key what came of it, and that stands on the case.
    """
    settings = read_settings()
    check_database(settings)
    order_callback(seen_by(build_hotline(settings), login_name), case, actor=member)
    click.echo("Ordered. The telephone rings in a moment: press 1 there to be connected.")
    click.echo(f"When the talk is over: voicebot tickets called {case} --by {member}")
