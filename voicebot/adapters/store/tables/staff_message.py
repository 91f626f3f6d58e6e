"""The table of messages to staff that do not go by text.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text, UniqueConstraint

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.staff_message import MessageState

staff_messages = Table(
    "staff_messages",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("purpose", String(200), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("template", String(100), nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False, info=PERSONAL),
    Column("state", StateName(MessageState), nullable=False),
    instant_column("created_at"),
    instant_column("not_before"),
    instant_column("state_at"),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("receipt", String(200), nullable=False),
    UniqueConstraint("purpose", "channel"),
)
Index("ix_staff_messages_ticket", staff_messages.c.ticket_id)
Index("ix_staff_messages_member", staff_messages.c.member_id, staff_messages.c.channel, staff_messages.c.created_at)
Index("ix_staff_messages_receipt", staff_messages.c.receipt)
Index("ix_staff_messages_due", staff_messages.c.state, staff_messages.c.not_before)
Index("ix_staff_messages_stuck_due", staff_messages.c.state, staff_messages.c.state_at)
