"""`voicebot tickets fields` shows and keeps what is written down of a complainant, such as name and order number.

Knows: the terminal, use cases. Must not know: what is kept of a value.
"""

from collections.abc import Callable

import click
from rich.console import Console
from rich.table import Column, Table

from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import shown
from voicebot.domain.access import Seen
from voicebot.domain.case_field import FieldName
from voicebot.domain.instants import exact_instant
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.ticket.fields import keep_fields


def fields_command(open_hotline: Callable[[], Hotline]) -> click.Command:
    """Return the command, which opens the hotline when it is run."""

    @click.command("fields")
    @click.argument("case")
    @click.option("--name", help="What the complainant is called.")
    @click.option("--order-number", help="The number of their order or contract.")
    @click.option("--contract-date", help="The day of their contract, such as 2025-11-30.")
    @click.option("--address", help="Where they live.")
    @click.option("--by", "actor", default=login_name, help="Who writes it down (staff id); default: your login.")
    def fields(case: str, actor: str, **given: str | None) -> None:
        """Keep what is known of the complainant of CASE, or show it. "" empties a field, and what was there stays."""
        hotline = open_hotline()
        typed = {FieldName(name): text for name, text in given.items() if text is not None}
        if typed:
            kept = keep_fields(hotline, case, typed, actor=actor)
            click.echo(f"Kept: {', '.join(field.said for field in kept)}." if kept else "That was so already.")
            return
        view = view_case(hotline, case)
        keep_access(hotline, Seen(case=case, at=hotline.clock.now(), staff_id=login_name()))
        Console().print(
            _table(view)
            if view.customer.entries or view.customer.imported
            else "Nothing is written down of the complainant."
        )

    return fields


def _table(view: CaseView) -> Table:
    """Return every value that was written down, the newest first, then what the company's books say."""
    table = Table("Field", Column("Value", overflow="fold"), "By", "At", title="Who complains")
    stands = set(view.customer.standing.values())
    for entry in reversed(view.customer.entries):
        value = shown(entry.said) or "emptied"
        by, at = view.names.get(entry.by, entry.by), exact_instant(entry.at, view.zone)
        table.add_row(entry.field.said, value if entry in stands else f"{value} (earlier)", shown(by), at)
    for each in view.customer.imported:
        at = exact_instant(each.imported_at, view.zone)
        for field in FieldName:
            if each.customer.value(field):
                table.add_row(field.said, shown(each.customer.said(field)), "the books (imported)", at)
    return table
