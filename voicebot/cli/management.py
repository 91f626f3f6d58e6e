"""`voicebot management`, with what waits for somebody with a say, as it stands now.

Knows: the terminal. Must not know: what stands on the list.
"""

import click

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import harmless, json_text
from voicebot.config import read_settings
from voicebot.service.staff.readers import seen_by
from voicebot.service.watch.management import exported_queue, queue_text, view_queue


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; instants in UTC.")
def management(as_json: bool) -> None:
    """Show what waits for management, with tasks, promised supervisors, second opinions, misses."""
    settings = read_settings()
    check_database(settings)
    queue = view_queue(seen_by(build_hotline(settings), login_name))
    click.echo(json_text(exported_queue(queue)) if as_json else harmless(queue_text(queue)))
