"""What staff write down of a complainant and of what happened, each value with who and when.

An entry is never changed, and none is deleted. Its value goes with what else tells whose the case is, or, where it
belongs to a kind of complaint, with the words of the case.
Knows: names, types, constraints. Must not know: which value stands.
"""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, UniqueConstraint, false

from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata

case_fields = Table(
    "case_fields",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("number", Integer, nullable=False),
    Column("field", String(40), nullable=False),
    Column("value", Text, nullable=False, info=PERSONAL),
    Column("by", String(64), nullable=False),
    instant_column("at"),
    Column("category", String(40), nullable=False, server_default=""),
    Column("is_restricted", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("ticket_id", "number"),
)
