"""Who has which case open, as rows. The table holds a few rows for each member, for a look that is over is deleted.

Knows: the table presences. Must not know: how long somebody counts as there.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from voicebot.adapters.store.rows import insert_once, whole_rows
from voicebot.adapters.store.tables.presence import presences
from voicebot.domain.presence import Presence

KEPT_FOR = timedelta(hours=1)
"""Far longer than anybody counts as there."""


class PresenceRows:
    """Fulfils `service.ports.Presences`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, presence: Presence) -> None:
        """Update the member's row of this case, or insert it and delete what is over."""
        row, table = asdict(presence), presences.c
        if not insert_once(self._connection, presences, row):
            mine = (table.ticket_id == presence.ticket_id, table.member_id == presence.member_id)
            self._connection.execute(presences.update().where(*mine).values(seen_at=presence.seen_at))
            return
        over = (table.member_id == presence.member_id, table.seen_at < presence.seen_at - KEPT_FOR)
        self._connection.execute(delete(presences).where(*over))

    def of_tickets(self, ticket_ids: Collection[str], since: datetime) -> Sequence[Presence]:
        """Return looks at these cases after an instant, whoever was there first first."""
        table = presences.c
        found = whole_rows(presences, Presence).where(table.ticket_id.in_(ticket_ids), table.seen_at > since)
        rows = self._connection.execute(found.order_by(table.seen_at, table.member_id)).mappings()
        return [Presence(**row) for row in rows]
