"""Promises, breaches and the steps climbed, as rows.

Knows: the tables promises, breaches, steps, climb_plan. Must not know: calendars, ladders.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import Rows, hold, insert_once, is_none_new, may_hold_rows, whole_rows
from voicebot.adapters.store.tables.climb_plan import climb_plans
from voicebot.domain.escalation import StepTaken
from voicebot.domain.promise import Breach, CallbackWindow, Promise, PromiseState


class PromiseRows:
    """Fulfils `service.ports.Promises`."""

    def __init__(self, connection: Connection, *, is_new_case: Callable[[str], bool] = is_none_new) -> None:
        self._connection = connection
        self._is_new_case = is_new_case
        self._promises = Rows(connection, tables.promises, Promise)
        self._breaches = Rows(connection, tables.breaches, Breach)
        self._steps = Rows(connection, tables.steps, StepTaken)

    def add(self, promise: Promise, *, next_warning_at: datetime | None = None) -> None:
        """Insert a promise, and when it is to be warned about first."""
        self._promises.add(promise, next_warning_at=next_warning_at)

    def save(self, promise: Promise) -> None:
        """Update what changed."""
        self._promises.save(promise)

    def get(self, promise_id: str) -> Promise | None:
        """Return the promise, or None."""
        return self._promises.get(promise_id)

    def lock(self, promise_id: str) -> Promise | None:
        """Return the promise and hold it until the transaction ends."""
        return self._promises.get(promise_id, is_locked=True)

    def of_ticket(self, ticket_id: str) -> Sequence[Promise]:
        """Return a ticket's promises, oldest first."""
        return self._promises.of_case(_OF_TICKET, ticket_id, is_new=self._is_new_case(ticket_id))

    def open_of_ticket(self, ticket_id: str) -> Promise | None:
        """Return the ticket's open promise, held until the transaction ends, because it may be about to be settled.

        One that was made here is held already, because nobody else sees it.
        """
        made_here = (promise for promise in self._promises.own if promise.ticket_id == ticket_id)
        if (mine := next((promise for promise in made_here if promise.state is PromiseState.OPEN), None)) is not None:
            return mine
        if self._is_new_case(ticket_id):
            return None
        look = partial(self._promises.only, ticket_id=ticket_id)
        # PostgreSQL drops a row that was moved while it was waited for, and finds its follower only by a new look.
        while (standing := look(_OPEN)) is not None and may_hold_rows(self._connection):
            held = look(_OPEN_HELD)
            if held is not None:
                return held
        return standing

    def closed_unkept(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Return open promises whose window closed at or before now, the longest missed first."""
        return self._promises.every(_CLOSED_UNKEPT, now=now, most=limit)

    def warnings_due(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Return open promises whose next warning has come."""
        return self._promises.every(_WARNINGS_DUE, now=now, most=limit)

    def set_next_warning(self, promise_id: str, at: datetime | None) -> None:
        """Say when this promise is to be warned about next, or None for never again."""
        self._connection.execute(_SET_NEXT_WARNING, {"key": promise_id, "at": at})

    def open_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """Count the open promises of each window that closes after an instant, while a rival who asks waits until we
        end.
        """
        return self._count_windows(_OPEN_WINDOWS, closing_after)

    def silent_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """Count those made to callers who left neither a word nor a key."""
        return self._count_windows(_SILENT_WINDOWS, closing_after)

    def _count_windows(self, counted: Select[Any], closing_after: datetime) -> Mapping[CallbackWindow, int]:
        hold(self._connection, "windows")
        rows = self._connection.execute(counted, {"closing_after": closing_after})
        return {CallbackWindow(opens_at=opens, closes_at=closes): count for opens, closes, count in rows}

    def plan(self, subject_id: str) -> str | None:
        """Return the plan kept for a breach or a promise, or None."""
        return self._connection.scalar(_PLAN, {"subject_id": subject_id})

    def keep_plan(self, subject_id: str, steps_json: str) -> None:
        """Insert once."""
        insert_once(self._connection, climb_plans, {"subject_id": subject_id, "steps_json": steps_json})

    def add_breach(self, breach: Breach) -> bool:
        """Insert the breach of a promise once, and return False when it stood already."""
        return self._breaches.add_once(breach)

    def save_breach(self, breach: Breach) -> None:
        """Update what changed."""
        self._breaches.save(breach)

    def breaches_of_ticket(self, ticket_id: str) -> Sequence[Breach]:
        """Return a ticket's breaches, oldest first."""
        return self._breaches.every(_BREACHES, ticket_id=ticket_id)

    def breaches_due(self, now: datetime, limit: int) -> Sequence[Breach]:
        """Return breaches not ended whose next step has come, the longest due first."""
        return self._breaches.every(_BREACHES_DUE, now=now, most=limit)

    def take_step(self, step: StepTaken) -> bool:
        """Insert the step once, unique on (subject, step), and return False when it was taken before."""
        return self._steps.add_once(step)

    def save_step(self, step: StepTaken) -> None:
        """Update whom a step that was taken has told."""
        self._connection.execute(_SAVE_STEP, {"of": step.subject_id, "named": step.step, "new_told": step.told})

    def steps(self, ticket_id: str) -> Sequence[StepTaken]:
        """Return the steps taken for a ticket, oldest first."""
        return self._steps.every(_STEPS, ticket_id=ticket_id)


_PROMISES = tables.promises.c
_OF_TICKET = (
    whole_rows(tables.promises, Promise)
    .where(_PROMISES.ticket_id == bindparam("ticket_id"))
    .order_by(_PROMISES.made_at, _PROMISES.attempt, _PROMISES.id)
)
_OPEN = (
    whole_rows(tables.promises, Promise)
    .where(_PROMISES.ticket_id == bindparam("ticket_id"), _PROMISES.state == PromiseState.OPEN)
    .order_by(_PROMISES.made_at.desc())
    .limit(1)
)
_OPEN_HELD = _OPEN.with_for_update()
_SET_NEXT_WARNING = (
    update(tables.promises).where(_PROMISES.id == bindparam("key")).values(next_warning_at=bindparam("at"))
)
_OPEN_WINDOWS = (
    select(_PROMISES.window_opens_at, _PROMISES.window_closes_at, func.count())
    .where(_PROMISES.state == PromiseState.OPEN, _PROMISES.window_closes_at > bindparam("closing_after"))
    .group_by(_PROMISES.window_closes_at, _PROMISES.window_opens_at)
)
_SILENT_WINDOWS = _OPEN_WINDOWS.where(_PROMISES.is_silent)
_PLAN = select(climb_plans.c.steps_json).where(climb_plans.c.subject_id == bindparam("subject_id"))
_SAVE_STEP = (
    update(tables.steps)
    .where(tables.steps.c.subject_id == bindparam("of"), tables.steps.c.step == bindparam("named"))
    .values(told=bindparam("new_told"))
)
_STEPS = (
    whole_rows(tables.steps, StepTaken)
    .where(tables.steps.c.ticket_id == bindparam("ticket_id"))
    .order_by(tables.steps.c.taken_at, tables.steps.c.due_at, tables.steps.c.step)
)
_CLOSED_UNKEPT = (
    whole_rows(tables.promises, Promise)
    .where(_PROMISES.state == PromiseState.OPEN, _PROMISES.window_closes_at <= bindparam("now"))
    .order_by(_PROMISES.window_closes_at)
    .limit(bindparam("most"))
)
_WARNINGS_DUE = (
    whole_rows(tables.promises, Promise)
    .where(
        _PROMISES.state == PromiseState.OPEN,
        _PROMISES.next_warning_at.is_not(None),
        _PROMISES.next_warning_at <= bindparam("now"),
    )
    .order_by(_PROMISES.next_warning_at)
    .limit(bindparam("most"))
)
_BREACH = tables.breaches.c
_BREACHES_DUE = (
    whole_rows(tables.breaches, Breach)
    .where(_BREACH.ended_at.is_(None), _BREACH.next_step_at.is_not(None), _BREACH.next_step_at <= bindparam("now"))
    .order_by(_BREACH.next_step_at)
    .limit(bindparam("most"))
)
_BREACHES = (
    whole_rows(tables.breaches, Breach)
    .where(tables.breaches.c.ticket_id == bindparam("ticket_id"))
    .order_by(tables.breaches.c.at, tables.breaches.c.id)
)
