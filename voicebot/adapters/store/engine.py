"""Opens the database, with one engine per process, and the same rules for our own tables and for the job queue beside
them.

SQLite has a write-ahead log, every commit on disk before it counts (`synchronous=FULL`), and writers wait for one
another. Those of one process wait in the order they came (writer_turns.py), those of others by SQLite's own ways. So
does the switch to that log, which SQLite itself refuses at once while another process is writing (tried with 3.40). The
driver begins with IMMEDIATE before the first write, while a unit of work asks for it from its first *read* on
(`begin_at_once`). Not for every `begin`, since that breaks the job library's own migration. Nor by an event of the
engine, because SQLAlchemy then asks for listeners at each statement (28 µs became 40 µs, measured November 2026).
Those who only look have an engine of their own (`open_reader`), which takes no lock, can write nothing, and gives up
soon. All that is read within one look is as of one instant, on PostgreSQL by its isolation level. What was added
between two questions of one page was found by the second alone, and a line of a list led to nothing.
What is deleted is written over with zeros (`secure_delete`), since what was erased must not lie on in free pages.
That costs nothing one could measure (writing 0.94, erasing 0.94 to 1.00 of the time without, in interleaved rounds).
Source: libraries.md A and C, tried and measured November 2026; SQLite, "PRAGMA query_only" and "Transactions";
PostgreSQL, "Repeatable Read Isolation Level" (who only reads is never refused by it).
Parameters never appear in an error (`hide_parameters`), because they are people's numbers and words.

Knows: SQLAlchemy engines. Must not know: tables.
"""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Engine, Transaction, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InvalidatePoolError, NoSuchModuleError

from voicebot.adapters.store.rows import ONLY_LOOKS
from voicebot.adapters.store.silence import give_up_silence
from voicebot.adapters.store.writer_turns import WriterTurns
from voicebot.errors import SettingFault

_BEGINS_WITH = "voicebot_begins_with"
"""Execution option of an engine, with the statement by which `begin_at_once` takes the write lock."""

WRITER_TURNS = "voicebot_writer_turns"
"""Execution option of an engine, with the `WriterTurns` that its units of work take before they begin."""

BUSY_TIMEOUT_MS = 15_000
"""How long a writer waits for another, since SQLite's busy handler is unfair, so longer than any transaction should
be.
"""

_UNITS_AT_ONCE = 4
_COURTESY_S = 1.0
"""Of a PostgreSQL on this machine so many units of work of a process are under way at once. Who finds all turns taken
waits so long for one, then goes ahead without, and who waits for a stuck lock holds up nobody for good. More only wait
for the interpreter, while they hold what others wait for. At 50 texts a second on a busy machine, in two rounds
(November 2026), p99 was 262 and 279 ms without turns, 135 and 185 ms with four, 142 and 146 ms with two, 182 and 160 ms
with one, while for calls it made no difference. Four leave room for a disk that is slow to commit. A server elsewhere
is itself what is waited for, so there are no turns. Behind a line of 2 ms, 50 calls a second had p50 3.1 s with two,
0.5 s with four, 0.1 s with eight.
"""

_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})

RESTED_S = 1.0
"""After so long without use a session is asked whether it still lives.
At a rush that would be two questions more for each text."""

LOOK_TIMEOUT_S = 2
"""How long those who only look (pages, lists, health, metrics) wait for a database, a lock or an answer."""

_SWITCH_AGAIN_S = 0.02
_ON_THE_WAY_S = 0.5
"""Left for server and network to say themselves that something took too long."""
_POOL = {"pool_size": 10, "pool_timeout": 30, "pool_pre_ping": True, "max_overflow": 60}
"""Files beyond the pool at a rush are cheap."""
_SESSIONS = {"pool_size": 30, "max_overflow": 0, "pool_timeout": 30, "pool_use_lifo": True}
"""PostgreSQL allows 100 to all processes together. At a rush none is closed and opened again, because one costs as much
as a whole text, and a server process.
"""
_FEW = {"pool_size": 1, "max_overflow": 2, "pool_timeout": LOOK_TIMEOUT_S, "pool_pre_ping": True}


def open_engine(
    database_url: str,
    *,
    busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    statement_timeout_ms: int = 0,
    is_silence_given_up: bool = False,
    rested_s: float = RESTED_S,
) -> Engine:
    """Open an engine on a SQLAlchemy URL (`sqlite:///file` or `postgresql://…`), while nothing is connected yet.

    `statement_timeout_ms` is how long one statement may take on PostgreSQL, where 0 means as long as it needs. A
    session that was not used for `rested_s` is asked first whether it still lives. With `is_silence_given_up` a server
    that hangs is waited for little longer than a lock, not until it goes on.
    Raises: SettingFault when the URL cannot be read, or the folder of a SQLite file cannot be made.
    """
    url = _readable(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, busy_timeout_ms)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        connect_args=_postgres_patience(busy_timeout_ms, statement_timeout_ms),
        execution_options=_courtesy() if is_on_this_machine(url) else {},
        **_SESSIONS,
    )
    _ask_after_rest(engine, rested_s)
    if is_silence_given_up:
        give_up_silence(engine, after_s=busy_timeout_ms / 1000 + _ON_THE_WAY_S)
    return engine


