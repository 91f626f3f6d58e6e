"""Tables of what happened to calls and of the workers' signs of life, which is what figures are counted by.

No foreign keys, because an event must never keep an action from being done. Nothing in them tells of a person.
Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, Index, Integer, String, Table

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.adapters.store.tables.shared import metadata
from voicebot.domain.call_event import Part

call_events = Table(
    "call_event",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("ticket_id", String(64), nullable=False),
    Column("call_id", String(64)),
    Column("at", UtcInstant, nullable=False),
    Column("part", StateName(Part), nullable=False),
    Column("what", String(60), nullable=False),
    Column("detail", String(200), nullable=False),
)
Index("ix_call_event_ticket", call_events.c.ticket_id)


worker_beats = Table(
    "worker_beat",
    metadata,
    Column("worker", String(100), primary_key=True),
    Column("at", UtcInstant, nullable=False),
    Column("swept_at", UtcInstant, nullable=False),
)
