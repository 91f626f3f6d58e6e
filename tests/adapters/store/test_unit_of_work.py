"""A transaction is stored whole or not at all, and a database that is away is said to be away."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, InternalError

from tests.adapters.store.conftest import NoJobs
from tests.builders import a_call, a_ticket
from tests.databases import administer, postgres_database, url_of
from voicebot.adapters.store import SqlUnitOfWork, migrate, open_engine, open_reader, open_store
from voicebot.errors import Unavailable

Maker = Callable[[], SqlUnitOfWork]


class PowerCut(BaseException):
    """Something no code of ours catches."""


def _tickets(unit_of_work: Maker) -> int:
    with unit_of_work() as work:
        return len(work.tickets.all())


def test_leaving_without_commit_stores_nothing(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
    assert _tickets(unit_of_work) == 0


def test_power_cut_within_the_action_stores_nothing(unit_of_work: Maker) -> None:
    def action() -> None:
        with unit_of_work() as work:
            work.tickets.add(a_ticket())
            raise PowerCut

    with pytest.raises(PowerCut):
        action()
    assert _tickets(unit_of_work) == 0


def test_rows_of_one_action_may_be_written_in_any_order(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.calls.add(a_call())
        work.tickets.add(a_ticket())
        work.commit()
    assert _tickets(unit_of_work) == 1


def test_call_without_its_ticket_is_refused_at_commit(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.calls.add(a_call())
        with pytest.raises(IntegrityError):
            work.commit()
    assert _tickets(unit_of_work) == 0


def test_jobs_are_made_on_the_connection_of_the_action(engine: Engine) -> None:
    with open_store(engine, NoJobs)() as work:
        assert isinstance(work.jobs, NoJobs)
        assert work.jobs.connection.in_transaction()


def test_error_shows_no_number_and_no_words(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.calls.add(a_call())
        with pytest.raises(Exception, match="carrier_call_id") as refused:
            work.calls.add(a_call(id="call-2"))
    assert "2025550143" not in str(refused.value)


def test_locked_sqlite_is_unavailable(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}", busy_timeout_ms=50)
    with engine.connect():
        other = sqlite3.connect(tmp_path / "voicebot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable), open_store(engine, NoJobs)():
        pass
    other.close()
    engine.dispose()


def test_postgresql_that_is_not_there_is_unavailable() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/voicebot")
    with pytest.raises(Unavailable), open_store(engine, NoJobs)():
        pass


def test_postgresql_lost_in_the_middle_of_an_action_is_unavailable_and_then_back(postgres: str) -> None:
    with postgres_database(postgres) as database_url:
        engine = open_engine(database_url)
        migrate(engine)
        unit_of_work = open_store(engine, NoJobs)

        def action() -> None:
            with unit_of_work() as work:
                work.tickets.add(a_ticket())
                mine = f"datname = '{engine.url.database}'"
                administer(postgres, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {mine}")
                work.commit()

        with pytest.raises(Unavailable):
            action()
        assert _tickets(unit_of_work) == 0
        engine.dispose()


@pytest.fixture
def look(engine: Engine) -> Iterator[Maker]:
    """The maker of units of work for those who only read, on a database that is migrated."""
    reader = open_reader(url_of(engine), statement_timeout_ms=0)
    yield open_store(reader, NoJobs)
    reader.dispose()


def test_who_only_looks_can_write_nothing(look: Maker, unit_of_work: Maker) -> None:
    def action() -> None:
        with look() as work:
            work.tickets.add(a_ticket())
            work.commit()

    with pytest.raises((Unavailable, InternalError)) as refused:
        action()
    told = f"{refused.value} {refused.value.__cause__}"
    assert "readonly database" in told or "read-only transaction" in told
    assert _tickets(unit_of_work) == 0
    assert _tickets(look) == 0


def test_who_only_looks_is_not_waited_for_nor_waits(look: Maker, unit_of_work: Maker) -> None:
    with look() as looking, unit_of_work() as work:
        assert len(looking.tickets.all()) == 0
        work.tickets.add(a_ticket())
        assert _tickets(look) == 0, "what is not committed is not there yet"
        work.commit()
    assert _tickets(look) == 1, "what was done before is seen"


def test_what_is_looked_at_is_as_of_one_instant(look: Maker, unit_of_work: Maker) -> None:
    """A page asks several questions, and an answer to the second names what the first must have found."""
    with look() as looking:
        assert len(looking.tickets.all()) == 0
        with unit_of_work() as work:
            work.tickets.add(a_ticket())
            work.commit()
        assert len(looking.tickets.all()) == 0
    assert _tickets(look) == 1
