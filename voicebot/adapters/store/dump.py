"""All our tables as lines of JSON, read at one instant while others write, and put back into an empty database.

The lines know no engine. What SQLite gave, PostgreSQL takes, and the other way round. One transaction reads all tables
(SQLite has a read transaction of the write-ahead log, PostgreSQL has REPEATABLE READ), so rows that belong together are
there together. Columns are those that the database has, not those that the code knows, so that a database from before
an upgrade can be saved too, while putting back makes the tables as they were then and migrates forward with the rows in
them. The job queue's tables are left out, since every job is found again by a sweep of its row (worker.py).

Knows: tables, engines. Must not know: files, what the rows mean.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, DateTime, Engine, LargeBinary, MetaData, Table, func, select, text
from sqlalchemy.exc import InterfaceError, OperationalError

from voicebot.adapters.store.engine import begin_at_once
from voicebot.adapters.store.rows import hold
from voicebot.adapters.store.schema import UNFINISHED, migrate_within, newest, refuse_unknown
from voicebot.adapters.store.tables import metadata
from voicebot.errors import Refused, Unavailable

AT_ONCE = 500
"""Rows read or written in one go."""
OWN_LIFE = frozenset({"errand", "worker_beat"})
"""Tables that an installation fills by itself as soon as it runs, so rows in them do not make it a used one."""

FORMER_NAMES = {
    "decision_terms": "decision_term",
    "rota_shifts": "rota_shift",
    "rota_changes": "rota_change",
    "rota_profiles": "rota_profile",
}
"""What migration 0020 renamed. A database, or a backup, from before it has its rows under these."""

Progress = Callable[[str], None]


class Snapshot:
    """All our tables at one instant."""

    def __init__(self, connection: Connection, migration: str) -> None:
        self._connection = connection
        self._tables = _tables_of(connection)
        self.migration = migration
        """Which migration the rows belong to."""

    @property
    def names(self) -> tuple[str, ...]:
        """Name the tables, those that others point to first."""
        return tuple(self._tables)

    def count(self, name: str) -> int:
        """Count the rows of a table."""
        return self._connection.scalar(select(func.count()).select_from(self._tables[name])) or 0

    def rows(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table, values as JSON has them, in the order of its key."""
        table = self._tables[name]
        ordered = select(table).order_by(*table.primary_key.columns)
        for row in self._connection.execution_options(yield_per=AT_ONCE).execute(ordered).mappings():
            yield {column: _plain(value) for column, value in row.items()}


def line_of(row: Mapping[str, Any]) -> bytes:
    """Return a row as one line."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@contextmanager
def snapshot(engine: Engine) -> Iterator[Snapshot]:
    """Give all our tables at one instant while others write. Raises: Refused when empty. Unavailable, SettingFault."""
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            else:
                connection.exec_driver_sql("BEGIN")
            yield Snapshot(connection, _migration_of(connection))
            connection.rollback()
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("reading the database for a copy: it is away, locked or was stopped") from problem


def filled_tables(engine: Engine) -> dict[str, int]:
    """Return how many rows each table has that would be in the way of a restore, or empty where nothing is.

    Raises: Unavailable when the database is away or locked.
    """
    try:
        with engine.connect() as connection:
            there = {name: table for name, table in _tables_of(connection).items() if name not in OWN_LIFE}
            counts = {
                name: connection.scalar(select(func.count()).select_from(table)) or 0 for name, table in there.items()
            }
            return {name: count for name, count in counts.items() if count}
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("looking into the database: it is away or locked") from problem


def load(engine: Engine, migration: str, rows_of: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Make the tables as they were at a migration, put the rows in, migrate forward, either all of it or nothing.

    The database stays marked as unfinished until `finish`. Raises: Refused when it is not empty. Unavailable.
    """
    try:
        with engine.connect() as connection, begin_at_once(connection):
            hold(connection, "voicebot:migrate")
            load_within(connection, migration, rows_of)
            _mark(connection, UNFINISHED)
    except (OperationalError, InterfaceError) as problem:
        raise Unavailable("writing the database: it is away, locked or full; nothing was written") from problem


def load_within(connection: Connection, migration: str, rows_of: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    """Do as `load` in the transaction that is under way, and mark nothing. Raises: Refused when rows are in the way."""
    refuse_unknown(migration)
    _clear(connection)
    migrate_within(connection, migration)
    tables = _tables_of(connection)
    for name in sorted(rows_of, key=list(tables).index):
        _fill(connection, tables[name], rows_of[name])
    migrate_within(connection)


def finish(engine: Engine) -> None:
    """Say that a restore is whole, so that from now on the database may be served."""
    with engine.begin() as connection:
        _mark(connection, newest())


def _tables_of(connection: Connection) -> dict[str, Table]:
    """Return our tables as this database has them, those that others point to first."""
    there = set(connection.dialect.get_table_names(connection))
    known = [name for table in metadata.sorted_tables for name in (table.name, FORMER_NAMES.get(table.name))]
    names = [name for name in known if name in there]
    found = MetaData()
    if names:
        found.reflect(bind=connection, only=names)
    return {name: found.tables[name] for name in names}


def _migration_of(connection: Connection) -> str:
    there = connection.dialect.get_table_names(connection)
    number = connection.scalar(text("SELECT version_num FROM alembic_version")) if "alembic_version" in there else None
    if number is None:
        raise Refused("there is no database to copy: nothing was ever stored", code="backup-nothing")
    refuse_unknown(number)
    return str(number)


def _clear(connection: Connection) -> None:
    """Drop our tables, which hold nothing but an installation's own life. Raises: Refused when they do."""
    tables = _tables_of(connection)
    for name, table in tables.items():
        if name not in OWN_LIFE and connection.execute(select(table).limit(1)).first() is not None:
            raise Refused(f"the database is in use: there are rows in {name}", code="restore-not-empty")
    for table in reversed(tables.values()):
        table.drop(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


def _fill(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    takes = {column.name: _reader(column.type) for column in table.columns}
    made = ({name: takes[name](value) for name, value in row.items()} for row in rows)
    while batch := list(islice(made, AT_ONCE)):
        connection.execute(table.insert(), batch)
    counted = table.autoincrement_column
    if counted is not None and connection.dialect.name == "postgresql":
        _count_on(connection, table.name, counted.name)


def _count_on(connection: Connection, table: str, column: str) -> None:
    """Let the numbers that PostgreSQL gives go on after the highest one there, while SQLite does so by itself.

    They begin at 1. Below that are only numbers that we gave (case_words.py).
    """
    connection.execute(
        text(
            f'SELECT setval(seq, (SELECT GREATEST(MAX("{column}"), 0) + 1 FROM "{table}"), false) '
            "FROM (SELECT pg_get_serial_sequence(:table, :column) AS seq) AS s WHERE seq IS NOT NULL"
        ),
        {"table": table, "column": column},
    )


def _mark(connection: Connection, number: str) -> None:
    connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, with instants in UTC."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _reader(kind: Any) -> Callable[[Any], Any]:
    """Return how a value of a column comes back from JSON."""

    def read_instant(value: str | None) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)

    def read_bytes(value: str | None) -> bytes | None:
        return None if value is None else base64.b64decode(value)

    if isinstance(kind, DateTime):
        return read_instant
    return read_bytes if isinstance(kind, LargeBinary) else lambda value: value
