"""Tables of the watch over the watch; nothing in them tells of a person.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, Index, Integer, String, Table

from voicebot.adapters.store.tables.shared import id_column, instant_column, link_column, metadata

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
"""Of one name only one goes on: of two processes that notice it, one tells."""
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
