"""Brings a copy of the database to the newest migration and tells what became of the rows, while the original stays as
it is.

For SQLite the copy is a file in a folder of its own that goes afterwards. For PostgreSQL it is a schema of its own in
the same database, dropped afterwards, so that the copy is migrated by the engine that will have to do it.

Knows: the dump, engines. Must not know: what the rows mean.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.schema import CreateSchema, DropSchema

from voicebot.adapters.store.dump import FORMER_NAMES, finish, load, snapshot
from voicebot.adapters.store.engine import open_engine

SCHEMA = "voicebot_rehearsal"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rehearsed:
    """What migrating a copy did."""

    migration_before: str
    migration_after: str
    rows_before: dict[str, int]
    rows_after: dict[str, int]

    @property
    def changed(self) -> dict[str, tuple[int, int]]:
        """Return the tables that had rows and have another number of them now."""
        after = {name: self.rows_after.get(_name_now(name), 0) for name in self.rows_before}
        return {name: (rows, after[name]) for name, rows in self.rows_before.items() if rows != after[name]}


def rehearse(database_url: str) -> Rehearsed:
    """Migrate a copy. Raises: whatever migrating the original would. Refused when there is nothing to copy."""
    engine = open_engine(database_url)
    try:
        with _scratch(engine, database_url) as copy:
            with snapshot(engine) as rows:
                before = {name: rows.count(name) for name in rows.names}
                load(copy, rows.migration, {name: rows.rows(name) for name in rows.names})
                migration = rows.migration
            finish(copy)
            with snapshot(copy) as migrated:
                after = {name: migrated.count(name) for name in migrated.names}
                return Rehearsed(
                    migration_before=migration,
                    migration_after=migrated.migration,
                    rows_before=before,
                    rows_after=after,
                )
    finally:
        engine.dispose()


def _name_now(name: str) -> str:
    """Return what a table is called after the migration."""
    return next((now for now, former in FORMER_NAMES.items() if former == name), name)


@contextmanager
def _scratch(engine: Engine, database_url: str) -> Iterator[Engine]:
    """Give an engine on an empty place of the same kind."""
    if engine.dialect.name == "sqlite":
        with tempfile.TemporaryDirectory(prefix="voicebot-") as folder:
            yield from _opened(f"sqlite:///{Path(folder) / 'copy.db'}")
        return
    with engine.begin() as connection:
        connection.execute(DropSchema(SCHEMA, cascade=True, if_exists=True))
        connection.execute(CreateSchema(SCHEMA))
    try:
        yield from _opened(database_url, schema=SCHEMA)
    finally:
        with engine.begin() as connection:
            connection.execute(DropSchema(SCHEMA, cascade=True, if_exists=True))


def _only_in(schema: str) -> Callable[[Any, object], None]:
    def set_path(driver_connection: Any, _record: object) -> None:
        driver_connection.execute(f'SET search_path TO "{schema}"')
        driver_connection.commit()

    return set_path


def _opened(database_url: str, schema: str = "") -> Iterator[Engine]:
    copy = open_engine(database_url)
    if schema:
        # First of all listeners: the dialect asks for its default schema right after.
        event.listen(copy, "connect", _only_in(schema), insert=True)
    try:
        yield copy
    finally:
        copy.dispose()
