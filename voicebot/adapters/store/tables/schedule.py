"""Tables of duties that come round, and of what connecting a number replaced.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from voicebot.adapters.store.columns import UtcInstant
from voicebot.adapters.store.tables.shared import metadata

scheduled_tasks = Table(
    "errand",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("last_run_at", UtcInstant),
    Column("not_before", UtcInstant),
)

connected_numbers = Table(
    "connected_number",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("number_sid", String(64), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("values_json", Text, nullable=False),
    Column("undoes", String(64), ForeignKey("connected_number.id", deferrable=True, initially="DEFERRED"), unique=True),
)
Index("ix_connected_number_of", connected_numbers.c.number_sid, connected_numbers.c.at)
