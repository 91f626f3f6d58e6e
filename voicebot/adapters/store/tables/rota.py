"""Tables of the rota. They hold weekly shifts, what differs from them for a stretch, and what is known of each person.

Knows: names, types, constraints. Must not know: who is on duty.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from voicebot.adapters.store.columns import NameList, StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, metadata
from voicebot.domain.rota import ChangeKind

shifts = Table(
    "rota_shifts",
    metadata,
    id_column(),
    Column("staff_id", String(64), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("opens_minute", Integer, nullable=False),
    Column("closes_minute", Integer, nullable=False),
    Column("role", String(60), nullable=False),
    UniqueConstraint("staff_id", "weekday", "opens_minute"),
)

changes = Table(
    "rota_changes",
    metadata,
    id_column(),
    Column("staff_id", String(64), nullable=False),
    Column("kind", StateName(ChangeKind), nullable=False),
    instant_column("begins_at"),
    instant_column("ends_at"),
    instant_column("made_at"),
    Column("made_by", String(64), nullable=False),
    Column("role", String(60), nullable=False),
    Column("note", String(200), nullable=False, info=PERSONAL),
    Column("swap_id", String(64)),
    Column("feed_uid", String(255)),
)
Index("ix_rota_changes_end", changes.c.ends_at)

profiles = Table(
    "rota_profiles",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("roles", NameList, nullable=False),
    Column("languages", NameList, nullable=False),
    Column("load_cap", Integer),
    Column("feed_token", String(64), unique=True),
    Column("has_dated_shifts", Boolean, nullable=False),
)
