"""Migrations bring any database, on either engine, to exactly the tables that the code knows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, Table, insert, select, update

from tests.adapters.store.samples import sample_of
from voicebot.adapters.store import current, is_migrated, migrate, newest, open_engine
from voicebot.adapters.store.schema import UNFINISHED, migrate_within
from voicebot.adapters.store.tables import metadata
from voicebot.errors import SettingFault, Unavailable


def test_empty_database_knows_that_it_is_not_migrated(database_url: str) -> None:
    engine = open_engine(database_url)
    assert current(engine) is None
    assert not is_migrated(engine)
    assert migrate(engine) == newest() == current(engine)
    assert is_migrated(engine)
    engine.dispose()


def is_known_to_the_code(name: str | None, _kind: object, _parents: object) -> bool:
    """Leave out what each database keeps of its own to find words, which no migration of the other has."""
    return "case_words_index" not in (name or "")


def test_migrated_tables_are_those_of_the_code(engine: Engine) -> None:
    with engine.connect() as connection:
        opts = {"compare_type": True, "include_name": is_known_to_the_code}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    assert migrate(engine) == newest()


def test_processes_that_migrate_at_once_follow_one_another(
    database_url: str, at_once: Callable[..., list[Any]]
) -> None:
    def migrate_alone(_process: int) -> str:
        engine = open_engine(database_url)
        number = migrate(engine)
        engine.dispose()
        return number

    assert set(at_once(migrate_alone, 4)) == {newest()}


def test_database_that_is_away_is_unavailable() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/voicebot")
    with pytest.raises(Unavailable, match="migrate"):
        migrate(engine)
    with pytest.raises(Unavailable):
        current(engine)


def test_database_of_a_newer_version_is_refused_with_what_to_do(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SettingFault, match="9999, which this version does not know") as refusal:
        migrate(engine)
    assert refusal.value.code == "database-too-new"
    assert current(engine) == "9999"


def test_restore_that_broke_off_is_never_migrated_over(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{UNFINISHED}'")
    with pytest.raises(SettingFault, match="restore again"):
        migrate(engine)
    assert not is_migrated(engine)


def test_promises_kept_before_their_evidence_was_written_have_it_from_the_calls_of_then(database_url: str) -> None:
    engine = sample_of("0001", database_url)
    with engine.begin() as connection:
        migrate_within(connection, to="0023")
        promises, calls = (_table(connection, name) for name in ("promises", "staff_calls"))
        found = [row.id for row in connection.execute(select(promises.c.id).order_by(promises.c.id).limit(3))]
        connection.execute(update(promises).where(promises.c.id.in_(found)).values(state="kept"))
        case = connection.scalar(select(promises.c.ticket_id).limit(1))
        for promise_id, result in zip(found, ("reached", "no_answer"), strict=False):
            connection.execute(insert(calls).values(ticket_id=case, **_a_call(promise_id, result)))
    migrate(engine)
    with engine.connect() as connection:
        kept = _table(connection, "promises").c
        kinds = {row.id: row.kept_evidence for row in connection.execute(select(kept.id, kept.kept_evidence))}
    assert [kinds.pop(promise_id) for promise_id in found] == ["call", "attested", "attested"]
    assert set(kinds.values()) == {None}
    engine.dispose()


def _table(connection: Connection, name: str) -> Table:
    return Table(name, MetaData(), autoload_with=connection)


def _a_call(promise_id: str, result: str) -> dict[str, object]:
    """Return a row of a call of ours, as migration 0023 has it."""
    words = dict.fromkeys(("member_id", "ordered_by", "dial_status", "answered_by", "keyed", "result"), "x")
    instants = dict.fromkeys(
        ("ordered_at", "state_at", "not_before", "ended_at"), datetime(2026, 11, 18, 20, tzinfo=UTC)
    )
    counts = dict.fromkeys(("tries", "talk_s"), 0) | dict.fromkeys(("was_bridged", "agreed", "refused"), False)
    own = {"id": result, "purpose": result, "promise_id": promise_id, "kind": "callback", "state": "ended"}
    return {**words, **instants, **counts, **own, "keyed": "1", "result": result}
