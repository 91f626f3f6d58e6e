"""Brings a database to the newest numbered migration, and tells whether it is there.

One tree for both databases (`migrations/versions`), forward only. Two processes that migrate at once follow one
another, SQLite by its write lock, PostgreSQL by a named lock, and each database changes whole or not at all.

Knows: Alembic, the engine. Must not know: the tables' meaning, the job library's own tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import InterfaceError, OperationalError

from voicebot.adapters.store.engine import begin_at_once
from voicebot.adapters.store.rows import hold
from voicebot.errors import SettingFault, Unavailable

_MIGRATIONS = Path(__file__).parent / "migrations"


UNFINISHED = "restoring"
"""What stands for a migration's number while a restore is under way, so that nothing serves what is half there."""


def migrate(engine: Engine) -> str:
    """Bring the database to the newest migration and return its number.

    Raises: Unavailable when it is away. SettingFault when a newer version wrote it, or a restore broke off.
    """
    try:
        with engine.connect() as connection, begin_at_once(connection):
            hold(connection, "voicebot:migrate")
            migrate_within(connection)
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("cannot migrate: the database is away, locked or full") from problem
    return newest()


def migrate_within(connection: Connection, to: str = "head") -> None:
    """Bring the database forward to a migration, in the transaction that is under way. Raises: as `migrate`."""
    refuse_unknown(MigrationContext.configure(connection).get_current_revision())
    with _links_checked_at_once(connection):
        _upgrade(connection, to)


def _upgrade(connection: Connection, to: str) -> None:
    """Do as `alembic.command.upgrade`, which would read the files of all migrations anew each time.

    Source: Alembic, API documentation, EnvironmentContext.
    """
    config, scripts = _config(), _scripts()
    config.attributes["connection"] = connection

    def steps(current: str, _context: MigrationContext) -> list[RevisionStep]:
        return scripts._upgrade_revs(to, current)

    with EnvironmentContext(config, scripts, fn=steps, destination_rev=to):
        scripts.run_env()


@contextmanager
def _links_checked_at_once(connection: Connection) -> Iterator[None]:
    """Check foreign keys with each statement: PostgreSQL alters no table whose rows wait for their check at the commit.

    All migrations run in one transaction, so one that fills a table would be in the way of a later one that changes it.
    """
    is_postgresql = connection.dialect.name == "postgresql"
    if is_postgresql:
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    yield
    if is_postgresql:
        connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))


def refuse_unknown(number: str | None) -> None:
    """Refuse a database that is not ours to bring forward. Raises: SettingFault that names the cure."""
    if number == UNFINISHED:
        raise SettingFault(
            "a restore into this database broke off; empty the database (delete the SQLite file) and restore again",
            code="restore-unfinished",
        )
    if number is not None and number not in known_migrations():
        raise SettingFault(
            f"the database is at migration {number}, which this version does not know (its newest is {newest()}): "
            "install the version that wrote it, or restore a backup from before",
            code="database-too-new",
        )


def known_migrations() -> frozenset[str]:
    """Return the numbers of all migrations we carry."""
    return frozenset(each.revision for each in _scripts().walk_revisions())


def newest() -> str:
    """Return the number of the newest migration we carry."""
    head = _scripts().get_current_head()
    assert head is not None, "there is no migration"
    return head


def current(engine: Engine) -> str | None:
    """Return the number the database is at, or None when it is empty. Raises: Unavailable when it is away."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("the database did not answer: is it running, and may its file be written?") from problem


def is_migrated(engine: Engine) -> bool:
    """Tell whether the database is at the newest migration."""
    return current(engine) == newest()


@cache
def _scripts() -> ScriptDirectory:
    """Return our migrations, whose files are read at the first question only."""
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
