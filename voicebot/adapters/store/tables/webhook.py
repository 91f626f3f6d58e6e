"""Tables of outgoing webhooks. They hold endpoints, and what is on its way to them or was delivered.

A secret signs, and whoever has it can pass for us at the endpoint. So it is kept sealed.
Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from voicebot.adapters.store.columns import NameList, StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.webhook import DeliveryState, Detail, WebhookEvent

webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    id_column(),
    Column("url", Text, nullable=False),
    Column("events", NameList, nullable=False),
    Column("detail", StateName(Detail), nullable=False),
    Column("sealed_secret", String(500), nullable=False),
    Column("old_sealed_secret", String(500), nullable=False),
    instant_column("old_secret_until", is_optional=True),
    instant_column("created_at"),
    Column("created_by", String(64), nullable=False),
    instant_column("failing_since", is_optional=True),
    Column("failures", Integer, nullable=False),
    instant_column("quiet_until", is_optional=True),
    instant_column("off_at", is_optional=True),
    Column("off_reason", Text, nullable=False),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    id_column(),
    Column("endpoint_id", String(64), ForeignKey("webhook_endpoints.id"), nullable=False),
    Column("message_id", String(80), nullable=False),
    Column("sequence", Integer, nullable=False),
    link_column("tickets", "ticket_id", is_optional=True),
    Column("event", StateName(WebhookEvent), nullable=False),
    Column("body", Text, nullable=False, info=PERSONAL),
    Column("state", StateName(DeliveryState), nullable=False),
    instant_column("at"),
    instant_column("not_before"),
    instant_column("state_at"),
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    instant_column("planned_at", is_optional=True),
    Column("status", Integer),
    Column("answer", Text, nullable=False, info=PERSONAL),
    UniqueConstraint("message_id", "endpoint_id"),
)
Index("ix_webhook_deliveries_ticket", webhook_deliveries.c.ticket_id)
Index("ix_webhook_deliveries_at", webhook_deliveries.c.at)
Index("ix_webhook_deliveries_due", webhook_deliveries.c.state, webhook_deliveries.c.not_before)
Index(
    "ix_webhook_deliveries_endpoint_due",
    webhook_deliveries.c.endpoint_id,
    webhook_deliveries.c.state,
    webhook_deliveries.c.not_before,
)
Index("ix_webhook_deliveries_stuck_due", webhook_deliveries.c.state, webhook_deliveries.c.state_at)
