"""Who saw which case and heard which voice, as rows.

Knows: the table case_access. Must not know: what counts as one access.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection

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

    def of_ticket(self, ticket_id: str) -> Sequence[CaseAccess]:
        """Return a ticket's accesses, oldest first."""
        return self._those(_ACCESS.ticket_id == ticket_id)

    def of_tickets(self, ticket_ids: Collection[str], *, since: datetime) -> Sequence[CaseAccess]:
        """Return accesses of some tickets since an instant, oldest first."""
        return self._those(_ACCESS.ticket_id.in_(ticket_ids), _ACCESS.at >= since)

    def _those(self, *conditions: ColumnElement[bool]) -> Sequence[CaseAccess]:
        return self._rows.every(self._rows.select().where(*conditions).order_by(_ACCESS.at, _ACCESS.row))


_ACCESS = case_accesses.c
