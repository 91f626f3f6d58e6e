"""Takes what was erased out of the database's files, where it lies on in free pages until it is written over.

SQLite copies the whole database, which keeps writers waiting for seconds and needs as much room again. Its index of
words is merged first, because deleted words stay in it until then. PostgreSQL gives the room back to itself, and what
lies in its write-ahead log or in replicas goes with these.
After each erasure `clear_erased` does what needs no copy. The engine writes zeros over deleted rows (`secure_delete`),
so nothing lies on in free pages. What is left is in the index of words, which is merged step by step, and in the
write-ahead log, which is emptied. While SQLite waits for readers of the log it holds up every writer (a caller on the
line among them), so most of the log is taken over before, and then it waits for a moment at a time.
Source: SQLite, "VACUUM", "PRAGMA secure_delete", "wal_checkpoint", "FTS5 Extension" 6.8 (optimize), read November 2026.
Knows: engines. Must not know: what was erased.
"""

import threading

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from voicebot.errors import Unavailable

log = structlog.get_logger(__name__)


def clear_erased(engine: Engine) -> None:
    """Take what was erased just now out of the files, between the writers, none of whom waits long. It is put off while
    others keep the database busy, and the next erasure does it then. PostgreSQL needs nothing here.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE_MS}")
            try:
                _merge_words(connection)
                is_busy = not _empty_log(connection)
            finally:
                # The pool must not hand on its short patience.
                connection.invalidate()
    except OperationalError:
        is_busy = True
    if is_busy:
        log.warning("erased_data_left_in_files")


def _merge_words(connection: Connection) -> None:
    """Merge the index of words, in which deleted words stay until then, with a look at the next writer in between."""
    for _ in range(MOST_STEPS):
        before = _changes(connection)
        connection.exec_driver_sql(
            f"INSERT INTO case_words_index (case_words_index, rank) VALUES ('merge', -{PAGES_AT_ONCE})"
        )
        if _changes(connection) - before < 2:
            return


def _empty_log(connection: Connection) -> bool:
    """Empty the write-ahead log, and return whether that was done. Between its tries others write."""
    connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
    connection.exec_driver_sql(f"PRAGMA busy_timeout={HELD_UP_MS}")
    for _ in range(MOST_TRIES):
        if not connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
            return True
        threading.Event().wait(PAUSE_S)
    return False


def _changes(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT total_changes()").scalar_one())


def scrub(engine: Engine) -> None:
    """Take what was erased out of the files. Raises: Unavailable when others keep the database busy."""
    statements = _SQLITE if engine.dialect.name == "sqlite" else ("VACUUM",)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    except OperationalError as problem:
        raise Unavailable(
            "taking erased data out of the database's files: others keep it busy, or the disk is full; run "
            "`voicebot person scrub` at a quiet time"
        ) from problem


PATIENCE_MS = 2_000
"""For one step, which is begun anew after the next erasure."""
HELD_UP_MS = 20
"""For so long one try to empty the log may hold up those who write."""
PAUSE_S = 0.1
"""Between two tries. Who waits to write asks again within that time."""
MOST_TRIES = 15
PAGES_AT_ONCE = 200
"""Of the index of words, merged in one transaction, some milliseconds."""
MOST_STEPS = 5_000
"""A million pages, far more than the index of 50,000 cases has."""
_SQLITE = (
    "INSERT INTO case_words_index (case_words_index) VALUES ('optimize')",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "VACUUM",
    "PRAGMA wal_checkpoint(TRUNCATE)",
)
