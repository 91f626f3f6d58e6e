"""Outgoing webhooks, as rows. They are lines of the history that nobody was told of, endpoints and deliveries.

A line that others are told of bears its instant as `untold_since`, in the transaction that wrote it. So no second row
is written while a caller waits, and nothing is lost between a commit and a telling.

Rows are held in one order, so that no two wait for each other: endpoints before deliveries, and of both the lower id
first. The worker waits for no delivery that somebody is erasing.
Knows: the tables webhook_endpoints, webhook_deliveries, history. Must not know: what an event holds, HTTP.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, or_, select, update

from voicebot.adapters.store.about import is_counted
from voicebot.adapters.store.rows import Rows, delete_rows, hold, may_hold_rows, whole_rows
from voicebot.adapters.store.tables.ticket import history
from voicebot.adapters.store.tables.webhook import webhook_deliveries as table
from voicebot.adapters.store.tables.webhook import webhook_endpoints as endpoints
from voicebot.domain.about import THE_MACHINE, Reader
from voicebot.domain.ticket import HistoryEntry
from voicebot.domain.webhook import DeliveryState, WebhookDelivery, WebhookEndpoint


class WebhookRows:
    """Fulfils `service.ports.Webhooks`."""

    def __init__(self, connection: Connection, *, reader: Reader = THE_MACHINE) -> None:
        self._connection = connection
        self._reader = reader
        self._endpoints = Rows(connection, endpoints, WebhookEndpoint)
        self._deliveries = Rows(connection, table, WebhookDelivery)
        self._history = Rows(connection, history, HistoryEntry)

    def has_work(self, now: datetime, claimed_before: datetime) -> bool:
        """Tell whether there are lines that nobody was told of, or what was claimed before the instant."""
        asked = {"now": now, "claimed_before": claimed_before}
        return any(self._connection.scalar(each, asked) for each in (_HAS_UNTOLD, _HAS_STUCK))

    def untold(self, now: datetime, limit: int) -> Sequence[tuple[int, HistoryEntry]]:
        """Return lines that nobody was told of with their numbers, held until the transaction ends, oldest first."""
        hold(self._connection, "webhooks:untold")
        return self._history.numbered(_UNTOLD, now=now, most=limit)

    def mark_told(self, rows: Sequence[int]) -> None:
        """Note that whoever wants to know of these lines is told."""
        self._connection.execute(update(history).where(history.c.row.in_(rows)).values(untold_since=None))

    def add_endpoint(self, endpoint: WebhookEndpoint) -> None:
        """Append."""
        self._endpoints.add(endpoint)

    def save_endpoint(self, endpoint: WebhookEndpoint) -> None:
        """Update what changed."""
        self._endpoints.save(endpoint)

    def endpoint(self, endpoint_id: str) -> WebhookEndpoint | None:
        """Return the endpoint, held until the transaction ends, or None."""
        return self._endpoints.get(endpoint_id, is_locked=True)

    def hold_endpoints(self, endpoint_ids: Collection[str]) -> Sequence[WebhookEndpoint]:
        """Return those that are there, by id, held in this order until the transaction ends."""
        return self._held(endpoints.c.id.in_(endpoint_ids))

    def hold_endpoints_of(self, delivery_ids: Collection[str]) -> Sequence[WebhookEndpoint]:
        """The same for the endpoints of deliveries."""
        return self._held(endpoints.c.id.in_(select(table.c.endpoint_id).where(table.c.id.in_(delivery_ids))))

    def endpoints(self) -> Sequence[WebhookEndpoint]:
        """Return every endpoint, oldest first."""
        return self._endpoints.every(self._endpoints.select().order_by(endpoints.c.created_at, endpoints.c.id))

    def remove_endpoint(self, endpoint_id: str) -> None:
        """Delete an endpoint with what is on its way to it, and its log."""
        delete_rows(self._connection, table, table.c.endpoint_id == endpoint_id)
        self._connection.execute(delete(endpoints).where(endpoints.c.id == endpoint_id))

    def add(self, delivery: WebhookDelivery) -> None:
        """Append, unique on (message, endpoint)."""
        self._deliveries.add(delivery)

    def save(self, delivery: WebhookDelivery) -> None:
        """Update what changed."""
        self._deliveries.save(delivery)

    def get(self, delivery_id: str) -> WebhookDelivery | None:
        """Return the delivery, held until the transaction ends, or None."""
        return self._deliveries.get(delivery_id, is_locked=True)

    def endpoints_due(self, now: datetime) -> Sequence[str]:
        """Return ids of endpoints that are on, do not want to be left alone, and to which something is due."""
        return list(self._connection.scalars(_ENDPOINTS_DUE, {"now": now}))

    def due_to(self, endpoint_id: str, now: datetime, limit: int) -> Sequence[str]:
        """Return ids of what is due to an endpoint, in the order in which it happened."""
        return list(self._connection.scalars(_DUE_TO, {"endpoint_id": endpoint_id, "now": now, "most": limit}))

    def claim(self, delivery_id: str, now: datetime) -> WebhookDelivery | None:
        """Move a due delivery from WAITING to SENDING and count the attempt, and return None when another did or it is
        not due.
        """
        claimed = self._connection.execute(
            update(table)
            .where(table.c.id == delivery_id, table.c.state == DeliveryState.WAITING, table.c.not_before <= now)
            .values(state=DeliveryState.SENDING, state_at=now, attempts=table.c.attempts + 1)
        )
        return self._deliveries.get(delivery_id) if claimed.rowcount == 1 else None

    def cut_off(self, claimed_before: datetime) -> Sequence[WebhookDelivery]:
        """Return what was claimed before the instant and never settled, held until the transaction ends.

        What somebody else holds is left for the next look.
        """
        claimed = table.c.state == DeliveryState.SENDING, table.c.state_at < claimed_before
        return self._deliveries.every(self._deliveries.select().where(*claimed).with_for_update(skip_locked=True))

    def make_due(self, endpoint_id: str, now: datetime) -> None:
        """Let all that waits for an endpoint be due now, but for what somebody is erasing. Its schedule stands."""
        waits = table.c.endpoint_id == endpoint_id, table.c.state == DeliveryState.WAITING, table.c.not_before > now
        planned = func.coalesce(table.c.planned_at, table.c.not_before)
        free = select(table.c.id).where(*waits).with_for_update(skip_locked=True)
        self._connection.execute(update(table).where(table.c.id.in_(free)).values(not_before=now, planned_at=planned))

    def latest(self, limit: int, *, endpoint_id: str = "", only_failed: bool = False) -> Sequence[WebhookDelivery]:
        """Return the newest deliveries, those of one endpoint or those in vain alone where asked."""
        found = self._deliveries.select().order_by(table.c.at.desc(), table.c.id.desc()).limit(limit)
        if endpoint_id:
            found = found.where(table.c.endpoint_id == endpoint_id)
        return self._deliveries.every(found.where(table.c.state == DeliveryState.FAILED) if only_failed else found)

    def count_waiting(self, endpoint_id: str) -> int:
        """Count what is on its way to an endpoint, without what tells of a case that the reader may not see."""
        is_theirs = or_(table.c.ticket_id.is_(None), is_counted(table.c.ticket_id, self._reader))
        waiting = table.c.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))
        counted = select(func.count()).where(table.c.endpoint_id == endpoint_id, waiting, is_theirs)
        return int(self._connection.scalar(counted) or 0)

    def _held(self, condition: ColumnElement[bool]) -> Sequence[WebhookEndpoint]:
        found = self._endpoints.select().where(condition).order_by(endpoints.c.id)
        return self._endpoints.every(found.with_for_update() if may_hold_rows(self._connection) else found)


_HAS_UNTOLD = select(select(history.c.row).where(history.c.untold_since <= bindparam("now")).exists())
_HAS_STUCK = select(
    select(table.c.id)
    .where(table.c.state == DeliveryState.SENDING, table.c.state_at < bindparam("claimed_before"))
    .exists()
)
_IS_DUE = (table.c.state == DeliveryState.WAITING, table.c.not_before <= bindparam("now"), table.c.body != "")
"""Without a body its case was erased meanwhile."""
_ENDPOINTS_DUE = (
    select(table.c.endpoint_id)
    .join(endpoints, endpoints.c.id == table.c.endpoint_id)
    .where(*_IS_DUE, endpoints.c.off_at.is_(None))
    .where(or_(endpoints.c.quiet_until.is_(None), endpoints.c.quiet_until <= bindparam("now")))
    .distinct()
)
_DUE_TO = (
    select(table.c.id)
    .where(table.c.endpoint_id == bindparam("endpoint_id"), *_IS_DUE)
    .order_by(table.c.sequence, table.c.at, table.c.id)
    .limit(bindparam("most"))
)
_UNTOLD = (
    select(history.c.row, *whole_rows(history, HistoryEntry).selected_columns)
    .where(history.c.untold_since <= bindparam("now"))
    .order_by(history.c.untold_since, history.c.row)
    .limit(bindparam("most"))
)
