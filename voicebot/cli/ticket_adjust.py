"""`voicebot tickets adjust` and `unadjust` keep and delete what was agreed with whoever has a case's number.

Knows: the terminal, use cases. Must not know: what a kind asks of our calls and texts.
"""

from collections.abc import Callable

import click

from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import harmless
from voicebot.domain.access import Seen
from voicebot.domain.adjustment import AdjustmentKind, TypedAdjustment
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.adjustments import keep_adjustment, withdraw_adjustment

KIND = click.argument("kind", type=click.Choice([kind.value.replace("_", "-") for kind in AdjustmentKind]))
BY = click.option("--by", "actor", default=login_name, help="Who writes it down (staff id); default: your login.")


def adjust_commands(open_hotline: Callable[[], Hotline]) -> tuple[click.Command, ...]:
    """Return the commands, which open the hotline when they are run."""

    @click.command("adjust")
    @click.argument("case")
    @KIND
    @click.option("--detail", default="", help="Which language, whom to contact, or what else it takes.")
    @click.option("--consent-by", required=True, help="Who said yes to its being kept.")
    @click.option("--consent-on", default="", help="The day on which they said so; default: today.")
    @BY
    def adjust(case: str, kind: str, actor: str, **typed: str) -> None:
        """Keep at the number of CASE that KIND was agreed. It is shown before anybody dials."""
        kept = keep_adjustment(open_hotline(), case, TypedAdjustment(kind=_kind(kind), **typed), actor=actor)
        click.echo(f"Kept: {harmless(kept.said)}.")

    @click.command("unadjust")
    @click.argument("case")
    @KIND
    @BY
    def unadjust(case: str, kind: str, actor: str) -> None:
        """Delete what was agreed, because the consent was withdrawn."""
        withdraw_adjustment(open_hotline(), case, _kind(kind), actor=actor)
        click.echo("Deleted.")

    @click.command("adjustments")
    @click.argument("case")
    def adjustments(case: str) -> None:
        """Show what was agreed with whoever has the number of CASE, and who consented."""
        hotline = open_hotline()
        view = view_case(hotline, case)
        keep_access(hotline, Seen(case=case, at=hotline.clock.now(), staff_id=login_name()))
        for each in view.customer.adjustments:
            by = view.names.get(each.recorded_by, each.recorded_by)
            click.echo(harmless(f"{each.said}: {each.consent_by} said yes on {each.consent_on}, written down by {by}"))
        if not view.customer.adjustments:
            click.echo("Nothing was agreed.")

    return adjust, unadjust, adjustments


def _kind(typed: str) -> AdjustmentKind:
    return AdjustmentKind(typed.replace("-", "_"))
