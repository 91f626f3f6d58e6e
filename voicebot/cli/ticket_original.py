"""`voicebot tickets original` shows a case with private numbers as they were said, to who may and says why.

Knows: the terminal, use cases. Must not know: how a private number is recognised, how long it stays open.
"""

from collections.abc import Callable

import click
from rich.console import Console

from voicebot.cli.login_name import login_name
from voicebot.cli.ticket_page import case_page
from voicebot.domain.access import AccessKind, Seen
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.original import open_original, original_of


def original_command(open_hotline: Callable[[], Hotline]) -> click.Command:
    """Return the command, which opens the hotline when it is run."""

    @click.command("original")
    @click.argument("case")
    @click.option("--reason", required=True, help="What is to be checked, and who asked for it.")
    @click.option("--by", "actor", default=login_name, help="Who looks (staff id); default: your login.")
    def original(case: str, reason: str, actor: str) -> None:
        """Show CASE with private numbers as they were said. The reason stands in its history, with your name."""
        hotline = open_hotline()
        open_original(hotline, case, why=reason, actor=actor)
        seen = original_of(hotline, case, actor=actor)
        keep_access(hotline, Seen(case=case, at=hotline.clock.now(), staff_id=actor, kind=AccessKind.ORIGINAL))
        for part in case_page(view_case(seen, case), now=seen.clock.now()):
            Console().print(part)

    return original
