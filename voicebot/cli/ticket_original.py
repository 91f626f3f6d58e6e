"""`voicebot tickets original` shows a case with private numbers as they were said, to who may and says why, and
`voicebot tickets unmask` shows one of them for good.

Knows: the terminal, use cases. Must not know: how a private number is recognised, how long it stays open.
"""

from collections.abc import Callable

import click
from rich.console import Console

from voicebot.cli.login_name import login_name
from voicebot.cli.ticket_page import case_page
from voicebot.domain.access import AccessKind, Seen
from voicebot.domain.private.masking import lift_key
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.original import lift_mask, open_original, original_of


def original_commands(open_hotline: Callable[[], Hotline]) -> tuple[click.Command, ...]:
    """Return the commands, which open the hotline when they are run."""

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

    @click.command("unmask")
    @click.argument("case")
    @click.option("--number", required=True, help="As it stands in the original, in words or digits.")
    @click.option("--reason", required=True, help="What the number is, and how you know.")
    @click.option("--again", is_flag=True, help="Mask it again.")
    @click.option("--by", "actor", default=login_name, help="Who says so (staff id); default: your login.")
    def unmask(case: str, number: str, reason: str, again: bool, actor: str) -> None:
        """Show a number of CASE that is masked for good, since it is no private one. Open the original first."""
        lift_mask(open_hotline(), case, lift_key(number), why=reason, actor=actor, is_put_back=again)
        click.echo("Masked again." if again else "It is shown from now on, to everybody who sees the case.")

    return original, unmask
