"""The table of climbs as they were planned, in which nothing tells of a person.

Knows: names, types, constraints. Must not know: what a step is.
"""

from sqlalchemy import Column, String, Table, Text

from voicebot.adapters.store.tables.shared import metadata

climb_plans = Table(
    "climb_plan",
    metadata,
    Column("subject_id", String(64), primary_key=True),
    Column("steps_json", Text, nullable=False),
)
