"""Tables of the watch over the watch, in which nothing tells of a person.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import id_column, instant_column, link_column, metadata
from voicebot.domain.canary import CanaryResult

morning_lists = Table(
    "morning_lists",
    metadata,
    id_column(),
    instant_column("since_at"),
    instant_column("made_at"),
)

watch_alarms = Table(
    "watch_alarms",
    metadata,
    id_column(),
    Column("name", String(60), nullable=False),
    instant_column("began_at"),
    instant_column("told_at", is_optional=True),
    Column("times", Integer, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    instant_column("tried_at", is_optional=True),
    instant_column("ended_at", is_optional=True),
)
Index(
    "uq_watch_alarms_open",
    watch_alarms.c.name,
    unique=True,
    sqlite_where=watch_alarms.c.ended_at.is_(None),
    postgresql_where=watch_alarms.c.ended_at.is_(None),
)
"""Of one name only one goes on, so of two processes that notice it, one tells."""
Index("ix_watch_alarms_began", watch_alarms.c.began_at)

drills = Table(
    "drills",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    instant_column("began_at"),
    instant_column("ends_at"),
    instant_column("answered_at", is_optional=True),
    Column("answered_by", String(64), nullable=False),
    instant_column("ended_at", is_optional=True),
)

canaries = Table(
    "canaries",
    metadata,
    id_column(),
    Column("is_daily", Boolean, nullable=False),
    instant_column("began_at"),
    instant_column("ends_at"),
    Column("tries", Integer, nullable=False),
    instant_column("ordered_at", is_optional=True),
    Column("carrier_call_id", String(64)),
    link_column("calls", "call_id", is_optional=True),
    Column("result", StateName(CanaryResult), nullable=False),
    Column("detail", String(200), nullable=False),
    instant_column("ended_at", is_optional=True),
)
