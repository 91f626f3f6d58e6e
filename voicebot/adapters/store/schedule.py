"""ScheduledTasks and what connecting a number replaced, as rows.

Knows: the tables of tasks and of connected numbers. Must not know: what a task does, what a setting means.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select, update

from voicebot.adapters.store.rows import Rows, hold, insert_once, whole_rows
from voicebot.adapters.store.tables.schedule import connected_numbers, scheduled_tasks
from voicebot.service.ports import KeptSettings, TaskState


class ScheduleRows:
    """Fulfils `service.ports.ScheduledTasks`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, scheduled_tasks, TaskState)

    def get(self, name: str) -> TaskState:
        """Return where the task stands, where one without a row never ran."""
        return self._rows.only(_OF_NAME, name=name) or TaskState(name=name)

    def lock(self, name: str) -> TaskState:
        """Return the same and hold it, so that who asks next waits until this unit of work ends."""
        hold(self._connection, f"errand:{name}")
        return self.get(name)

    def save(self, state: TaskState) -> None:
        """Write the row, whether it is there or not."""
        values = {"last_run_at": state.last_run_at, "not_before": state.not_before}
        if not insert_once(self._connection, scheduled_tasks, {"name": state.name, **values}):
            self._connection.execute(_SAVE, {"of": state.name} | values)


class KeptNumberRows:
    """Fulfils `service.ports.KeptNumbers`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, connected_numbers, KeptSettings)

    def add(self, kept: KeptSettings) -> None:
        """Append, since nothing here changes or removes a row."""
        self._rows.add(kept)

    def standing(self, number_sid: str) -> Sequence[KeptSettings]:
        """Return the changes of the number that no later row undoes, newest first."""
        table = connected_numbers
        undone = select(table.c.undoes).where(table.c.undoes.is_not(None))
        return self._rows.every(
            self._rows.select()
            .where(table.c.number_sid == number_sid, table.c.undoes.is_(None), table.c.id.not_in(undone))
            .order_by(table.c.at.desc(), table.c.id.desc())
        )


_OF_NAME = whole_rows(scheduled_tasks, TaskState).where(scheduled_tasks.c.name == bindparam("name"))
_SAVE = (
    update(scheduled_tasks)
    .where(scheduled_tasks.c.name == bindparam("of"))
    .values(last_run_at=bindparam("last_run_at"), not_before=bindparam("not_before"))
)
