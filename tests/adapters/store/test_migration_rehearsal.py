"""An upgrade rehearsed on a copy: the original stays as it is."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Float,
    Integer,
    MetaData,
    insert,
    inspect,
    select,
    text,
)

from tests.adapters.store.samples import sample_of
from voicebot.adapters.store import current, newest, open_engine
from voicebot.adapters.store.dump import FORMER_NAMES
from voicebot.adapters.store.engine import begin_at_once
from voicebot.adapters.store.migration_rehearsal import SCHEMA, Rehearsed, rehearse
from voicebot.adapters.store.schema import known_migrations, migrate_within
from voicebot.adapters.store.tables import metadata
from voicebot.errors import Refused

NUMBERS = sorted(known_migrations())
FORMER_NAMES_NOW = {former: now for now, former in FORMER_NAMES.items()}


def test_copy_is_brought_forward_with_every_row_and_the_original_stays(database_url: str) -> None:
    engine = sample_of("0001", database_url)
    done = rehearse(database_url)
    assert (done.migration_before, done.migration_after) == ("0001", newest())
    assert done.rows_before["tickets"] == 6
    assert done.changed == {}
    assert current(engine) == "0001"
    if engine.dialect.name == "postgresql":
        assert SCHEMA not in inspect(engine).get_schema_names()
    engine.dispose()


def _a_value(column: Column[Any]) -> object:
    """Return something that the column can hold."""
    if isinstance(column.type, DateTime):
        return datetime(2026, 11, 19, tzinfo=UTC)
    if isinstance(column.type, Boolean | Integer | Float):
        return 0
    return "x"


def _fill(connection: Connection) -> set[str]:
    """Put a row into each table that has none, its columns without a value left out; return the tables."""
    empty = [name for name, count in _counts(connection).items() if not count]
    found = MetaData()
    # Only these, and what they point to: to look at every table after each version took longest.
    found.reflect(connection, only=empty)
    for table in (each for each in found.sorted_tables if each.name in empty):
        given = {each.name: _a_value(each) for each in table.columns if not each.nullable}
        for column in table.columns:
            for key in column.foreign_keys:
                given[column.name] = connection.scalar(select(key.column).limit(1))
        connection.execute(insert(table).values(**given))
    return set(empty)


def _counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table has, from one question about them all."""
    names = inspect(connection).get_table_names()
    counted = ", ".join(f'(SELECT count(*) FROM "{name}")' for name in names)
    return dict(zip(names, connection.execute(text(f"SELECT {counted}")).one(), strict=True))


def _rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table that there still is has, by its name of today."""
    counts = {FORMER_NAMES_NOW.get(name, name): count for name, count in _counts(connection).items()}
    return {now: count for now, count in counts.items() if now in metadata.tables}


def _reach_head(engine: Engine) -> None:
    """Upgrade in one transaction, as an installation that skipped releases does, and take it back."""
    with engine.connect() as connection, begin_at_once(connection) as upgrade:
        migrate_within(connection)
        upgrade.rollback()


@pytest.mark.parametrize("rehearsed", [NUMBERS[-2:-1], pytest.param(NUMBERS[:-1], marks=pytest.mark.long)])
def test_rows_of_every_earlier_version_come_along(database_url: str, rehearsed: list[str]) -> None:
    """Tables that a version added have rows by the time the next one comes, and none is lost there or on the way."""
    engine = sample_of("0001", database_url)
    for number, following in pairwise(NUMBERS):
        with engine.begin() as connection:
            filled = _fill(connection)
            before = _rows(connection)
        if number in (NUMBERS[0], *rehearsed):
            _reach_head(engine)
        if number in rehearsed:
            done = rehearse(database_url)
            assert (done.migration_before, done.migration_after, done.changed) == (number, newest(), {})
            assert filled <= set(done.rows_before)
            assert current(engine) == number
        with engine.begin() as connection:
            migrate_within(connection, to=following)
            after = _rows(connection)
        step = Rehearsed(migration_before=number, migration_after=following, rows_before=before, rows_after=after)
        assert (following, step.changed) == (following, {})
    engine.dispose()


def test_a_table_that_was_renamed_has_lost_nothing() -> None:
    done = Rehearsed(
        migration_before="0019",
        migration_after="0020",
        rows_before={"decision_term": 3, "rota_shift": 2},
        rows_after={"decision_terms": 3, "rota_shifts": 1},
    )
    assert done.changed == {"rota_shift": (2, 1)}


def test_rows_that_went_missing_are_told() -> None:
    done = Rehearsed(
        migration_before="0001", migration_after="0002", rows_before={"a": 3, "b": 1}, rows_after={"a": 3, "c": 2}
    )
    assert done.changed == {"b": (1, 0)}


def test_empty_place_has_nothing_to_rehearse(database_url: str) -> None:
    with pytest.raises(Refused, match="no database"):
        rehearse(database_url)
    engine = open_engine(database_url)
    assert current(engine) is None
    engine.dispose()
