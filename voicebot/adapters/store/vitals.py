"""How the house is, read beside the transactions. No lock is taken, so that nobody waits for those who only look.

What is overdue is found by the indexes that the sweeps use, and counted up to a limit, so a check costs what is wrong,
not what is stored. Figures read one index for each kind (`tests/adapters/store/test_vitals.py` asks the planner).
Knows: tables, indexes. Must not know: what is judged by it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache, cached_property
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import ColumnElement, Connection, Engine, Table, bindparam, func, literal, select, union_all
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from voicebot.adapters.store import tables
from voicebot.adapters.store.columns import UtcInstant
from voicebot.adapters.store.schema import newest
from voicebot.adapters.store.tables.events import worker_beats
from voicebot.domain.call import CallStatus
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.staff_message import MessageState
from voicebot.domain.ticket import AnswerState
from voicebot.errors import Unavailable
from voicebot.service.ports.vitals import MOST_COUNTED, Beat, Deadline, Figures, VitalSigns

_BEATS_READ = 50
_QUEUES = {
    "recording": AnswerState.AWAITING_RECORDING,
    "transcript": AnswerState.AWAITING_TRANSCRIPT,
    "voice": AnswerState.SPOOLED,
}


class SqlVitals:
    """Fulfils `service.ports.Vitals` on an engine of its own (`open_reader`)."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @cached_property
    def _newest(self) -> str:
        return newest()

    def signs(self, *, now: datetime, overdue_before: datetime, silent_before: datetime) -> VitalSigns:
        """Return beats and what is overdue. Raises: Unavailable."""
        with _looking(self._engine) as connection:
            if MigrationContext.configure(connection).get_current_revision() != self._newest:
                return VitalSigns(is_migrated=False, overdue={})
            counted = connection.execute(_overdue(), {"before": overdue_before, "silent_before": silent_before}).all()
            return VitalSigns(
                is_migrated=True,
                beats=_beats(connection),
                overdue={Deadline(kind): int(count) for kind, count in counted if count},
            )

    def database_time(self) -> datetime | None:
        """Return what time it is at the database server, or None for a file. Raises: Unavailable."""
        if self._engine.dialect.name != "postgresql":
            return None
        with _looking(self._engine) as connection:
            told: datetime = connection.execute(select(func.now())).scalar_one()
            return told

    def figures(self, *, now: datetime) -> Figures:
        """Return the figures. Raises: Unavailable."""
        with _looking(self._engine) as connection:
            promises = _count_by(connection, tables.promises, tables.promises.c.state)
            misses = _count(connection, tables.breaches)
            # Whoever's window was missed is called late or not at all: the promise is KEPT or still BREACHED.
            kept_late = max(0, misses - promises.get(PromiseState.BREACHED, 0))
            calls = _count_by(connection, tables.calls, tables.calls.c.end)
            return Figures(
                calls_by_end={end: count for end, count in calls.items() if end is not None},
                live_calls=_count(connection, tables.calls, tables.calls.c.status == CallStatus.LIVE),
                open_promises=promises.get(PromiseState.OPEN, 0),
                moved_promises=promises.get(PromiseState.MOVED, 0),
                kept_in_time=promises.get(PromiseState.KEPT, 0) - kept_late,
                kept_late=kept_late,
                misses=misses,
                texts_by_state=_count_by(connection, tables.sms, tables.sms.c.state),
                waiting_since=_waiting_since(connection, now),
            )


@contextmanager
def _looking(engine: Engine) -> Iterator[Connection]:
    try:
        with engine.connect() as connection:
            yield connection
    except (DBAPIError, PoolTimeout) as problem:
        raise Unavailable("looking how the house is: the database did not answer") from problem


def _beats(connection: Connection) -> tuple[Beat, ...]:
    newest_first = select(worker_beats).order_by(worker_beats.c.at.desc()).limit(_BEATS_READ)
    return tuple(Beat(**row) for row in connection.execute(newest_first).mappings())


# --- what is overdue ---------------------------------------------------------------------------------------


@cache
def _overdue() -> Any:
    """Return one statement that counts every kind in (kind, count) rows."""
    before, silent_before = (bindparam(name, type_=UtcInstant) for name in ("before", "silent_before"))
    promises, breaches, sms = tables.promises.c, tables.breaches.c, tables.sms.c
    answers, calls, messages = tables.answers.c, tables.calls.c, tables.staff_messages.c
    conditions: dict[Deadline, tuple[ColumnElement[bool], ...]] = {
        Deadline.PROMISE: (promises.state == PromiseState.OPEN, promises.window_closes_at <= before),
        Deadline.STEP: (breaches.ended_at.is_(None), breaches.next_step_at <= before),
        Deadline.WARNING: (promises.state == PromiseState.OPEN, promises.next_warning_at <= before),
        Deadline.DECISION: (tables.decision_terms.c.next_step_at <= before,),
        Deadline.TASK: (tables.case_tasks.c.next_step_at <= before,),
        Deadline.TEXT: (sms.state == SmsState.WAITING, sms.not_before <= before),
        Deadline.MESSAGE: (messages.state == MessageState.WAITING, messages.not_before <= before),
        Deadline.VOICE: (answers.state == AnswerState.SPOOLED, answers.at <= before),
        Deadline.CALL: (calls.status == CallStatus.LIVE, calls.last_heard_at <= silent_before),
    }
    return union_all(*(_counted(kind, found) for kind, found in conditions.items()))


def _counted(kind: Deadline, conditions: tuple[ColumnElement[bool], ...]) -> Any:
    some = select(literal(1)).where(*conditions).limit(MOST_COUNTED).subquery()
    return select(literal(kind.value), func.count()).select_from(some)


# --- figures -----------------------------------------------------------------------------------------------


def _count_by(connection: Connection, table: Table, column: ColumnElement[Any]) -> dict[Any, int]:
    counted = select(column, func.count()).select_from(table).group_by(column)
    return {name: int(count) for name, count in connection.execute(counted)}


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    return int(connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0)


def _waiting_since(connection: Connection, now: datetime) -> dict[str, datetime]:
    sms, answers = tables.sms.c, tables.answers.c
    due = select(func.min(sms.not_before)).where(sms.state == SmsState.WAITING, sms.not_before <= now)
    found = {"text": connection.scalar(due)}
    for queue, state in _QUEUES.items():
        found[queue] = connection.scalar(select(func.min(answers.at)).where(answers.state == state))
    return {queue: at for queue, at in found.items() if at is not None and at <= now + timedelta(seconds=1)}
