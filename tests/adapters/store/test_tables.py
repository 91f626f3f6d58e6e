"""What a sweep reads is found by an index, and every column that tells of a person says so."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.builders import MONDAY_TEN
from voicebot.adapters.store import SqlUnitOfWork, migrate, open_engine, open_store
from voicebot.adapters.store.tables import metadata
from voicebot.domain.sms import SmsState

from .conftest import NoJobs

SWEEPS: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "silent calls": lambda work: work.calls.live_since_silence(MONDAY_TEN),
    "missed windows": lambda work: work.promises.closed_unkept(MONDAY_TEN, 10),
    "warnings": lambda work: work.promises.warnings_due(MONDAY_TEN, 10),
    "breaches": lambda work: work.promises.breaches_due(MONDAY_TEN, 10),
    "due texts": lambda work: work.sms.due(MONDAY_TEN, 10),
    "stuck texts": lambda work: work.sms.stuck([SmsState.SENDING, SmsState.UNKNOWN], MONDAY_TEN, 10),
    "recordings left": lambda work: work.tickets.answers_left_at_carrier(10, due_at=MONDAY_TEN),
    "answers": lambda work: work.tickets.answers_in_state("spooled", 10, due_at=MONDAY_TEN),
}
PERSONAL = re.compile(r"number$|^pin$|problem|demand|text$|words_json|body|recipient|audio|session|event$|before|after")
NOT_PERSONAL = {
    "session_key",
    "login_before_at",
    "case_number",
    "called_number",
    "turn_number",
    "number",
    "not_before",
    "may_text",
    "definitions.body",
}


@pytest.mark.parametrize("sweep", SWEEPS)
def test_sweep_reads_by_an_index_what_is_due(sweep: str, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    migrate(engine)
    plans = _plans(engine, SWEEPS[sweep])
    assert plans
    assert [plan for plan in plans if not re.search(r"SEARCH \w+ USING INDEX ix_\w+_due", plan)] == []
    assert not any("SCAN" in plan for plan in plans)


def test_what_is_left_at_the_carrier_is_found_without_reading_every_answer_that_is_done(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    migrate(engine)
    (plan,) = _plans(engine, SWEEPS["recordings left"])
    assert "USING INDEX ix_answers_left_due" in plan


def _plans(engine: Engine, read: Callable[[SqlUnitOfWork], object]) -> list[str]:
    """Return SQLite's plan for each SELECT that a read sends."""
    sent: list[tuple[str, tuple[object, ...]]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, sql, values, *_: sent.append((sql, values)))
    with open_store(engine, NoJobs)() as work:
        read(work)
    selects = [(sql, values) for sql, values in sent if sql.startswith("SELECT")]
    with engine.connect() as connection:
        rows = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all() for sql, values in selects]
    engine.dispose()
    return ["; ".join(row.detail for row in plan) for plan in rows]


def test_columns_that_tell_of_a_person_are_marked() -> None:
    columns = [column for table in metadata.sorted_tables for column in table.columns]
    unmarked = [
        str(column)
        for column in columns
        if PERSONAL.search(column.name)
        and not {column.name, str(column)} & NOT_PERSONAL
        and not column.info.get("personal")
    ]
    assert unmarked == []
