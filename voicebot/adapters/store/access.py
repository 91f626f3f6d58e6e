"""Who saw which case and heard which voice, as rows.

Knows: the table case_access. Must not know: what counts as one access.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from voicebot.adapters.store.rows import Rows
from voicebot.adapters.store.tables.access import case_accesses
from voicebot.domain.access import CaseAccess


class AccessRows:
    """Fulfils `service.ports.CaseAccesses`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, case_accesses, CaseAccess)

    def add(self, access: CaseAccess) -> None:
        """Append."""
        self._rows.add(access)

    def of_ticket(self, ticket_id: str, *, since: datetime | None = None) -> Sequence[CaseAccess]:
        """Return a ticket's accesses, oldest first."""
        table = case_accesses
        found = self._rows.select().where(table.c.ticket_id == ticket_id)
        if since is not None:
            found = found.where(table.c.at >= since)
        return self._rows.every(found.order_by(table.c.at, table.c.row))
