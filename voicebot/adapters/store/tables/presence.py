"""The table of who has which case open. It tells of staff only.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, String, Table

from voicebot.adapters.store.tables.shared import instant_column, metadata

presences = Table(
    "presences",
    metadata,
    Column("ticket_id", String(64), ForeignKey("tickets.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("member_id", String(64), nullable=False),
    instant_column("seen_at"),
    PrimaryKeyConstraint("ticket_id", "member_id"),
)
