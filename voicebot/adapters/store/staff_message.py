"""Messages to staff that do not go by text, as rows.

A message read to be changed is held until the transaction ends.

Knows: the table staff_messages. Must not know: ranks, channels.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, update

from voicebot.adapters.store.rows import Rows, is_one_of, whole_rows
from voicebot.adapters.store.tables.staff_message import staff_messages as table
from voicebot.domain.staff_message import MessageState, StaffMessage

_NOT_TAKEN_UP = (MessageState.WAITING, MessageState.SUPPRESSED)


class StaffMessageRows:
    """Fulfils `service.ports.StaffOutbox`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, table, StaffMessage)

    def add(self, message: StaffMessage) -> bool:
        """Insert once, unique on purpose and channel, and return False when that message exists already."""
        return self._rows.add_once(message)

    def save(self, message: StaffMessage) -> None:
        """Update what changed."""
        self._rows.save(message)

    def get(self, message_id: str) -> StaffMessage | None:
        """Return the message, held until the transaction ends, or None."""
        return self._rows.get(message_id, is_locked=True)

    def of_purpose(self, purpose: str) -> Sequence[StaffMessage]:
        """Return the messages of a purpose, oldest first."""
        found = self._rows.select().where(table.c.purpose == purpose)
        return self._rows.every(found.order_by(table.c.created_at, table.c.id))

    def by_receipt(self, channel: str, receipt: str) -> StaffMessage | None:
        """Return the message that the other side calls so, held until the transaction ends, or None."""
        found = self._rows.select().where(table.c.receipt == receipt, table.c.channel == channel)
        return self._rows.first(found.with_for_update()) if receipt else None

    def claim(self, message_id: str, now: datetime) -> StaffMessage | None:
        """Move a due message from WAITING to SENDING and count the attempt, and return None when another did or it is
        not due.
        """
        claimed = self._connection.execute(
            update(table)
            .where(table.c.id == message_id, table.c.state == MessageState.WAITING, table.c.not_before <= now)
            .values(state=MessageState.SENDING, state_at=now, attempts=table.c.attempts + 1)
        )
        return self._rows.get(message_id) if claimed.rowcount == 1 else None

    def due(self, now: datetime, limit: int) -> Sequence[StaffMessage]:
        """Return waiting messages whose time has come, the longest due first."""
        return self._rows.every(_DUE, now=now, most=limit)

    def stuck(self, states: Iterable[MessageState], before: datetime, limit: int) -> Sequence[StaffMessage]:
        """Return messages whose state is one of these and has not changed since before the instant."""
        return self._rows.every(_stuck(frozenset(states)), before=before, most=limit)

    def of_ticket(self, ticket_id: str) -> Sequence[StaffMessage]:
        """Return a ticket's messages, oldest first."""
        found = self._rows.select().where(table.c.ticket_id == ticket_id)
        return self._rows.every(found.order_by(table.c.created_at, table.c.id))

    def count_to(self, member_id: str, channel: str, since: datetime) -> int:
        """Count messages to a member by a channel, written at or after the instant, that were taken up."""
        counted = select(func.count()).where(
            table.c.member_id == member_id,
            table.c.channel == channel,
            table.c.created_at >= since,
            table.c.state.not_in(_NOT_TAKEN_UP),
        )
        return int(self._connection.scalar(counted) or 0)


_DUE = (
    whole_rows(table, StaffMessage)
    .where(table.c.state == MessageState.WAITING, table.c.not_before <= bindparam("now"))
    .order_by(table.c.not_before, table.c.created_at)
    .limit(bindparam("most"))
)


@cache
def _stuck(states: frozenset[MessageState]) -> Select[Any]:
    return (
        whole_rows(table, StaffMessage)
        .where(is_one_of(table.c.state, states), table.c.state_at < bindparam("before"))
        .order_by(table.c.state_at)
        .limit(bindparam("most"))
    )
