"""`voicebot export` writes lists of cases and calls as CSV, and says who took one along.

Knows: the terminal, use cases. Must not know: what a cell holds.
"""

import sys
from collections.abc import Iterable

import click

from voicebot.cli.login_name import login_name
from voicebot.cli.opening import opened_hotline
from voicebot.domain.instants import read_instant, written_instant
from voicebot.service.hotline import Hotline
from voicebot.service.ports import CallQuery, CaseQuery, Stretch
from voicebot.service.queries.sheets import WHOLE, SheetAsk, SheetKind, call_sheet, case_sheet, exports


@click.group()
def export() -> None:
    """Write cases or calls as CSV, and list who took such a list along."""


def _command(kind: SheetKind, what: str) -> click.Command:
    @click.command(kind.value, help=what)
    @click.option("--from", "begins", default="", help="Only those from then on, such as 2026-11-01; company's clock.")
    @click.option("--to", "ends", default="", help="Only those before then, such as 2026-12-01; company's clock.")
    @click.option("--bom/--no-bom", default=False, help="Begin with the mark by which office programs know UTF-8.")
    @click.option("--by", "actor", default=login_name, help="Who takes it along (staff id); default: your login.")
    def write(begins: str, ends: str, bom: bool, actor: str) -> None:
        hotline = opened_hotline()
        asked = ", ".join(f"{word} {said}" for word, said in (("from", begins), ("to", ends)) if said)
        ask = SheetAsk(by=actor, asked=asked, has_bom=bom)
        stretch = _stretch(hotline, begins, ends)
        if kind is SheetKind.CASES:
            _write(case_sheet(hotline, CaseQuery(stretch=stretch), ask))
        else:
            _write(call_sheet(hotline, CallQuery(stretch=stretch), ask))

    return write


export.add_command(_command(SheetKind.CASES, "Write cases as CSV, the one that was opened first first."))
export.add_command(_command(SheetKind.CALLS, "Write calls as CSV, the one that began first first."))


@export.command()
def log() -> None:
    """List who took which list along, and when."""
    hotline = opened_hotline()
    zone = hotline.flows.current_policy().calendar.zone
    for each in exports(hotline):
        narrowed = f" ({each.asked})" if each.asked else ""
        click.echo(f"{written_instant(each.at, zone)}  {each.staff_id}  {each.what}{narrowed}")


def _stretch(hotline: Hotline, begins: str, ends: str) -> Stretch:
    zone = hotline.flows.current_policy().calendar.zone
    from_at, until_at = (read_instant(said, zone) if said else None for said in (begins, ends))
    return Stretch(limit=WHOLE.limit, from_at=from_at, until_at=until_at)


def _write(lines: Iterable[str]) -> None:
    """Write UTF-8, whatever the terminal's own encoding is."""
    for line in lines:
        sys.stdout.buffer.write(line.encode())
    sys.stdout.buffer.flush()
