"""`voicebot database`: brings the database to the newest migration, says where it is.

Knows: settings, the store's schema, the job tables. Must not know: what is stored.
"""

import sys

import click

from voicebot.adapters.job_queue import migrate_jobs
from voicebot.adapters.store import current, migrate, newest, open_engine
from voicebot.config import read_settings


@click.group()
def database() -> None:
    """Prepare and inspect the database."""


@database.command(name="migrate")
def migrate_command() -> None:
    """Bring our tables and the job queue's to the newest migration; safe to repeat."""
    url = read_settings().resolved_database_url()
    number = migrate_database(url)
    click.echo(f"The database is at migration {number}.")


@database.command()
def status() -> None:
    """Say which migration the database is at; exit 1 when it is not the newest."""
    engine = open_engine(read_settings().resolved_database_url())
    number = current(engine)
    engine.dispose()
    if number == newest():
        click.echo(f"The database is at migration {number}, the newest.")
        return
    found = f"at migration {number}" if number else "empty"
    click.echo(f"The database is {found}, the newest is {newest()}: run voicebot database migrate.")
    sys.exit(1)


def migrate_database(database_url: str) -> str:
    """Bring our tables, then the job queue's, to the newest migration and return our number."""
    engine = open_engine(database_url)
    try:
        number = migrate(engine)
    finally:
        engine.dispose()
    migrate_jobs(database_url)
    return number
