"""Tables of texts. They hold what we send, what the carrier reports, and which texts came in.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.sms import SmsState

sms = Table(
    "sms",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("purpose", String(200), nullable=False, unique=True),
    Column("template", String(100), nullable=False),
    Column("recipient", String(20), nullable=False, info=PERSONAL),
    Column("body", Text, nullable=False, info=PERSONAL),
    Column("state", StateName(SmsState), nullable=False),
    instant_column("created_at"),
    instant_column("not_before"),
    Column("message_sid", String(64), unique=True),
    Column("error_code", Integer),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    instant_column("state_at"),
)
Index("ix_sms_ticket", sms.c.ticket_id)
Index("ix_sms_recipient", sms.c.recipient, sms.c.created_at)
Index("ix_sms_due", sms.c.state, sms.c.not_before)
Index("ix_sms_stuck_due", sms.c.state, sms.c.state_at)


receipts = Table(
    "receipts",
    metadata,
    Column("message_sid", String(64), primary_key=True),
    Column("status", String(40), primary_key=True),
    Column("error_code", Integer),
    instant_column("at"),
)


inbound_sms = Table(
    "inbound_sms",
    metadata,
    Column("message_sid", String(64), primary_key=True),
    instant_column("at"),
)
