"""Takes what was erased out of the database's files, where it lies on in free pages until it is written over.

SQLite copies the whole database, which keeps writers waiting for seconds and needs as much room again. Its index of
words is merged first, because deleted words stay in it until then. PostgreSQL gives the room back to itself, and what
lies in its write-ahead log or in replicas goes with these.
Source: SQLite, "VACUUM", "FTS5 Extension" 6.8 (optimize), read November 2026.
Knows: engines. Must not know: what was erased.
"""

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from voicebot.errors import Unavailable


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


_SQLITE = (
    "INSERT INTO case_words_index (case_words_index) VALUES ('optimize')",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "VACUUM",
    "PRAGMA wal_checkpoint(TRUNCATE)",
)
