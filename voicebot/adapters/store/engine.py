"""Opens the database: one engine per process, the same rules for our own tables and for the job queue beside them.

SQLite: write-ahead log, every commit on disk before it counts (`synchronous=FULL`), writers wait for one another;
so does the switch to that log, which SQLite itself refuses at once while another process is writing (tried with 3.40).
The driver begins with IMMEDIATE before the first write; a unit of work asks for it from its first *read* on
(`WRITES_AT_ONCE`). Not for every `begin`: that breaks the job library's own migration.
Source: libraries.md A and C, tried and measured November 2026.
Parameters never appear in an error (`hide_parameters`): they are people's numbers and words.

Knows: SQLAlchemy engines. Must not know: tables.
"""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from voicebot.errors import SettingFault

WRITES_AT_ONCE = {"voicebot_writes_at_once": True}
"""Execution option of a connection whose transactions take SQLite's write lock at once."""

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for another; SQLite's busy handler is unfair, so longer than any transaction should be."""

LOOK_TIMEOUT_S = 2
"""How long those who only look (health, metrics) wait for a database, a lock or an answer."""

_SWITCH_AGAIN_S = 0.02
_POOL = {"pool_size": 10, "pool_timeout": 30, "pool_pre_ping": True}
_MOST_EXTRA_FILES = 60
_MOST_EXTRA_SESSIONS = 20
"""Connections beyond the pool at a rush: cheap for a file; PostgreSQL allows 100 to all processes together."""


def open_engine(database_url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS, statement_timeout_ms: int = 0) -> Engine:
    """Open an engine on a SQLAlchemy URL (`sqlite:///file` or `postgresql://…`); nothing is connected yet.

    `statement_timeout_ms` is how long one statement may take on PostgreSQL; 0: as long as it needs.
    Raises: SettingFault when the URL cannot be read, or the folder of a SQLite file cannot be made.
    """
    url = _readable(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, busy_timeout_ms)
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            hide_parameters=True,
            connect_args=_postgres_patience(busy_timeout_ms, statement_timeout_ms),
            max_overflow=_MOST_EXTRA_SESSIONS,
            **_POOL,
        )
    raise SettingFault(f"VOICEBOT_DATABASE_URL names {url.get_backend_name()!r}: use sqlite:///… or postgresql://…")


def open_reader(database_url: str) -> Engine:
    """Open an engine for those who only look: few connections of its own, and nobody is waited for.

    It takes no connection from calls when the pool is used up. Raises: SettingFault as `open_engine`.
    """
    url = _readable(database_url)
    if url.get_backend_name() != "postgresql":
        return open_engine(database_url, busy_timeout_ms=LOOK_TIMEOUT_S * 1000)
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        connect_args={
            "connect_timeout": LOOK_TIMEOUT_S,
            "tcp_user_timeout": LOOK_TIMEOUT_S * 1000,
            "options": f"-c statement_timeout={LOOK_TIMEOUT_S * 1000} -c default_transaction_read_only=on",
        },
        pool_size=1,
        max_overflow=2,
        pool_timeout=LOOK_TIMEOUT_S,
        pool_pre_ping=True,
    )


def _postgres_patience(busy_timeout_ms: int, statement_timeout_ms: int) -> dict[str, Any]:
    """Limit each wait: for a connection, another's lock, a statement, a network that takes nothing any more.

    Source: PostgreSQL, libpq-connect (connect_timeout is in seconds, at least 2) and runtime-config-client.
    """
    return {
        "connect_timeout": max(2, busy_timeout_ms // 1000),
        "tcp_user_timeout": busy_timeout_ms,
        "options": f"-c lock_timeout={busy_timeout_ms} -c statement_timeout={statement_timeout_ms}",
    }


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
    event.listen(engine, "connect", _sqlite_preparer(busy_timeout_ms))
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _sqlite_preparer(busy_timeout_ms: int) -> Callable[[Any, object], None]:
    def prepare(driver_connection: Any, _record: object) -> None:
        driver_connection.isolation_level = "IMMEDIATE"
        cursor = driver_connection.cursor()
        _use_write_ahead_log(cursor, until=monotonic() + busy_timeout_ms / 1000)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _use_write_ahead_log(cursor: Any, *, until: float) -> None:
    """Switch, trying again while others hold the file: the busy timeout does not cover this statement."""
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
        threading.Event().wait(_SWITCH_AGAIN_S)


def _begin_at_once(connection: Connection) -> None:
    if connection.get_execution_options().get("voicebot_writes_at_once"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
