"""Events of calls and the workers' signs of life, as rows.

Knows: the tables call_event, worker_beat. Must not know: what an event means.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from voicebot.adapters.store.rows import Rows, insert_once
from voicebot.adapters.store.tables.events import call_events, worker_beats
from voicebot.domain.call_event import CallEvent

LONGEST_DETAIL = 200
"""Characters, because an event is a remark, not a document."""


class EventRows:
    """Fulfils `service.ports.CallEvents`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, call_events, CallEvent)

    def add(self, event: CallEvent) -> None:
        """Append, where a long detail is cut."""
        self._rows.add(replace(event, detail=event.detail[:LONGEST_DETAIL]))

    def of_ticket(self, ticket_id: str) -> Sequence[CallEvent]:
        """Return a ticket's events in the order of their instants, then as they were written."""
        found = self._rows.select().where(call_events.c.ticket_id == ticket_id)
        return self._rows.every(found.order_by(call_events.c.at, call_events.c.row))


class BeatRows:
    """Fulfils `service.ports.WorkerBeats`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def show(self, worker: str, at: datetime, swept_at: datetime) -> None:
        """Write the worker's row, whether it is there or not."""
        row = {"at": at, "swept_at": swept_at}
        if not insert_once(self._connection, worker_beats, {"worker": worker, **row}):
            self._connection.execute(worker_beats.update().where(worker_beats.c.worker == worker).values(**row))
