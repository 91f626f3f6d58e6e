"""Tasks on cases as rows.

Knows: the table case_tasks. Must not know: who is told.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.about import asked_by, is_shown
from voicebot.adapters.store.rows import Rows, hold, is_one_of, whole_rows
from voicebot.adapters.store.tables.case_task import case_tasks
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.case_task import CaseTask, TaskKind
from voicebot.domain.ticket import OPEN_STATUSES


class CaseTaskRows:
    """Fulfils `service.ports.CaseTasks`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader
        self._tasks = Rows(connection, case_tasks, CaseTask)

    def hold_amounts(self) -> None:
        """Let whoever promises an amount next, on any case, wait until the transaction ends."""
        hold(self._connection, "amounts")

    def add(self, task: CaseTask) -> None:
        """Insert a task."""
        self._tasks.add(task)

    def save(self, task: CaseTask) -> None:
        """Update what changed."""
        self._tasks.save(task)

    def get(self, task_id: str) -> CaseTask | None:
        """Return the task."""
        return self._tasks.get(task_id)

    def lock(self, task_id: str) -> CaseTask | None:
        """Return the task and hold it until the transaction ends."""
        return self._tasks.get(task_id, is_locked=True)

    def of_ticket(self, ticket_id: str) -> Sequence[CaseTask]:
        """Return a ticket's tasks, oldest first."""
        return self._tasks.every(_OF_TICKET, ticket_id=ticket_id)

    def waiting(self) -> Sequence[CaseTask]:
        """Return tasks that nobody has finished, but for what was asked about a case that is over."""
        return self._tasks.every(_WAITING, **asked_by(self._reader))

    def due(self, now: datetime, limit: int) -> Sequence[CaseTask]:
        """Return tasks whose day has come and was not told, the longest due first."""
        return self._tasks.every(_DUE, now=now, most=limit)


_TASK = case_tasks.c
_OF_TICKET = (
    whole_rows(case_tasks, CaseTask).where(_TASK.ticket_id == bindparam("ticket_id")).order_by(_TASK.asked_at, _TASK.id)
)
_IS_OPEN = select(tables.tickets.c.id).where(
    tables.tickets.c.id == _TASK.ticket_id, is_one_of(tables.tickets.c.status, OPEN_STATUSES)
)
_WAITING = (
    whole_rows(case_tasks, CaseTask)
    .where(is_shown(_TASK.ticket_id), _TASK.done_at.is_(None), or_(_TASK.kind == TaskKind.REMEDY, _IS_OPEN.exists()))
    .order_by(_TASK.due_at, _TASK.id)
)
_DUE = (
    whole_rows(case_tasks, CaseTask)
    .where(_TASK.next_step_at <= bindparam("now"))
    .order_by(_TASK.next_step_at, _TASK.id)
    .limit(bindparam("most"))
)
