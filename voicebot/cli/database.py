"""`voicebot database`. It brings the database to the newest migration, and says where it is.

Knows: settings, the store's schema, the job tables. Must not know: what is stored.
"""

import sys
from collections.abc import Iterator

import click

from voicebot.adapters.job_queue import migrate_jobs
from voicebot.adapters.store import current, migrate, newest, open_engine
from voicebot.adapters.store.migration_rehearsal import Rehearsed, rehearse
from voicebot.config import read_settings


@click.group()
def database() -> None:
    """Prepare and inspect the database."""


@database.command(name="migrate")
@click.option("--rehearse", "is_rehearsal", is_flag=True, help="Migrate a copy, say what became of the rows, and stop.")
def migrate_command(is_rehearsal: bool) -> None:
    """Bring our tables and the job queue's to the newest migration, which is safe to repeat."""
    url = read_settings().resolved_database_url()
    if is_rehearsal:
        for line in _rehearsed(rehearse(url)):
            click.echo(line)
        return
    number = migrate_database(url)
    click.echo(f"The database is at migration {number}.")


@database.command()
def status() -> None:
    """Say which migration the database is at, with exit 1 when it is not the newest."""
    engine = open_engine(read_settings().resolved_database_url())
    number = current(engine)
    engine.dispose()
    if number == newest():
        click.echo(f"The database is at migration {number}, the newest.")
        return
    found = f"at migration {number}" if number else "empty"
    click.echo(f"The database is {found}, the newest is {newest()}: run voicebot database migrate.")
    sys.exit(1)


def _rehearsed(done: Rehearsed) -> Iterator[str]:
    rows = sum(done.rows_before.values())
    yield f"A copy went from migration {done.migration_before} to {done.migration_after} with {rows} rows in it."
    for name, (before, after) in done.changed.items():
        yield f"{name}: {before} rows before, {after} after."
    if not done.changed:
        yield "Every table has as many rows as before. The database itself was not touched."


def migrate_database(database_url: str) -> str:
    """Bring our tables, then the job queue's, to the newest migration and return our number."""
    engine = open_engine(database_url)
    try:
        number = migrate(engine)
    finally:
        engine.dispose()
    migrate_jobs(database_url)
    return number
