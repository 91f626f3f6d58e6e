"""`voicebot tickets fields` shows and keeps what is written down of a complainant and of what happened, and
`voicebot tickets look-up` has the company's own system asked who they are.

Knows: the terminal, use cases. Must not know: what is kept of a value.
"""

from collections.abc import Callable, Sequence

import click
from rich.console import Console
from rich.table import Column, Table

from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import shown
from voicebot.domain.access import Seen
from voicebot.domain.case_field import CUSTOMER_FIELDS, standing
from voicebot.domain.category import Categories
from voicebot.domain.instants import exact_instant
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.case_view import CaseView, view_case
from voicebot.service.queries.category import fields_shown
from voicebot.service.ticket.fields import keep_fields
from voicebot.service.ticket.look_up import look_up_again


def fields_commands(open_hotline: Callable[[], Hotline]) -> tuple[click.Command, ...]:
    """Return the commands, which open the hotline when they are run."""

    @click.command("fields")
    @click.argument("case")
    @click.option("--name", help="What the complainant is called.")
    @click.option("--order-number", help="The number of their order or contract.")
    @click.option("--contract-date", help="The day of their contract, such as 2025-11-30.")
    @click.option("--address", help="Where they live.")
    @click.option("--set", "more", multiple=True, metavar="FIELD=VALUE", help="A field of its kind of complaint.")
    @click.option("--by", "actor", default=login_name, help="Who writes it down (staff id); default: your login.")
    def fields(case: str, actor: str, more: Sequence[str], **given: str | None) -> None:
        """Keep what is known of the complainant of CASE, or show it. "" empties a field, and what was there stays."""
        hotline = open_hotline()
        typed = {name: text for name, text in given.items() if text is not None} | dict(map(_typed, more))
        if typed:
            kept = keep_fields(hotline, case, typed, actor=actor)
            click.echo(f"Kept: {', '.join(field.said for field in kept)}." if kept else "That was so already.")
            return
        view = view_case(hotline, case)
        keep_access(hotline, Seen(case=case, at=hotline.clock.now(), staff_id=login_name()))
        table = _table(view, hotline.flows.current_policy().categories)
        Console().print(table if table.row_count else "Nothing is written down in fields.")

    @click.command("look-up")
    @click.argument("case")
    def look_up(case: str) -> None:
        """Have the company's own system asked anew who has the number of CASE."""
        look_up_again(open_hotline(), case)
        click.echo("The worker asks within seconds; see: voicebot tickets fields.")

    return fields, look_up


def _table(view: CaseView, categories: Categories) -> Table:
    """Return every value that was written down, the newest first, then what the company's books say."""
    table = Table("Field", Column("Value", overflow="fold"), "By", "At", title="Who complains, and what happened")
    fields = {**CUSTOMER_FIELDS, **{field.id: field for field in fields_shown(view.category, categories)}}
    entries = sorted((*view.customer.entries, *view.category.entries), key=lambda each: -each.number)
    stands = set(standing(entries, fields).values())
    for entry in entries:
        field = fields[entry.field]
        value = shown(field.shown(entry.value)) or "emptied"
        by, at = view.names.get(entry.by, entry.by), exact_instant(entry.at, view.zone)
        table.add_row(field.said, value if entry in stands else f"{value} (earlier)", shown(by), at)
    for each in view.customer.imported:
        at = exact_instant(each.imported_at, view.zone)
        for name, field in CUSTOMER_FIELDS.items():
            if value := each.customer.value(name):
                table.add_row(field.said, shown(field.shown(value)), "the books (imported)", at)
    return table


def _typed(written: str) -> tuple[str, str]:
    name, is_given, value = written.partition("=")
    if not is_given:
        raise click.BadParameter(
            f"{written!r} is no field with a value: write for example days_late=10", param_hint="--set"
        )
    return name.strip(), value
