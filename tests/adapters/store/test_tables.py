"""What a sweep reads is found by an index, and every column that tells of a person says so."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from tests.builders import MONDAY_TEN, a_promise, a_ticket
from tests.databases import copy_of
from voicebot.adapters.store import SqlUnitOfWork, open_store
from voicebot.adapters.store.tables import metadata
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.staff_message import MessageState
from voicebot.service.ports import CaseQuery

from .conftest import NoJobs

SWEEPS: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "silent calls": lambda work: work.calls.live_since_silence(MONDAY_TEN),
    "missed windows": lambda work: work.promises.closed_unkept(MONDAY_TEN, 10),
    "warnings": lambda work: work.promises.warnings_due(MONDAY_TEN, 10),
    "breaches": lambda work: work.promises.breaches_due(MONDAY_TEN, 10),
    "decisions": lambda work: work.decision_terms.due(MONDAY_TEN, 10),
    "tasks": lambda work: work.case_tasks.due(MONDAY_TEN, 10),
    "due texts": lambda work: work.sms.due(MONDAY_TEN, 10),
    "stuck texts": lambda work: work.sms.stuck([SmsState.SENDING, SmsState.UNKNOWN], MONDAY_TEN, 10),
    "due messages to staff": lambda work: work.staff_messages.due(MONDAY_TEN, 10),
    "stuck messages to staff": lambda work: work.staff_messages.stuck([MessageState.SENDING], MONDAY_TEN, 10),
    "those who have notices due": lambda work: work.notices.readers_due(MONDAY_TEN, 10),
    "notices of one reader": lambda work: work.notices.open_for("owner_1", MONDAY_TEN),
    "recordings left": lambda work: work.tickets.answers_left_at_carrier(10, due_at=MONDAY_TEN),
    "voices to hear again": lambda work: work.tickets.answers_to_hear_again(10),
    "lines others are to be told of": lambda work: work.webhooks.untold(MONDAY_TEN, 10),
    "endpoints of webhooks": lambda work: work.webhooks.endpoints_due(MONDAY_TEN),
    "webhooks to one endpoint": lambda work: work.webhooks.due_to("endpoint-1", MONDAY_TEN, 10),
    "answers": lambda work: work.tickets.answers_in_state("spooled", 10, due_at=MONDAY_TEN),
}
PERSONAL = re.compile(r"number$|^pin$|problem|demand|text$|words_json|body|recipient|audio|session|event$|before|after")
NOT_PERSONAL = {
    "calendar_feeds.problem",
    "session_key",
    "login_before_at",
    "case_number",
    "called_number",
    "turn_number",
    "number",
    "not_before",
    "may_text",
    "definitions.body",
    "notices.event",
    "webhook_deliveries.event",
}


@pytest.mark.parametrize("sweep", SWEEPS)
def test_sweep_reads_by_an_index_what_is_due(sweep: str, migrated_file: Path, tmp_path: Path) -> None:
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    plans = _plans(engine, SWEEPS[sweep])
    assert plans
    assert [plan for plan in plans if not re.search(r"SEARCH \w+ USING INDEX ix_\w+_due", plan)] == []
    assert not any("SCAN" in plan for plan in plans)


def test_what_is_left_at_the_carrier_is_found_without_reading_every_answer_that_is_done(
    migrated_file: Path, tmp_path: Path
) -> None:
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    (plan,) = _plans(engine, SWEEPS["recordings left"])
    assert "USING INDEX ix_answers_left_due" in plan


OF_ONE_CASE: dict[str, Callable[[SqlUnitOfWork], object]] = {
    "its open promise": lambda work: work.promises.open_of_ticket("ticket-1"),
    "its line in the list": lambda work: work.cases.page(CaseQuery(limit=50), MONDAY_TEN),
}


def test_promises_of_one_case_are_found_by_the_case_not_among_all_that_are_open_or_kept(
    engine: Engine, unit_of_work: Callable[[], SqlUnitOfWork]
) -> None:
    with unit_of_work() as work:
        for number in range(300):
            work.tickets.add(a_ticket(id=f"case {number}", case_number=f"{number:09}"))
            work.promises.add(a_promise(id=f"promise {number}", ticket_id=f"case {number}"))
            kept = a_promise(id=f"kept {number}", ticket_id=f"case {number}", state=PromiseState.KEPT)
            work.promises.add(kept)
        work.commit()
    for what, read in OF_ONE_CASE.items():
        of_case = [plan for plan in _plans(engine, read) if "ix_promises_ticket" in plan]
        assert of_case, f"{what}: the promises of a case have an index that leads to the case and its state"
        if engine.dialect.name == "sqlite":
            assert all("ix_promises_ticket (ticket_id=? AND state=?)" in plan for plan in of_case)


def test_windows_are_counted_from_the_index_alone(migrated_file: Path, tmp_path: Path) -> None:
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    (plan,) = _plans(engine, lambda work: work.promises.open_windows(MONDAY_TEN))
    assert "USING COVERING INDEX ix_promises_due" in plan


def _plans(engine: Engine, read: Callable[[SqlUnitOfWork], object]) -> list[str]:
    """Return the plan for each SELECT that a read sends; PostgreSQL's as if whole tables were dear."""
    sent: list[tuple[str, tuple[object, ...]]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, sql, values, *_: sent.append((sql, values)))
    with open_store(engine, NoJobs)() as work:
        read(work)
    selects = [(sql, values) for sql, values in sent if sql.startswith("SELECT")]
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if not is_sqlite:
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("SET enable_seqscan = off")
        ask = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        rows = [connection.exec_driver_sql(f"{ask} {sql}", values).all() for sql, values in selects]
    engine.dispose()
    return ["; ".join(row[-1] for row in plan) for plan in rows]


SINGULAR_SINCE_A_RELEASE = {
    "alarm",
    "call_event",
    "call_folder",
    "case_access",
    "climb_plan",
    "connected_number",
    "contact",
    "data_folder",
    "errand",
    "executor_lease",
    "refused_contact",
    "silent_call",
    "staff_account",
    "staff_session",
    "text_let_go",
    "worker_beat",
}
"""The old release goes on with them on the migrated database while the new one takes over, so they keep their names.

Its calls need six (`call_event`, `call_folder`, `climb_plan`, `contact`, `silent_call`, `text_let_go`). Its worker and
its console, which live until the last of its calls is over, need the others. Tried in November 2026: 0.2.0 took a whole
call, sent its text and found it missed on a database at 0026.
"""
NEITHER = {"history", "unanswered"}


def test_tables_have_plural_names() -> None:
    singular = {table.name for table in metadata.tables.values() if re.search("([^s]|ss)$", table.name)}
    assert singular == SINGULAR_SINCE_A_RELEASE | NEITHER


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
