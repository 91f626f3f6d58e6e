"""Tables of sessions of the console, and of who saw which case and heard which voice.

Of a session only a digest is kept, so that who reads this table cannot take a session over.
Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.adapters.store.tables.shared import metadata
from voicebot.domain.access import AccessKind

staff_sessions = Table(
    "staff_session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("session_key", String(64), nullable=False),
    Column("began_at", UtcInstant, nullable=False),
)
"""`session_key` is the account's at the login, so a new password or the account's end changes it and ends the
session.
"""
Index("ix_staff_session_began", staff_sessions.c.began_at)

case_accesses = Table(
    "case_access",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("ticket_id", String(64), ForeignKey("tickets.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("kind", StateName(AccessKind), nullable=False),
    Column("answer_id", String(64)),
)
Index("ix_case_access_ticket", case_accesses.c.ticket_id, case_accesses.c.at)

list_exports = Table(
    "list_exports",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("what", String(40), nullable=False),
    Column("asked", String(200), nullable=False),
)
