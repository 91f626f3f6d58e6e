"""What the doctor sees of the database, on both engines."""

from pathlib import Path

import pytest

from voicebot.adapters.job_queue import migrate_jobs
from voicebot.adapters.store import SqlInspection, migrate, newest, open_engine
from voicebot.errors import Unavailable


def test_empty_database_has_no_migration_and_no_job_tables(database_url: str) -> None:
    engine = open_engine(database_url)
    facts = SqlInspection(engine).facts()
    engine.dispose()
    assert (facts.migration, facts.newest_migration, facts.has_job_tables) == ("", newest(), False)


def test_migrated_database_is_ready(database_url: str) -> None:
    engine = open_engine(database_url)
    migrate(engine)
    migrate_jobs(database_url)
    facts = SqlInspection(engine).facts()
    engine.dispose()
    is_file = database_url.startswith("sqlite")
    assert (facts.migration, facts.has_job_tables) == (newest(), True)
    assert (facts.kind, facts.journal_mode) == (("SQLite", "wal") if is_file else ("PostgreSQL", ""))


def test_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "voicebot.db").write_text("these are no tables at all, and there are many words of them" * 20)
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    with pytest.raises(Unavailable):
        SqlInspection(engine).facts()
    engine.dispose()
