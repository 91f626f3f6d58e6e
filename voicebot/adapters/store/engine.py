"""Opens the database: one engine per process, the same rules for our own tables and for the job queue beside them.

SQLite: write-ahead log, every commit on disk before it counts (`synchronous=FULL`), writers wait for one another.
The driver begins with IMMEDIATE before the first write; a unit of work asks for it from its first *read* on
(`WRITES_AT_ONCE`). Not for every `begin`: that breaks the job library's own migration.
Source: libraries.md A and C, tried and measured November 2026.
Parameters never appear in an error (`hide_parameters`): they are people's numbers and words.

Knows: SQLAlchemy engines. Must not know: tables.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from voicebot.errors import SettingFault

WRITES_AT_ONCE = {"voicebot_writes_at_once": True}
"""Execution option of a connection whose transactions take SQLite's write lock at once."""

BUSY_TIMEOUT_MS = 15_000
"""How long a SQLite writer waits for another; its busy handler is unfair, so longer than any transaction should be."""

_POOL = {"pool_size": 10, "pool_timeout": 30, "pool_pre_ping": True}
_MOST_EXTRA_FILES = 60
_MOST_EXTRA_SESSIONS = 20
"""Connections beyond the pool at a rush: cheap for a file; PostgreSQL allows 100 to all processes together."""


def open_engine(database_url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    """Open an engine on a SQLAlchemy URL (`sqlite:///file` or `postgresql://…`); nothing is connected yet.

    Raises: SettingFault when the URL cannot be read, or the folder of a SQLite file cannot be made.
    """
    url = _readable(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, busy_timeout_ms)
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            connect_args={"connect_timeout": 10},
            max_overflow=_MOST_EXTRA_SESSIONS,
            **_POOL,
        )
    raise SettingFault(f"VOICEBOT_DATABASE_URL names {url.get_backend_name()!r}: use sqlite:///… or postgresql://…")


def _readable(database_url: str) -> URL:
    try:
        return make_url(database_url)
    except (ArgumentError, NoSuchModuleError, ValueError) as problem:
        raise SettingFault("VOICEBOT_DATABASE_URL is no database URL: use sqlite:///… or postgresql://…") from problem


def _sqlite(url: URL, busy_timeout_ms: int) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SettingFault("VOICEBOT_DATABASE_URL names no SQLite file: several processes share it, so give a path")
    folder = Path(url.database).resolve().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise SettingFault(f"cannot make the database's folder {folder}: set VOICEBOT_DATA_DIR") from problem
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": busy_timeout_ms / 1000},
        max_overflow=_MOST_EXTRA_FILES,
        **_POOL,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _prepare_sqlite(driver_connection: Any, _record: object) -> None:
    driver_connection.isolation_level = "IMMEDIATE"
    cursor = driver_connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_at_once(connection: Connection) -> None:
    if connection.get_execution_options().get("voicebot_writes_at_once"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
