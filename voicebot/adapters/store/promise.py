"""Promises, breaches and the steps climbed, as rows.

Knows: the tables promises, breaches, steps, climb_plan. Must not know: calendars, ladders.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import Rows, hold, insert_once
from voicebot.adapters.store.tables.climb_plan import climb_plans
from voicebot.domain.escalation import StepTaken
from voicebot.domain.promise import Breach, CallbackWindow, Promise, PromiseState


class PromiseRows:
    """Fulfils `service.ports.Promises`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._promises = Rows(connection, tables.promises, Promise)
        self._breaches = Rows(connection, tables.breaches, Breach)
        self._steps = Rows(connection, tables.steps, StepTaken)

    def add(self, promise: Promise) -> None:
        """Insert a promise."""
        self._promises.add(promise)

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
        table = tables.promises
        return self._promises.every(
            self._promises.select()
            .where(table.c.ticket_id == ticket_id)
            .order_by(table.c.made_at, table.c.attempt, table.c.id)
        )

    def open_of_ticket(self, ticket_id: str) -> Promise | None:
        """Return the ticket's open promise, held until the transaction ends: it may be about to be settled."""
        table = tables.promises
        found = (
            self._promises.select()
            .where(table.c.ticket_id == ticket_id, table.c.state == PromiseState.OPEN)
            .order_by(table.c.made_at.desc())
        )
        # PostgreSQL drops a row that was moved while it was waited for, and finds its follower only by a new look.
        while (standing := self._promises.first(found)) is not None and self._connection.dialect.name == "postgresql":
            held = self._promises.first(found.with_for_update())
            if held is not None:
                return held
        return standing

    def closed_unkept(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Return open promises whose window closed at or before now, the longest missed first."""
        table = tables.promises
        return self._promises.every(
            self._promises.select()
            .where(table.c.state == PromiseState.OPEN, table.c.window_closes_at <= now)
            .order_by(table.c.window_closes_at)
            .limit(limit)
        )

    def warnings_due(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Return open promises whose next warning has come."""
        table = tables.promises
        return self._promises.every(
            self._promises.select()
            .where(
                table.c.state == PromiseState.OPEN, table.c.next_warning_at.is_not(None), table.c.next_warning_at <= now
            )
            .order_by(table.c.next_warning_at)
            .limit(limit)
        )

    def set_next_warning(self, promise_id: str, at: datetime | None) -> None:
        """Say when this promise is to be warned about next; None for never again."""
        table = tables.promises
        self._connection.execute(update(table).where(table.c.id == promise_id).values(next_warning_at=at))

    def open_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """Count the open promises of each window that closes after an instant; a rival who asks waits until we end."""
        return self._count_windows(closing_after)

    def silent_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """Count those made to callers who left neither a word nor a key."""
        return self._count_windows(closing_after, tables.promises.c.is_silent)

    def _count_windows(self, closing_after: datetime, *which: ColumnElement[bool]) -> Mapping[CallbackWindow, int]:
        hold(self._connection, "windows")
        opens_at, closes_at = tables.promises.c.window_opens_at, tables.promises.c.window_closes_at
        counted = (
            select(opens_at, closes_at, func.count())
            .where(tables.promises.c.state == PromiseState.OPEN, closes_at > closing_after, *which)
            .group_by(closes_at, opens_at)
        )
        rows = self._connection.execute(counted)
        return {CallbackWindow(opens_at=opens, closes_at=closes): count for opens, closes, count in rows}

    def plan(self, subject_id: str) -> str | None:
        """Return the plan kept for a breach or a promise, or None."""
        found = select(climb_plans.c.steps_json).where(climb_plans.c.subject_id == subject_id)
        return self._connection.scalar(found)

    def keep_plan(self, subject_id: str, steps_json: str) -> None:
        """Insert once."""
        insert_once(self._connection, climb_plans, {"subject_id": subject_id, "steps_json": steps_json})

    def add_breach(self, breach: Breach) -> bool:
        """Insert the breach of a promise once; False when it stood already."""
        return self._breaches.add_once(breach)

    def save_breach(self, breach: Breach) -> None:
        """Update what changed."""
        self._breaches.save(breach)

    def breaches_of_ticket(self, ticket_id: str) -> Sequence[Breach]:
        """Return a ticket's breaches, oldest first."""
        table = tables.breaches
        return self._breaches.every(
            self._breaches.select().where(table.c.ticket_id == ticket_id).order_by(table.c.at, table.c.id)
        )

    def breaches_due(self, now: datetime, limit: int) -> Sequence[Breach]:
        """Return breaches not ended whose next step has come, the longest due first."""
        table = tables.breaches
        return self._breaches.every(
            self._breaches.select()
            .where(table.c.ended_at.is_(None), table.c.next_step_at.is_not(None), table.c.next_step_at <= now)
            .order_by(table.c.next_step_at)
            .limit(limit)
        )

    def take_step(self, step: StepTaken) -> bool:
        """Insert the step once, unique on (subject, step); False when it was taken before."""
        return self._steps.add_once(step)

    def steps(self, ticket_id: str) -> Sequence[StepTaken]:
        """Return the steps taken for a ticket, oldest first."""
        table = tables.steps
        return self._steps.every(
            self._steps.select()
            .where(table.c.ticket_id == ticket_id)
            .order_by(table.c.taken_at, table.c.due_at, table.c.step)
        )
