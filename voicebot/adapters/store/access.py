"""Who saw which case and heard which voice, as rows.

Knows: the tables case_access and list_exports. Must not know: what counts as one access.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection

from voicebot.adapters.store.rows import Rows
from voicebot.adapters.store.tables.access import case_accesses, list_exports
from voicebot.domain.access import CaseAccess, Export


class AccessRows:
    """Fulfils `service.ports.CaseAccesses`."""

    def __init__(self, connection: Connection) -> None:
        self._rows = Rows(connection, case_accesses, CaseAccess)
        self._exports = Rows(connection, list_exports, Export)

    def add_all(self, accesses: Sequence[CaseAccess]) -> None:
        """Append, by one statement."""
        self._rows.add_all(accesses)

    def add_export(self, export: Export) -> None:
        """Append."""
        self._exports.add(export)

    def exports(self) -> Sequence[Export]:
        """Return every list that was taken along, oldest first."""
        return self._exports.every(self._exports.select().order_by(list_exports.c.at, list_exports.c.row))

    def of_ticket(self, ticket_id: str) -> Sequence[CaseAccess]:
        """Return a ticket's accesses, oldest first."""
        return self._those(_ACCESS.ticket_id == ticket_id)

    def of_tickets(self, ticket_ids: Collection[str], *, since: datetime) -> Sequence[CaseAccess]:
        """Return accesses of some tickets since an instant, oldest first."""
        return self._those(_ACCESS.ticket_id.in_(ticket_ids), _ACCESS.at >= since)

    def _those(self, *conditions: ColumnElement[bool]) -> Sequence[CaseAccess]:
        return self._rows.every(self._rows.select().where(*conditions).order_by(_ACCESS.at, _ACCESS.row))


_ACCESS = case_accesses.c
