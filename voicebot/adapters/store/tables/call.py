"""Tables of calls. They hold the call, its turns, and what was answered to the recording notice.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, false

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.domain.consent import ConsentAnswer

calls = Table(
    "calls",
    metadata,
    id_column(),
    Column("carrier_call_id", String(64), nullable=False, unique=True),
    link_column("tickets", "ticket_id"),
    Column("caller_number", String(20), info=PERSONAL),
    Column("called_number", String(64), nullable=False),
    Column("status", StateName(CallStatus), nullable=False),
    Column("way", StateName(Way), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("flow_name", String(100), nullable=False),
    Column("flow_digest", String(100), nullable=False),
    Column("policy_digest", String(100), nullable=False),
    instant_column("started_at"),
    instant_column("ended_at", is_optional=True),
    Column("end", StateName(CallEnd)),
    Column("stream_token", String(100)),
    Column("stream_losses", Integer, nullable=False),
    Column("turn_number", Integer, nullable=False),
    instant_column("last_heard_at"),
    Column("is_canary", Boolean, nullable=False, server_default=false()),
)
Index("ix_calls_started", calls.c.started_at, calls.c.id)
Index("ix_calls_ticket", calls.c.ticket_id)
Index("ix_calls_caller", calls.c.caller_number)
Index("ix_calls_end", calls.c.end)
Index("ix_calls_due", calls.c.status, calls.c.last_heard_at)


turns = Table(
    "turns",
    metadata,
    Column("call_id", String(64), ForeignKey("calls.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False, info=PERSONAL),
    Column("session", Text, nullable=False, info=PERSONAL),
    Column("instructions", Text, nullable=False, info=PERSONAL),
    instant_column("at"),
    Column("took_ms", Integer),
)


consents = Table(
    "consents",
    metadata,
    Column("row", Integer, primary_key=True),
    link_column("calls", "call_id"),
    Column("answer", StateName(ConsentAnswer), nullable=False),
    Column("wording_version", String(100), nullable=False),
    Column("locale", String(20), nullable=False),
    instant_column("at"),
)
Index("ix_consents_call", consents.c.call_id)
