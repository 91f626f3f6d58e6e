"""What the database is and how far it is prepared, for the doctor.

Knows: the engine, migrations, where the job library keeps its tables. Must not know: what is good or bad.
"""

import sqlite3

from sqlalchemy import Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from voicebot.adapters.store.schema import current, newest
from voicebot.errors import Unavailable
from voicebot.service.ports.installation import DatabaseFacts

JOB_TABLE = "workflow_status"
JOB_SCHEMA = "dbos"
"""Of the job library on PostgreSQL, because on SQLite its tables lie beside ours."""


class SqlInspection:
    """Fulfils `service.ports.installation.DatabaseInspection`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def facts(self) -> DatabaseFacts:
        """Look at the database. Raises: Unavailable when it does not answer."""
        is_file = self._engine.dialect.name == "sqlite"
        try:
            migration = current(self._engine)
            with self._engine.connect() as connection:
                journal = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar()) if is_file else ""
                has_jobs = inspect(connection).has_table(JOB_TABLE, schema=None if is_file else JOB_SCHEMA)
        except (SQLAlchemyError, sqlite3.DatabaseError) as problem:
            # A file that is no database fails before SQLAlchemy has a chance to wrap the driver's error.
            raise Unavailable(f"looking at the database: it answered with {type(problem).__name__}") from problem
        return DatabaseFacts(
            kind="SQLite" if is_file else "PostgreSQL",
            migration=migration or "",
            newest_migration=newest(),
            journal_mode=journal,
            has_job_tables=has_jobs,
        )
