"""Brings a database to the newest numbered migration, and tells whether it is there.

One tree for both databases (`migrations/versions`), forward only. Two processes that migrate at once follow one
another: SQLite by its write lock, PostgreSQL by a named lock; each database changes whole or not at all.

Knows: Alembic, the engine. Must not know: the tables' meaning, the job library's own tables.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError

from voicebot.adapters.store.engine import WRITES_AT_ONCE
from voicebot.adapters.store.rows import hold
from voicebot.errors import Unavailable

_MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> str:
    """Bring the database to the newest migration and return its number. Raises: Unavailable when it is away."""
    config = _config()
    try:
        with engine.connect() as connection:
            connection.execution_options(**WRITES_AT_ONCE)
            with connection.begin():
                hold(connection, "voicebot:migrate")
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("cannot migrate: the database is away, locked or full") from problem
    return newest()


def newest() -> str:
    """Return the number of the newest migration we carry."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None, "there is no migration"
    return head


def current(engine: Engine) -> str | None:
    """Return the number the database is at; None when it is empty. Raises: Unavailable when it is away."""
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("the database did not answer: is it running?") from problem


def is_migrated(engine: Engine) -> bool:
    """Tell whether the database is at the newest migration."""
    return current(engine) == newest()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config
