"""`voicebot person` hands out everything about one telephone number, or erases it at the person's request.

Knows: the terminal, use cases. Must not know: tables, files (adapters/person_files.py).
"""

from pathlib import Path

import click

from voicebot.adapters.person_files import write_person
from voicebot.adapters.store import open_engine
from voicebot.adapters.store.scrub import scrub
from voicebot.cli.login_name import login_name
from voicebot.cli.opening import opened_hotline
from voicebot.cli.terminal import json_text
from voicebot.config import read_settings
from voicebot.domain.case_number import read_case_number, written
from voicebot.errors import Refused, Unavailable
from voicebot.service.upkeep.person import ErasureReceipt, PersonView, erase_person, export_person, view_person

BY = click.option("--by", "actor", default=login_name, help="Who does it (staff id); default: your login.")

LEFT_OUT = "Cases of this number that are not among them, since you may not see them: {}."


@click.group()
def person() -> None:
    """Hand out, or erase, everything about one person, found by telephone number."""


@person.command()
@click.argument("number")
@click.option("--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="A new folder.")
@click.option("--reason", default="", help="Who asked for it, and why. It stays, so name nobody in it.")
@click.option("--as-said", is_flag=True, help="With private numbers, such as those of cards, as they were said.")
@BY
def export(number: str, folder: Path, reason: str, as_said: bool, actor: str) -> None:
    """Write all that is kept of NUMBER into a folder: a page to read, JSON, voices, a list of hashes.

    Hand it to nobody but the person, and delete it afterwards. Private numbers are marks in it, and silent in voices,
    unless you say --as-said. PINs are not in it, and nothing that you may not see: no such cases, no such fields.
    """
    hotline = opened_hotline()
    found = export_person(hotline, number, reason=reason, by=actor, is_as_said=as_said)
    files = write_person(found, hotline.audio, folder)
    click.echo(f"Wrote {len(files)} files about {len(found.cases)} cases to {folder}; begin with index.html.")
    if found.left_out:
        click.echo(LEFT_OUT.format(found.left_out))
    if fields := sum(case.fields_left_out for case in found.cases):
        click.echo(f"Entries of fields that are not among it, since you may not read them: {fields}.")


@person.command()
@click.argument("number")
@click.option("--reason", default="", help="Who asked for it, and why. It stays, so name nobody in it.")
@click.option("--case", "cases", multiple=True, help="Each case that is to be erased, as the list names it.")
@click.option("--yes", is_flag=True, help="Erase all that the list names.")
@click.option("--also-open", is_flag=True, help="Give up calls that are owed, and close their cases as withdrawn.")
@BY
def erase(number: str, reason: str, cases: tuple[str, ...], yes: bool, also_open: bool, actor: str) -> None:
    """Show what would be erased of NUMBER. With --yes, or with every --case, erase it.

    Words, voices, numbers, texts, what webhooks told and what staff wrote down go. Case numbers and counts stay. Also
    a request not to be texted goes, since without the number nobody is. Backups made before have all of it still.
    """
    hotline = opened_hotline()
    view = view_person(hotline, number, by=actor)
    if not (yes or cases):
        click.echo(_told(view))
        return
    _check_named(view, cases)
    receipt = erase_person(hotline, number, reason=reason, actor=actor, also_open=also_open)
    click.echo(json_text(_receipt(receipt)))
    try:
        scrub(open_engine(read_settings().resolved_database_url()))
    except Unavailable as problem:
        click.echo(f"Erased, but not yet out of the database's files: {problem}", err=True)


@person.command("scrub")
def scrub_files() -> None:
    """Take what was erased out of the database's files. Writers wait meanwhile, on SQLite for seconds."""
    opened_hotline()
    scrub(open_engine(read_settings().resolved_database_url()))
    click.echo("Done.")


def _check_named(view: PersonView, cases: tuple[str, ...]) -> None:
    named = {written(number) if (number := read_case_number(case)) else case for case in cases}
    if cases and named != {each.case for each in view.cases}:
        raise Refused(
            f"name every case of this number: {', '.join(each.case for each in view.cases)}", code="person-cases"
        )


def _told(view: PersonView) -> str:
    lines = [
        f"{each.case}  {each.status}, opened {each.opened_at:%Y-%m-%d}: {each.answers} answers, {each.voices} voices "
        f"and files, {each.texts} texts{_why_not(each.is_held, each.is_owed, each.is_at_rest)}"
        for each in view.cases
    ]
    return "\n".join(
        [
            *lines,
            *([LEFT_OUT.format(view.left_out)] if view.left_out else []),
            f"Beside cases: {view.rows_beside} entries.",
            "Nothing was erased. Run it again with --reason and --yes.",
        ]
    )


def _why_not(is_held: bool, is_owed: bool, is_at_rest: bool) -> str:
    if is_held:
        return "; under a hold, cannot be erased"
    if is_owed:
        return "; a call is OWED and would be lost (--also-open)"
    return "" if is_at_rest else "; something is on its way, try later"


def _receipt(receipt: ErasureReceipt) -> dict[str, object]:
    return {
        "receipt": receipt.id,
        "at": receipt.at,
        "by": receipt.by,
        "cases": receipt.cases,
        "calls_given_up": receipt.promises_lost,
        "entries_beside_cases": receipt.rows_beside,
        "waits_for_folders": receipt.waits_for_folders,
    }
