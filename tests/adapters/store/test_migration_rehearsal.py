"""An upgrade rehearsed on a copy: the original stays as it is."""

import pytest
from sqlalchemy import inspect

from tests.adapters.store.samples import sample_of
from voicebot.adapters.store import current, newest, open_engine
from voicebot.adapters.store.migration_rehearsal import SCHEMA, Rehearsed, rehearse
from voicebot.errors import Refused


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
