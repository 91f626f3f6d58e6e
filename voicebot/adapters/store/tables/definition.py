"""The table of flows and policies that a call began with.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, String, Table, Text

from voicebot.adapters.store.tables.shared import metadata

definitions = Table(
    "definitions",
    metadata,
    Column("digest", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
)
