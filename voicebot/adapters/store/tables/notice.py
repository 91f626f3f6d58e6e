"""The table of notices to staff, in which nothing tells of a complainant.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, Index, String, Table, Text, UniqueConstraint

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import id_column, instant_column, link_column, metadata
from voicebot.domain.notice import NoticeEvent, NoticeState

notices = Table(
    "notices",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("event", StateName(NoticeEvent), nullable=False),
    Column("step", String(120), nullable=False),
    Column("member_id", String(64), nullable=False),
    instant_column("at"),
    instant_column("opens_at"),
    instant_column("due_at"),
    Column("state", StateName(NoticeState), nullable=False),
    Column("reason", Text, nullable=False),
    Column("bundle", String(64), nullable=False),
    UniqueConstraint("ticket_id", "event", "step", "member_id"),
)
Index("ix_notices_due", notices.c.state, notices.c.due_at)
Index("ix_notices_member_due", notices.c.member_id, notices.c.state, notices.c.opens_at)
Index("ix_notices_bundle", notices.c.bundle)
