"""All rows as lines: from either engine into either, at one instant, whole or not at all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.adapters.store.conftest import NoJobs
from tests.adapters.store.samples import sample_of
from tests.builders import MONDAY_TEN, a_history_entry, a_ticket
from tests.databases import postgres_database
from tests.webhooks import a_webhook_delivery, a_webhook_endpoint
from voicebot.adapters.store import current, is_migrated, migrate, newest, open_engine, open_store, tables
from voicebot.adapters.store.case_pieces import EDITION
from voicebot.adapters.store.dump import filled_tables, finish, line_of, load, snapshot
from voicebot.adapters.store.schema import UNFINISHED
from voicebot.domain.search_question import read_question
from voicebot.domain.webhook import WebhookEvent
from voicebot.errors import Refused, SettingFault, Unavailable
from voicebot.service.history import Verb
from voicebot.service.webhook.payload import message_id

Rows = dict[str, list[dict[str, Any]]]


def rows_in(engine: Engine) -> Rows:
    """Read every table, through the text that a backup holds."""
    with snapshot(engine) as rows:
        return {name: [json.loads(line_of(row)) for row in rows.rows(name)] for name in rows.names}


@contextmanager
def empty_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Engine]:
    """Open an engine on an empty database of a kind."""
    if kind == "sqlite":
        engine = open_engine(f"sqlite:///{folder / 'other.db'}")
        yield engine
        engine.dispose()
        return
    with postgres_database(request.getfixturevalue("postgres")) as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_rows_of_either_engine_come_back_in_either(
    kind: str, database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    source = sample_of("0001", database_url)
    migrate(source)
    saved = rows_in(source)
    assert sum(map(len, saved.values())) > 150
    with empty_database(kind, request, tmp_path) as target:
        load(target, newest(), saved)
        finish(target)
        assert rows_in(target) == saved
        assert is_migrated(target)
    source.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_rows_of_an_older_migration_come_back_and_are_brought_forward(
    kind: str, database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    source = sample_of("0001", database_url)
    saved = rows_in(source)
    with snapshot(source) as rows:
        assert rows.migration == "0001"
        assert rows.count("tickets") == 6
    source.dispose()
    with empty_database(kind, request, tmp_path) as target:
        load(target, "0001", saved)
        finish(target)
        assert is_migrated(target)
        found = rows_in(target)
        assert {name: len(found[name]) for name in saved} == {name: len(rows) for name, rows in saved.items()}


def test_numbers_that_the_database_gives_go_on_after_the_highest(database_url: str) -> None:
    engine = open_engine(database_url)
    entry = {"row": 41, "ticket_id": "ticket-1", "at": "2026-03-02T10:00:00+00:00", "actor": "system"}
    saved: Rows = {"history": [entry | {"verb": "opened", "before": "", "after": ""}], "tickets": [_ticket_row()]}
    load(engine, newest(), saved)
    with open_store(engine, NoJobs)() as work:
        work.tickets.note(a_history_entry(verb="later"))
        work.commit()
    with engine.connect() as connection:
        assert connection.scalar(select(func.max(tables.history.c.row))) == 42
    engine.dispose()


def test_cases_that_stand_before_all_others_in_the_search_come_back_before_them(database_url: str) -> None:
    engine = open_engine(database_url)
    words = {"row": -1, "ticket_id": "ticket-1", "edition": EDITION, "words": "broken parcel"}
    load(engine, newest(), {"case_words": [words], "tickets": [_ticket_row()]})
    with open_store(engine, NoJobs)() as work:
        work.tickets.add(a_ticket(id="ticket-2", case_number="482719300", problem="another broken thing"))
        work.commit()
    with open_store(engine, NoJobs)() as work:
        found = work.search.search(read_question("broken").terms, limit=9)
    assert [each.ticket_id for each in found] == ["ticket-2", "ticket-1"]
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_other_systems_are_still_to_be_told_comes_back_under_the_same_ids(
    kind: str, engine: Engine, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    entry = a_history_entry(verb=Verb.TICKET_OPENED, untold_since=MONDAY_TEN)
    with open_store(engine, NoJobs)() as work:
        work.tickets.add(a_ticket())
        work.tickets.note(entry)
        work.webhooks.add_endpoint(a_webhook_endpoint(events=("case.opened",)))
        work.webhooks.add(a_webhook_delivery(body='{"said":"שלום"}'))
        work.commit()
    saved = rows_in(engine)
    with empty_database(kind, request, tmp_path) as target:
        load(target, newest(), saved)
        finish(target)
        assert rows_in(target) == saved
        assert _ids(target) == _ids(engine) != []


def _ids(engine: Engine) -> list[str]:
    with open_store(engine, NoJobs)() as work:
        lines = work.webhooks.untold(MONDAY_TEN, 9)
    return [message_id(entry, row, WebhookEvent.CASE_OPENED) for row, entry in lines]


def _ticket_row() -> dict[str, Any]:
    ticket = a_ticket()
    row = {name: getattr(ticket, name) for name in ticket.__slots__}
    return row | {"opened_at": ticket.opened_at.isoformat()}


def test_what_others_write_meanwhile_is_not_seen(engine: Engine) -> None:
    store = open_store(engine, NoJobs)
    with snapshot(engine) as rows:
        assert rows.count("tickets") == 0
        with store() as work:
            work.tickets.add(a_ticket())
            work.commit()
        assert list(rows.rows("tickets")) == list(rows.rows("case_numbers")) == []
    assert len(rows_in(engine)["tickets"]) == 1


def test_half_a_restore_is_never_served(database_url: str) -> None:
    engine = open_engine(database_url)
    load(engine, newest(), {"tickets": [_ticket_row()]})
    assert current(engine) == UNFINISHED
    assert not is_migrated(engine)
    with pytest.raises(SettingFault, match="broke off"):
        migrate(engine)
    finish(engine)
    assert migrate(engine) == newest()
    engine.dispose()


def test_rows_that_do_not_fit_leave_the_database_as_it_was(engine: Engine) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        load(engine, newest(), {"tickets": [_ticket_row() | {"merged_into": "nobody"}]})
    assert is_migrated(engine)
    assert filled_tables(engine) == {}


def test_database_in_use_is_not_overwritten(engine: Engine) -> None:
    with open_store(engine, NoJobs)() as work:
        work.tickets.add(a_ticket())
        work.commit()
    assert filled_tables(engine) == {"tickets": 1, "case_numbers": 1, "case_words": 1}
    with pytest.raises(Refused, match="in use"):
        load(engine, newest(), {})
    assert len(rows_in(engine)["tickets"]) == 1


def test_newer_rows_than_the_code_knows_are_refused(engine: Engine) -> None:
    with pytest.raises(SettingFault, match="9999"):
        load(engine, "9999", {})


def test_nothing_is_copied_where_nothing_was_stored(database_url: str) -> None:
    engine = open_engine(database_url)
    with pytest.raises(Refused, match="no database"), snapshot(engine):
        pass
    assert filled_tables(engine) == {}
    engine.dispose()


def test_database_that_is_away_is_unavailable() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/voicebot")
    with pytest.raises(Unavailable), snapshot(engine):
        pass
    with pytest.raises(Unavailable):
        filled_tables(engine)
    with pytest.raises(Unavailable):
        load(engine, newest(), {})
