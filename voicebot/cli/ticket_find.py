"""`voicebot tickets find` finds cases as the console's box does.

Knows: the terminal, the search. Must not know: tables, how words are found.
"""

from collections.abc import Callable
from functools import partial

import click
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from voicebot.cli.login_name import login_name
from voicebot.cli.terminal import json_text, shown
from voicebot.domain.access import AccessKind, Seen
from voicebot.domain.instants import clock, exact_instant
from voicebot.service.hotline import Hotline
from voicebot.service.queries.access import keep_access
from voicebot.service.queries.search import CaseHit, Hit, SearchPage, find_cases


def find_command(hotline_of: Callable[[], Hotline]) -> click.Command:
    """Return the command, which opens its hotline by what is given."""

    @click.command(name="find")
    @click.argument("words", nargs=-1, required=True)
    @click.option("--page", default=1, type=click.IntRange(1, 50), help="Which page of what was found.")
    @click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON, instants in UTC.")
    def find(words: tuple[str, ...], page: int, as_json: bool) -> None:
        """Find cases by WORDS: a telephone number or its last digits, a case number, or anything said or written."""
        hotline = hotline_of()
        found = find_cases(hotline, " ".join(words), page=page)
        look = partial(Seen, at=hotline.clock.now(), staff_id=login_name(), kind=AccessKind.FOUND)
        keep_access(hotline, *(look(case=each.found.case) for each in found.cases))
        if as_json:
            click.echo(json_text([_plain(case) for case in found.cases]))
            return
        for line in _lines(found, hotline.flows.current_policy().calendar.zone):
            Console().print(line)

    return find


def _plain(case: CaseHit) -> dict[str, object]:
    of = case.found
    hits = [{"kind": hit.piece.kind, "words": _words(hit), "starts_s": hit.starts_s} for hit in case.hits]
    facts = {"case": of.case, "status": of.status, "owner": case.owner, "owner_id": of.owner_id}
    return {**facts, "opened_at": of.opened_at, "number": of.complainant_number, "hits": hits}


def _lines(found: SearchPage, zone: str) -> list[Table | Text]:
    if found.question.is_mistyped:
        return [Text(f"{found.question.text} is no case number: a digit is wrong, or two are swapped.")]
    if not found.cases:
        return [Text("No case has that. Every word counts, from its beginning; fewer words find more.")]
    table = Table(Column("Case", no_wrap=True), "Status", "Opened", "Owner", "Found")
    for case in found.cases:
        of = case.found
        where = "\n".join(_said(hit) for hit in case.hits)
        table.add_row(of.case, of.status, exact_instant(of.opened_at, zone), shown(case.owner), shown(where))
    more = [Text("There are more: --page has the next.")] if found.has_more else []
    return [table, *more]


def _said(hit: Hit) -> str:
    at = "" if hit.starts_s is None else f" (at {clock(hit.starts_s)})"
    return f"{hit.piece.kind}: {_words(hit)}{at}"


def _words(hit: Hit) -> str:
    return "".join(stretch.text for stretch in hit.snippet.stretches)
