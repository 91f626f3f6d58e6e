"""`voicebot backup` and `voicebot restore` keep a hotline in one file, checked when written and before it is brought
back.

Knows: the terminal, settings, names of files. Must not know: what is in a backup (make.py, restore.py).
"""

import re
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import click

from voicebot.adapters.audio_store import PathAudioStore
from voicebot.adapters.backup_file import AUDIO, SPOOL, Manifest, check_file, whole_file
from voicebot.adapters.job_queue import migrate_jobs
from voicebot.adapters.spool import FolderSpool
from voicebot.adapters.store import open_engine
from voicebot.adapters.system_clock import SystemClock
from voicebot.bootstrap import build_hotline
from voicebot.cli.backup.make import BackupOptions, Installation, write_backup
from voicebot.cli.backup.restore import bring_back, check_is_empty, checked
from voicebot.config import Settings, read_settings
from voicebot.domain.instants import exact_instant
from voicebot.domain.phone import region_of
from voicebot.errors import Refused, SettingFault, Unavailable
from voicebot.service.hotline import Hotline
from voicebot.service.upkeep.after_restore import AfterRestore

STANDARD_OUTPUT = "-"
_OURS = re.compile(r"voicebot-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.tar(\.gz)?")


@click.command()
@click.option("--to", help="Folder that gets a file named by the instant, or a file's name, or - for standard output.")
@click.option("--check", "checked_file", type=click.Path(path_type=Path), help="Only read FILE and check every sum.")
@click.option("--keep", type=click.IntRange(1), help="Afterwards delete all but the newest N backups in the folder.")
@click.option("--plain", is_flag=True, help="Do not compress.")
@click.option("--without-audio", is_flag=True, help="Leave voices out: they are kept safe elsewhere, such as on S3.")
def backup(to: str | None, checked_file: Path | None, keep: int | None, plain: bool, without_audio: bool) -> None:
    """Write database, voices and spool into one file while the hotline runs, and check it by reading it back.

    The file holds everything that callers told you, so only its owner may read it, and it should leave this machine.
    """
    if (to is None) == (checked_file is None):
        raise click.UsageError("name one of --to and --check")
    options = BackupOptions(is_packed=not plain, has_audio=not without_audio)
    if checked_file is not None:
        click.echo(_sentence(checked_file, check_file(checked_file)))
    elif to == STANDARD_OUTPUT:
        _write_out(_installation(read_settings()), options)
        click.echo("voicebot: written; check what you keep of it with voicebot backup --check FILE", err=True)
    else:
        installation = _installation(read_settings())
        path = _name(Path(to or ""), installation.clock.now(), is_packed=not plain)
        with whole_file(path) as file:
            write_backup(installation, file, options=options, count=_shown)
        click.echo(_sentence(path, check_file(path)))
        for old in _older(path, keep):
            old.unlink()
            click.echo(f"Deleted {old}.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), help="Rehearse: a new folder instead of the settings' places.")
@click.option(
    "--rest-hours", type=click.FloatRange(0), help="How long old alarms rest; default: as acknowledging does."
)
def restore(file: Path, into: Path | None, rest_hours: float | None) -> None:
    """Bring the backup FILE back into an empty installation, on SQLite or PostgreSQL, whichever wrote it.

    Nothing that fell due since the backup goes out by itself, for which see `voicebot docs operating`.
    """
    settings = read_settings() if into is None else _rehearsal(read_settings(), into)
    manifest = checked(file)
    installation = _installation(settings)
    check_is_empty(installation, file)
    hotline = build_hotline(settings)
    _check_ready(hotline)
    rest = None if rest_hours is None else timedelta(hours=rest_hours)
    # First: laying a call to rest enqueues its text.
    migrate_jobs(settings.resolved_database_url())
    laid = bring_back(hotline, installation, file, manifest=manifest, rest=rest, count=_shown)
    click.echo(f"Restored: {_held(manifest)}, as of {_instant(manifest)}.")
    for line in _laid_to_rest(laid, hotline.flows.current_policy().calendar.zone):
        click.echo(line)
    click.echo(_what_next(into))


def _write_out(installation: Installation, options: BackupOptions) -> None:
    try:
        write_backup(installation, sys.stdout.buffer, options=options, count=_shown)
        sys.stdout.buffer.flush()
    except OSError as problem:
        raise Unavailable(
            f"writing the backup to standard output: {problem.strerror}; what was written so far is no backup"
        ) from problem


def _check_ready(hotline: Hotline) -> None:
    """Refuse while nothing is written yet what would keep old alarms from being laid to rest. Raises: SettingFault."""
    region_of(hotline.rules.own_number)
    hotline.flows.current_flow(hotline.rules.flow_name)
    hotline.flows.current_policy()


def _installation(settings: Settings) -> Installation:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise SettingFault(
            f"opening the data folder: cannot make {settings.data_dir} ({problem.strerror}); give this user the right "
            "to, or name another in VOICEBOT_DATA_DIR (or --into)"
        ) from problem
    return Installation(
        engine=open_engine(settings.resolved_database_url()),
        audio=PathAudioStore(settings.resolved_audio_root()),
        spool=FolderSpool(settings.data_dir / "spool"),
        clock=SystemClock(),
        data_dir=settings.data_dir,
    )


def _shown(names: Iterable[str], what: str) -> Iterator[str]:
    """Pass names on with a bar on the error output, or without one where nobody watches."""
    names = list(names)
    with click.progressbar(names, label=what, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:
        yield from shown


def _name(to: Path, now: datetime, *, is_packed: bool) -> Path:
    if not to.is_dir():
        if not to.parent.is_dir():
            raise Refused(f"there is no folder {to.parent}; make it, or name another in --to", code="backup-place")
        return to
    return to / f"voicebot-{now:%Y-%m-%dT%H-%M-%SZ}.tar{'.gz' if is_packed else ''}"


def _older(path: Path, keep: int | None) -> list[Path]:
    """Return the backups beside this one that are beyond the newest so many, but only files under our own names."""
    if keep is None:
        return []
    return sorted(each for each in path.parent.iterdir() if _OURS.fullmatch(each.name))[:-keep]


def _rehearsal(settings: Settings, into: Path) -> Settings:
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused(f"{into} is not an empty folder; name a new one to rehearse in", code="restore-not-empty")
    return settings.model_copy(update={"data_dir": into, "database_url": "", "audio_root": ""})


def _sentence(path: Path, manifest: Manifest) -> str:
    size_mb = path.stat().st_size / 1e6
    return f"{path}: whole, {size_mb:.1f} MB, as of {_instant(manifest)}: {_held(manifest)}."


def _held(manifest: Manifest) -> str:
    voices = _many(manifest.count(AUDIO), "voice") if manifest.has_audio else "no voices (--without-audio)"
    held = f"{_many(manifest.tables.get('tickets', 0), 'case')}, {voices}, {manifest.count(SPOOL)} in the spool"
    gone = len(manifest.missing_audio)
    return held + (f"; {_many(gone, 'voice')} named by rows and not there" if gone else "")


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _instant(manifest: Manifest) -> str:
    return manifest.made_at[: len("2026-11-22T15:05:10")] + " UTC"


def _laid_to_rest(laid: AfterRestore, zone: str) -> Iterator[str]:
    for what, cases in (
        ("their window closed, and no call is known", laid.broken),
        ("a miss is known, and nobody was reached", tuple(case for case in laid.climbing if case not in laid.broken)),
        ("a text may or may not have gone: the carrier is asked first", laid.looked_up),
        ("a call lasted when the backup was made", laid.ended),
    ):
        if cases:
            yield f"{_many(len(cases), 'case')}: {what}: {', '.join(cases)}"
    if laid.climbing:
        yield (
            f"Their climbs rest until {exact_instant(laid.rests_until, zone)}. Log the calls you know were made: "
            "voicebot tickets called CASE --reason …"
        )


def _what_next(into: Path | None) -> str:
    if into is not None:
        return (
            f"A rehearsal: look at it with VOICEBOT_DATA_DIR={into} VOICEBOT_DATABASE_URL= VOICEBOT_AUDIO_ROOT= "
            "voicebot tickets; start no worker on it."
        )
    return (
        "Next: voicebot release, then voicebot serve, then voicebot twilio reconcile for the calls since the backup. "
        "Erase again what was erased on request since then."
    )
