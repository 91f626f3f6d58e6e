"""`voicebot customers` brings in the company's customers from a CSV file, and shows whom a telephone number leads to.

Knows: the terminal, files, use cases. Must not know: columns, tables.
"""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.terminal import harmless, shown
from voicebot.config import read_settings
from voicebot.domain.case_field import FieldName
from voicebot.domain.customer_file import decoded
from voicebot.domain.instants import exact_instant
from voicebot.service.hotline import Hotline
from voicebot.service.number_gate import number_of
from voicebot.service.upkeep.customer_import import ImportReport, import_customers


@click.group()
def customers() -> None:
    """Bring in the company's customers, and look one up by telephone number."""


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--apply", "is_applied", is_flag=True, help="Write it. Without this it is only shown what would change.")
@click.option("--skip-faulty", "skips_faulty", is_flag=True, help="Leave faulty lines out, and take the others.")
def import_file(file: Path, is_applied: bool, skips_faulty: bool) -> None:
    """Bring in customers from FILE, a CSV file in UTF-8 whose first line names its columns.

    Columns: telephone (also "telephone 2" and so on), name, order number, contract date, address, note. A customer is
    known again by the order number, or without one by the first telephone number.
    """
    hotline = _hotline()
    columns = (TextColumn("{task.description} {task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {what: bar.add_task(what, total=None, visible=False) for what in ("read", "compared", "written")}
        report = import_customers(
            hotline,
            _lines(file),
            is_dry=not is_applied,
            skips_faulty=skips_faulty,
            progress=lambda what, done: bar.update(tasks[what], completed=done, visible=True),
        )
    _tell(report, is_applied=is_applied)


@customers.command()
@click.argument("number")
def show(number: str) -> None:
    """Show every customer to whom the telephone number NUMBER leads."""
    hotline = _hotline()
    known = number_of(hotline.rules, number)
    with hotline.look() as work:
        found = work.customers.of_numbers([known]) if known else ()
    if not found:
        click.echo("No customer has this number.")
        return
    table = Table("Field", Column("Value", overflow="fold"))
    zone = hotline.flows.current_policy().calendar.zone
    for each in found:
        for field in FieldName:
            table.add_row(field.said, shown(each.customer.said(field)))
        table.add_row("note", shown(each.customer.note))
        table.add_row("telephone", shown(", ".join(each.customer.numbers)))
        table.add_row("imported", exact_instant(each.imported_at, zone), end_section=True)
    Console().print(table)


def _lines(file: Path) -> Iterator[str]:
    with file.open("rb") as opened:
        yield from decoded(opened)


def _tell(report: ImportReport, *, is_applied: bool) -> None:
    for fault in report.faults:
        click.echo(harmless(fault.said))
    if report.fault_count > len(report.faults):
        click.echo(f"and {report.fault_count - len(report.faults)} more faults")
    for example in report.examples:
        click.echo(harmless(example))
    if report.changed > len(report.examples):
        click.echo(f"and {report.changed - len(report.examples)} more changes")
    click.echo(f"new {report.new}, changed {report.changed}, same {report.same}, faulty {report.fault_count}")
    if report.is_written:
        click.echo("Imported.")
    elif is_applied:
        click.echo("Nothing was changed: mend the faulty lines, or leave them out with --skip-faulty.")
        raise SystemExit(1)
    else:
        click.echo("Nothing was changed: this is what an import would do. Run it again with --apply.")


def _hotline() -> Hotline:
    settings = read_settings()
    check_database(settings)
    return build_hotline(settings)
