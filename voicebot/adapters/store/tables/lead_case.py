"""Which case follows which, and what all that follow one were told.

Knows: names, types, constraints. Must not know: who may follow, when somebody is told.
"""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata

case_followers = Table(
    "case_followers",
    metadata,
    Column("ticket_id", String(64), ForeignKey("tickets.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    link_column("tickets", "lead_id"),
    Column("by", String(64), nullable=False),
    instant_column("at"),
)
Index("ix_case_followers_lead", case_followers.c.lead_id, case_followers.c.at)

lead_updates = Table(
    "lead_updates",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("words", Text, nullable=False, info=PERSONAL),
    Column("by", String(64), nullable=False),
    instant_column("at"),
)
Index("ix_lead_updates_ticket", lead_updates.c.ticket_id, lead_updates.c.at)

lead_update_recipients = Table(
    "lead_update_recipients",
    metadata,
    Column(
        "update_id", String(64), ForeignKey("lead_updates.id", deferrable=True, initially="DEFERRED"), primary_key=True
    ),
    Column("ticket_id", String(64), ForeignKey("tickets.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    instant_column("not_before"),
    instant_column("told_at", is_optional=True),
)
Index(
    "ix_lead_update_recipients_due",
    lead_update_recipients.c.not_before,
    sqlite_where=lead_update_recipients.c.told_at.is_(None),
    postgresql_where=lead_update_recipients.c.told_at.is_(None),
)
