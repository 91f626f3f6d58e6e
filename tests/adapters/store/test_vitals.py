"""How the house is, read beside the transactions: right on both databases, by indexes, and without waiting."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, event

from tests.builders import (
    MONDAY_TEN,
    a_breach,
    a_call,
    a_case_task,
    a_decision_term,
    a_promise,
    a_staff_message,
    a_ticket,
    an_answer,
    an_sms,
)
from tests.databases import copy_of, url_of
from voicebot.adapters.store import SqlUnitOfWork, SqlVitals, open_engine, open_reader
from voicebot.adapters.store.vitals import MOST_COUNTED
from voicebot.domain.call import CallEnd, CallStatus
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.service.ports import Deadline

Open = Callable[[], SqlUnitOfWork]
LATER = MONDAY_TEN + timedelta(days=1)


@pytest.fixture
def full(unit_of_work: Open) -> None:
    """A ticket with a call of each kind, promises of each outcome, texts and answers that wait."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.calls.add(a_call())
        for number, end in enumerate([CallEnd.COMPLETED, CallEnd.COMPLETED, CallEnd.LOST]):
            ended = {"status": CallStatus.ENDED, "end": end, "ended_at": MONDAY_TEN}
            work.calls.add(a_call(id=f"over-{number}", carrier_call_id=f"CA{number}", **ended))
        states = [PromiseState.OPEN, PromiseState.KEPT, PromiseState.KEPT, PromiseState.BREACHED, PromiseState.MOVED]
        for number, state in enumerate(states, start=1):
            work.promises.add(a_promise(id=f"promise-{number}", state=state))
        work.promises.set_next_warning("promise-1", MONDAY_TEN)
        work.promises.add_breach(a_breach(promise_id="promise-3"))
        work.promises.add_breach(a_breach(id="breach-2", promise_id="promise-4", next_step_at=None))
        work.staff_messages.add(a_staff_message())
        work.decision_terms.add(a_decision_term(next_step_at=MONDAY_TEN))
        work.sms.add(an_sms())
        work.sms.add(an_sms(id="sms-2", purpose="b", not_before=LATER + timedelta(hours=1)))
        work.sms.add(an_sms(id="sms-3", purpose="c", state=SmsState.DELIVERED))
        work.case_tasks.add(a_case_task(due_at=MONDAY_TEN, next_step_at=MONDAY_TEN))
        work.tickets.add_answer(an_answer())
        late = {"state": AnswerState.AWAITING_TRANSCRIPT, "at": MONDAY_TEN + timedelta(minutes=2)}
        work.tickets.add_answer(an_answer(id="answer-2", turn_number=3, **late))
        work.commit()


@pytest.mark.usefixtures("full")
def test_what_is_overdue_is_counted_by_kind(engine: Engine) -> None:
    signs = SqlVitals(engine).signs(now=LATER, overdue_before=LATER, silent_before=LATER)
    assert signs.is_migrated
    assert signs.overdue == dict.fromkeys(Deadline, 1)
    early = MONDAY_TEN - timedelta(seconds=1)
    assert SqlVitals(engine).signs(now=early, overdue_before=early, silent_before=early).overdue == {}


@pytest.mark.usefixtures("full")
def test_figures_are_those_of_the_rows(engine: Engine) -> None:
    figures = SqlVitals(engine).figures(now=LATER)
    assert figures.calls_by_end == {"completed": 2, "lost": 1}
    assert figures.live_calls == 1
    assert (figures.open_promises, figures.moved_promises) == (1, 1)
    assert (figures.kept_in_time, figures.kept_late, figures.misses) == (1, 1, 2)
    assert figures.texts_by_state == {"waiting": 2, "delivered": 1}
    assert figures.waiting_since == {
        "text": MONDAY_TEN,
        "voice": MONDAY_TEN,
        "transcript": MONDAY_TEN + timedelta(minutes=2),
    }


def test_an_empty_house_has_figures_too(engine: Engine) -> None:
    figures = SqlVitals(engine).figures(now=LATER)
    assert (figures.live_calls, figures.calls_by_end, figures.waiting_since) == (0, {}, {})


def test_counting_ends_somewhere(unit_of_work: Open, engine: Engine) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        for number in range(MOST_COUNTED + 5):
            work.sms.add(an_sms(id=f"sms-{number}", purpose=f"p{number}"))
        work.commit()
    signs = SqlVitals(engine).signs(now=LATER, overdue_before=LATER, silent_before=LATER)
    assert signs.overdue == {Deadline.TEXT: MOST_COUNTED}


def test_an_empty_database_is_not_migrated(database_url: str) -> None:
    engine = open_engine(database_url)
    signs = SqlVitals(engine).signs(now=LATER, overdue_before=LATER, silent_before=LATER)
    engine.dispose()
    assert not signs.is_migrated


def test_overdue_things_are_found_by_the_indexes_of_the_sweeps(migrated_file: Path, tmp_path: Path) -> None:
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    sent: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, sql, values, *_: sent.append((sql, values)))
    SqlVitals(engine).signs(now=LATER, overdue_before=LATER, silent_before=LATER)
    ((sql, values),) = [(sql, values) for sql, values in sent if "UNION ALL" in sql]
    with engine.connect() as connection:
        plan = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]  # type: ignore[arg-type]
    engine.dispose()
    reads = [
        line
        for line in plan
        if re.search(r"\b(calls|promises|breaches|decision_terms|case_tasks|sms|staff_messages|answers)\b", line)
    ]
    assert len(reads) == len(Deadline)
    assert [line for line in reads if not re.search(r"SEARCH \w+ USING (COVERING )?INDEX ix_\w+_due", line)] == []


def test_a_reader_does_not_wait_for_a_writer(unit_of_work: Open, engine: Engine) -> None:
    reader = open_reader(url_of(engine))
    vitals = SqlVitals(reader)
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        began = monotonic()
        assert vitals.signs(now=LATER, overdue_before=LATER, silent_before=LATER).is_migrated
        assert monotonic() - began < 1.5
    reader.dispose()


def test_a_database_that_is_away_is_unavailable() -> None:
    vitals = SqlVitals(open_reader("postgresql://nobody@127.0.0.1:1/voicebot"))
    with pytest.raises(Unavailable):
        vitals.figures(now=LATER)


def test_a_reader_changes_nothing_on_postgresql(postgres: str) -> None:
    reader = open_reader(postgres)
    with pytest.raises(Exception, match="read-only"), reader.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE never (x int)")
    reader.dispose()


def test_a_promise_kept_late_counts_as_missed_too(unit_of_work: Open, engine: Engine) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.promises.add(a_promise(state=PromiseState.KEPT))
        work.promises.add_breach(a_breach(next_step_at=None))
        work.commit()
    figures = SqlVitals(engine).figures(now=LATER)
    assert (figures.kept_in_time, figures.kept_late, figures.misses) == (0, 1, 1)


def test_figures_read_indexes_and_no_whole_rows(migrated_file: Path, tmp_path: Path) -> None:
    engine = copy_of(migrated_file, tmp_path / "voicebot.db")
    sent: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, sql, values, *_: sent.append((sql, values)))
    SqlVitals(engine).figures(now=LATER)
    selects = [(sql, values) for sql, values in sent if sql.startswith("SELECT")]
    with engine.connect() as connection:
        plans = [
            row.detail
            for sql, values in selects
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)  # type: ignore[arg-type]
        ]
    engine.dispose()
    assert len(plans) >= 8
    assert [plan for plan in plans if "USING" not in plan] == []
