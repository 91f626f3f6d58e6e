"""`voicebot morning` shows the list that management gets each morning, as it stands now.

Knows: the terminal. Must not know: what stands on it, how it is sent.
"""

import click

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import harmless, json_text
from voicebot.config import read_settings
from voicebot.service.staff.readers import seen_by
from voicebot.service.watch.morning import exported, morning_text, view_morning
from voicebot.service.watch.morning_post import delivery_lines, view_deliveries


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON; instants in UTC.")
def morning(as_json: bool) -> None:
    """Show the morning list as it stands now, and what became of today's."""
    settings = read_settings()
    check_database(settings)
    hotline = seen_by(build_hotline(settings), login_name)
    made, told = view_morning(hotline), view_deliveries(hotline)
    if as_json:
        sent = [{"who": each.member.id, "channel": each.channel, "said": each.said} for each in told]
        click.echo(json_text(exported(made) | {"sent": sent}))
        return
    click.echo(harmless(morning_text(made)))
    click.echo("Today's list")
    for line in delivery_lines(told):
        click.echo(f"- {harmless(line)}")
