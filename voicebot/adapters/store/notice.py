"""Notices to staff, as rows.

Knows: the table notices. Must not know: rules, channels.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from voicebot.adapters.store.rows import Rows, hold
from voicebot.adapters.store.tables.notice import notices as table
from voicebot.domain.notice import Notice, NoticeState


class NoticeRows:
    """Fulfils `service.ports.Notices`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = Rows(connection, table, Notice)

    def add(self, notice: Notice) -> bool:
        """Insert once, unique on case, event, step and person, and return False when that notice exists already."""
        return self._rows.add_once(notice)

    def save(self, notice: Notice) -> None:
        """Update what changed."""
        self._rows.save(notice)

    def readers_due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of members who have a notice that is due, the longest due first."""
        return list(self._connection.scalars(_READERS_DUE, {"now": now, "most": limit}))

    def open_for(self, member_id: str, now: datetime) -> Sequence[Notice]:
        """Return a member's waiting notices that may be told now, oldest first, while others who ask for them wait."""
        hold(self._connection, f"notices:{member_id}")
        found = self._rows.select().where(
            table.c.member_id == member_id, table.c.state == NoticeState.WAITING, table.c.opens_at <= now
        )
        return self._rows.every(found.order_by(table.c.opens_at, table.c.at, table.c.id))

    def of_bundle(self, bundle: str) -> Sequence[Notice]:
        """Return the notices that one message tells of."""
        return self._rows.every(self._rows.select().where(table.c.bundle == bundle).order_by(table.c.id))

    def of_ticket(self, ticket_id: str) -> Sequence[Notice]:
        """Return a case's notices, oldest first."""
        found = self._rows.select().where(table.c.ticket_id == ticket_id)
        return self._rows.every(found.order_by(table.c.at, table.c.id))


_READERS_DUE = (
    select(table.c.member_id)
    .where(table.c.state == NoticeState.WAITING, table.c.due_at <= bindparam("now"))
    .group_by(table.c.member_id)
    .order_by(func.min(table.c.due_at), table.c.member_id)
    .limit(bindparam("most"))
)
