"""`voicebot folders` tells which machine's data folder holds voices that are not stored yet, and one that is gone for
good.

Knows: the terminal, use cases. Must not know: disks, tables.
"""

import click

from voicebot.bootstrap import build_hotline, check_database
from voicebot.cli.login_name import login_name
from voicebot.config import read_settings
from voicebot.domain.instants import exact_instant
from voicebot.service.answer.folders import UNNAMED, give_up_folder, held_by_folders
from voicebot.service.hotline import Hotline
from voicebot.service.ports import HeldThere


@click.group(invoke_without_command=True)
@click.pass_context
def folders(context: click.Context) -> None:
    """List the data folders with what each holds, that is voices that are not in the audio store, and calls not
    settled.

    A machine that is away keeps what it has until it is back. Its whole data folder may be brought to another machine,
    or its spool files into the spool of a machine that runs, so that the worker there takes them up.
    """
    if context.invoked_subcommand is not None:
        return
    hotline = _hotline()
    zone = hotline.flows.current_policy().calendar.zone
    for each in held_by_folders(hotline):
        click.echo(_line(each, zone, is_own=each.folder_id == hotline.spool.folder_id))


@folders.command("give-up")
@click.argument("folder_id")
@click.option("--reason", required=True, help="What became of the machine, and who says so.")
@click.option("--by", "actor", default=login_name, help="Who does it (staff id); default: your login.")
@click.option("--yes", is_flag=True, help="Do not ask again.")
def give_up(folder_id: str, reason: str, actor: str, yes: bool) -> None:
    """Say that the disk of FOLDER_ID is gone for good, so that what it held is marked as lost, and each case says
    so.
    """
    if not yes:
        click.confirm(f"Give up everything that lies in folder {folder_id} alone?", abort=True)
    lost = give_up_folder(_hotline(), folder_id, reason=reason, actor=actor)
    click.echo(f"{lost} voices are lost with it. Should its files be found after all, put them into a spool here.")


def _line(held: HeldThere, zone: str, *, is_own: bool) -> str:
    here = " (this machine)" if is_own else ""
    seen = "never seen" if held.seen_at is None else f"on {held.host}, seen {exact_instant(held.seen_at, zone)}"
    owed = f", {held.erasures} of them to be erased" if held.erasures else ""
    name = held.folder_id or UNNAMED
    return f"{name}{here}: {seen}; voices {held.voices}, calls not settled {held.calls}{owed}"


def _hotline() -> Hotline:
    settings = read_settings()
    check_database(settings)
    return build_hotline(settings)
