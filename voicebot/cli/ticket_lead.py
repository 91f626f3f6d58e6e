"""`voicebot tickets follow`, `follow-none` and `update` are about many cases on one cause.

Knows: the terminal, steps of a case. Must not know: who is told when.
"""

from collections.abc import Callable

import click

from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import harmless
from voicebot.service.hotline import Hotline
from voicebot.service.queries.lead_case import preview_update
from voicebot.service.staff.decision import act
from voicebot.service.ticket.lead_case import following, following_no_more, updating

BY = click.option("--by", "actor", default=login_name, help="Who decides (staff id); default: your login.")


def lead_commands(open_hotline: Callable[[], Hotline]) -> tuple[click.Command, ...]:
    """Return the commands, which open the hotline when they are run."""

    @click.command("follow")
    @click.argument("case")
    @click.argument("lead")
    @click.option("--reason", required=True, help="Which cause is the same.")
    @BY
    def follow(case: str, lead: str, reason: str, actor: str) -> None:
        """Let CASE follow LEAD. It keeps its number, its owner and its promise."""
        act(open_hotline(), case, following(lead, words=reason, actor=actor))
        click.echo("It follows that case now, and keeps all that is its own.")

    @click.command("follow-none")
    @click.argument("case")
    @BY
    def follow_none(case: str, actor: str) -> None:
        """Let CASE follow no other case any more."""
        act(open_hotline(), case, following_no_more(actor=actor))
        click.echo("It follows none now.")

    @click.command("update")
    @click.argument("case")
    @click.argument("words")
    @click.option("--send-to", type=int, help="Send it to so many people, as the preview named them.")
    @BY
    def update(case: str, words: str, send_to: int | None, actor: str) -> None:
        """Show what everybody who follows CASE would be told by WORDS, and whom it reaches; send it with --send-to."""
        hotline = open_hotline()
        if send_to is not None:
            act(hotline, case, updating(words, count=send_to, actor=actor))
            click.echo(f"On its way to {send_to}, a few a minute and by day.")
            return
        preview = preview_update(hotline, case, words)
        click.echo(harmless(preview.text))
        for number, why in preview.left_out:
            click.echo(f"not {number}: {why}")
        click.echo(
            f"Nothing was sent. It reaches {len(preview.reached)}: send it with --send-to {len(preview.reached)}."
        )

    return follow, follow_none, update
