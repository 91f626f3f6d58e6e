"""The engine is opened safely, or the deployer is told what to set."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.databases import administer, postgres_database
from voicebot.adapters.store import open_engine, open_reader
from voicebot.errors import SettingFault


def test_sqlite_commits_to_disk_through_a_write_ahead_log(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new folder' / 'voicebot.db'}")
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        }
    engine.dispose()
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 15_000,
    }


def _begin_writing(path: Path) -> sqlite3.Connection:
    writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    writer.execute("CREATE TABLE somebody (was_here)")
    writer.execute("BEGIN IMMEDIATE")
    return writer


def test_new_database_is_opened_while_another_process_is_writing(tmp_path: Path) -> None:
    writer = _begin_writing(tmp_path / "voicebot.db")
    ending = threading.Timer(0.3, lambda: writer.execute("COMMIT"))
    ending.start()
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    ending.join()
    writer.close()


def test_new_database_that_stays_locked_is_given_up_in_time(tmp_path: Path) -> None:
    writer = _begin_writing(tmp_path / "voicebot.db")
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}", busy_timeout_ms=100)
    with pytest.raises(OperationalError, match="locked"):
        engine.connect()
    engine.dispose()
    writer.close()


def test_postgresql_is_spoken_to_by_one_driver_however_it_is_written() -> None:
    for url in ("postgresql://user@host/name", "postgresql+psycopg2://user@host/name"):
        assert open_engine(url).url.drivername == "postgresql+psycopg"


def test_a_statement_that_is_given_no_longer_ends_as_a_database_that_is_away(postgres: str) -> None:
    engine = open_engine(postgres, statement_timeout_ms=50)
    with pytest.raises(OperationalError, match="statement timeout"), engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(20)")
    engine.dispose()


def test_statements_may_take_their_time_where_nobody_waits_for_an_answer(postgres: str) -> None:
    engine = open_engine(postgres)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "0"
    engine.dispose()


def test_who_only_looks_waits_for_nothing_long_on_postgresql(postgres: str) -> None:
    reader = open_reader(postgres, statement_timeout_ms=50)
    with pytest.raises(OperationalError, match=r"statement timeout|says nothing"), reader.connect() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(20)")
    reader.dispose()


@pytest.mark.parametrize(
    ("url", "cure"),
    [
        ("not a url", "use sqlite:///"),
        ("mysql://user@host/name", "use sqlite:///"),
        ("sqlite://", "give a path"),
        ("sqlite:///:memory:", "give a path"),
        ("sqlite:////proc/nowhere/voicebot.db", "VOICEBOT_DATA_DIR"),
    ],
)
def test_url_that_cannot_work_names_its_cure(url: str, cure: str) -> None:
    for open_one in (open_engine, open_reader):
        with pytest.raises(SettingFault, match=cure):
            open_one(url)


def test_a_rush_opens_each_postgresql_session_only_once(postgres: str) -> None:
    engine = open_engine(postgres)
    opened: list[object] = []
    together = threading.Barrier(20, timeout=60)
    event.listen(engine, "connect", lambda session, _record: opened.append(session))

    def use(_count: int) -> None:
        for _ in range(3):
            together.wait()
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
                together.wait()

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(use, range(20)))
    engine.dispose()
    assert len(opened) == 20


@pytest.mark.parametrize(("rested_s", "is_asked"), [(0.0, True), (3600.0, False)], ids=["rested", "just used"])
def test_a_postgresql_session_is_asked_whether_it_lives_only_after_a_rest(
    postgres: str, *, rested_s: float, is_asked: bool
) -> None:
    with postgres_database(postgres) as database_url:
        engine = open_engine(database_url, rested_s=rested_s)
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT 1")
        mine = f"datname = '{engine.url.database}'"
        administer(postgres, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")
        with nullcontext() if is_asked else pytest.raises(OperationalError), engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT 1").scalar() == 1, "one that failed ends all of them"
        engine.dispose()
