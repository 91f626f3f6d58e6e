"""An instant keeps its meaning on the way into the database and back; a naive one never gets in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Engine, Integer, MetaData, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import StatementError

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.domain.call import Way

instants = st.datetimes(
    min_value=datetime(1970, 1, 2),
    max_value=datetime(2100, 1, 1),
    timezones=st.timezones() | st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
table = Table("instants", MetaData(), Column("row", Integer, primary_key=True), Column("at", UtcInstant))


@pytest.fixture
def instants_table(engine: Engine) -> Engine:
    """A database with a table of instants."""
    table.metadata.create_all(engine)
    return engine


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=instants)
def test_instant_of_any_zone_comes_back_as_the_same_instant_in_utc(instants_table: Engine, at: datetime) -> None:
    with instants_table.begin() as connection:
        connection.execute(table.delete())
        connection.execute(table.insert(), {"at": at})
        stored = connection.scalar(select(table.c.at))
    # Compared in UTC: Python compares two datetimes of one zone by their wall clocks, folds left out.
    assert stored == at.astimezone(UTC)
    assert stored is not None
    assert stored.tzinfo is UTC


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=instants, second=instants)
def test_database_compares_instants_not_wall_clocks(instants_table: Engine, first: datetime, second: datetime) -> None:
    with instants_table.begin() as connection:
        connection.execute(table.delete())
        connection.execute(table.insert(), {"at": first})
        found = connection.scalar(select(table.c.at).where(table.c.at <= second))
    assert (found is not None) == (first.astimezone(UTC) <= second.astimezone(UTC))


def test_naive_datetime_is_refused(instants_table: Engine) -> None:
    with instants_table.begin() as connection, pytest.raises(StatementError, match="without a time zone"):
        connection.execute(table.insert(), {"at": datetime(2026, 3, 2, 10, 0)})


def test_missing_instant_stays_missing(instants_table: Engine) -> None:
    with instants_table.begin() as connection:
        connection.execute(table.insert(), {"at": None})
        assert connection.scalar(select(table.c.at)) is None


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_state_is_stored_by_its_name_and_an_unknown_one_is_refused(dialect: sqlite.dialect) -> None:
    column = StateName(Way)
    assert column.process_bind_param(Way.RECORD, dialect) == "record"
    assert column.process_result_value("record", dialect) is Way.RECORD
    assert column.process_bind_param(None, dialect) is None
    assert column.process_result_value(None, dialect) is None
    with pytest.raises(ValueError, match="pigeon"):
        column.process_result_value("pigeon", dialect)
