"""A test finds its database as migrated, whatever the one before it did there."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.databases import ReusedPostgres

COUNTED = "SELECT nextval(format('%I', sequencename)) FROM pg_sequences ORDER BY sequencename LIMIT 1"


@pytest.fixture(scope="module")
def databases(postgres: str) -> Iterator[ReusedPostgres]:
    with closing(ReusedPostgres(postgres)) as databases:
        yield databases


def _run(url: str, *statements: str) -> list[object]:
    """Run them in one transaction; return the first column of what the last one gave."""
    engine = create_engine(url)
    with engine.begin() as connection:
        *_, last = [connection.execute(text(statement)) for statement in statements]
        found = list(last.scalars()) if last.returns_rows else []
    engine.dispose()
    return found


def test_rows_of_one_test_are_gone_and_those_of_the_migrations_are_back(databases: ReusedPostgres) -> None:
    with databases.lent() as first:
        number = _run(first, "SELECT version_num FROM alembic_version")
        assert len(number) == 1
        assert _run(first, COUNTED) == [1]
        _run(first, "INSERT INTO alembic_version VALUES ('other')")
    with databases.lent() as second:
        assert second == first, "made once"
        assert _run(second, "SELECT version_num FROM alembic_version") == number
        assert _run(second, COUNTED) == [1]


@pytest.mark.parametrize(
    "change",
    [
        "CREATE SCHEMA other",
        "CREATE TABLE other (id int)",
        "CREATE INDEX other ON alembic_version (version_num, version_num)",
        "ALTER TABLE alembic_version ADD COLUMN other int",
        "ALTER TABLE alembic_version ADD CONSTRAINT other CHECK (version_num <> '')",
    ],
)
def test_a_changed_schema_is_not_used_again(databases: ReusedPostgres, change: str) -> None:
    with databases.lent() as changed:
        _run(changed, change)
    with databases.lent() as next_one:
        assert next_one != changed


def test_a_connection_left_open_sees_nothing_of_the_next_test(databases: ReusedPostgres) -> None:
    with databases.lent() as url:
        left = create_engine(url)
        connection = left.connect()
        connection.execute(text("LOCK TABLE alembic_version"))
    with databases.lent() as url:
        assert len(_run(url, "SELECT version_num FROM alembic_version")) == 1
    with pytest.raises(OperationalError):
        connection.execute(text("SELECT 1"))
    left.dispose()


def test_a_database_is_lent_to_one_at_a_time(databases: ReusedPostgres) -> None:
    with databases.lent() as first, databases.lent() as second:
        assert first != second