def open_reader(database_url: str, *, statement_timeout_ms: int = LOOK_TIMEOUT_S * 1000) -> Engine:
    """Open an engine for those who only look, with few connections of its own, and nobody is waited for.

    It takes no connection from calls when the pool is used up, and the database refuses what it would write.
    `statement_timeout_ms` is how long one statement may take on PostgreSQL, and a server that hangs is given up a
    little later, where 0 means both as long as they need. Raises: SettingFault as `open_engine`.
    """
    url = _readable(database_url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, LOOK_TIMEOUT_S * 1000, is_reader=True)
    patience = _postgres_patience(LOOK_TIMEOUT_S * 1000, statement_timeout_ms)
    # A blank within a value is written with a backslash (PostgreSQL, libpq-connect, `options`).
    patience["options"] += " -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        connect_args=patience,
        execution_options={ONLY_LOOKS: True},
        **_FEW,
    )
    if statement_timeout_ms:
        give_up_silence(engine, after_s=statement_timeout_ms / 1000 + _ON_THE_WAY_S)
    return engine


def begin_at_once(connection: Connection) -> Transaction:
    """Begin a transaction that takes SQLite's write lock now and not with its first write.

    Raises: SQLAlchemy's errors, as a statement does.
    """
    transaction = connection.begin()
    statement = connection.get_execution_options().get(_BEGINS_WITH)
    if statement is not None:
        try:
            connection.connection.cursor().execute(statement)
        except sqlite3.Error as problem:
            raise DBAPIError.instance(statement, None, problem, sqlite3.Error, hide_parameters=True) from problem
    return transaction


def is_on_this_machine(url: URL) -> bool:
    """Tell whether a database is on this machine, that is a file, a socket in a folder, a loopback address."""
    asked = url.query.get("host", "")
    hosts = (url.host,) if url.host else (asked,) if isinstance(asked, str) else asked
    return all(host in _HERE or host.startswith("/") for host in hosts)


def _courtesy() -> dict[str, Any]:
    return {WRITER_TURNS: WriterTurns(_COURTESY_S, at_once=_UNITS_AT_ONCE, is_courtesy=True)}


def _ask_after_rest(engine: Engine, rested_s: float) -> None:
    """Ask a session that has rested whether the server still knows it, because one that does not answer ends all of
    them.
    """

    def rest(_session: Any, record: Any) -> None:
        record.info["rests_since"] = monotonic()

    def rise(session: Any, record: Any, _proxy: object) -> None:
        if monotonic() - record.info.get("rests_since", monotonic()) < rested_s:
            return
        try:
            engine.dialect.do_ping(session)
        except engine.dialect.loaded_dbapi.Error as problem:
            raise InvalidatePoolError from problem

    event.listen(engine, "checkin", rest)
    event.listen(engine, "checkout", rise)


def _postgres_patience(busy_timeout_ms: int, statement_timeout_ms: int) -> dict[str, Any]:
    """Limit each wait, be it for a connection, another's lock, a statement, a network that takes nothing any more.

    Source: PostgreSQL, libpq-connect (connect_timeout is in seconds, at least 2) and runtime-config-client.
    """
    return {
        "connect_timeout": max(2, busy_timeout_ms // 1000),
        "tcp_user_timeout": busy_timeout_ms,
        "options": f"-c lock_timeout={busy_timeout_ms} -c statement_timeout={statement_timeout_ms}",
    }


def _readable(database_url: str) -> URL:
    try:
        url = make_url(database_url)
    except (ArgumentError, NoSuchModuleError, ValueError) as problem:
        raise SettingFault("VOICEBOT_DATABASE_URL is no database URL: use sqlite:///… or postgresql://…") from problem
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise SettingFault(f"VOICEBOT_DATABASE_URL names {url.get_backend_name()!r}: use sqlite:///… or postgresql://…")
    return url


def _sqlite(url: URL, busy_timeout_ms: int, *, is_reader: bool = False) -> Engine:
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
        execution_options={ONLY_LOOKS: True} if is_reader else _one_by_one(busy_timeout_ms / 1000),
        **(_FEW if is_reader else _POOL),
    )
    event.listen(engine, "connect", _sqlite_preparer(busy_timeout_ms, ("query_only=ON",) if is_reader else ()))
    if is_reader:
        event.listen(engine, "begin", _begin_looking)
    return engine


def _one_by_one(patience_s: float) -> dict[str, Any]:
    return {WRITER_TURNS: WriterTurns(patience_s), _BEGINS_WITH: "BEGIN IMMEDIATE"}


def _sqlite_preparer(busy_timeout_ms: int, more: tuple[str, ...]) -> Callable[[Any, object], None]:
    def prepare(driver_connection: Any, _record: object) -> None:
        driver_connection.isolation_level = "IMMEDIATE"
        cursor = driver_connection.cursor()
        _use_write_ahead_log(cursor, until=monotonic() + busy_timeout_ms / 1000)
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", *more):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return prepare


def _use_write_ahead_log(cursor: Any, *, until: float) -> None:
    """Switch, trying again while others hold the file, because the busy timeout does not cover this statement."""
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
        threading.Event().wait(_SWITCH_AGAIN_S)


def _begin_looking(connection: Connection) -> None:
    """Begin without a lock, so that all that is read within is as of one instant, and nobody waits for it."""
    connection.exec_driver_sql("BEGIN DEFERRED")
