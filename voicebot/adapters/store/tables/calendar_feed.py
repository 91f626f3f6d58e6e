"""The table of calendar feeds.

Knows: names, types, constraints. Must not know: HTTP, when a feed is stale.
"""

from sqlalchemy import Column, Index, String, Table, UniqueConstraint

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, metadata
from voicebot.domain.rota import ChangeKind

calendar_feeds = Table(
    "calendar_feeds",
    metadata,
    id_column(),
    Column("staff_id", String(64), nullable=False),
    Column("kind", StateName(ChangeKind), nullable=False),
    Column("address", String(2000), nullable=False, info=PERSONAL),
    instant_column("made_at"),
    Column("made_by", String(64), nullable=False),
    instant_column("next_fetch_at"),
    Column("etag", String(500), nullable=False),
    Column("modified", String(100), nullable=False),
    instant_column("read_at", is_optional=True),
    instant_column("good_at", is_optional=True),
    Column("problem", String(200), nullable=False),
    UniqueConstraint("staff_id", "kind"),
)
Index("ix_calendar_feeds_due", calendar_feeds.c.next_fetch_at)
