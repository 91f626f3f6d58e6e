"""What staff write down of a complainant, each value with who and when.

An entry is never changed, and none is deleted. Its value goes with what else tells whose the case is.
Knows: names, types, constraints. Must not know: which value stands.
"""

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.case_field import FieldName

case_fields = Table(
    "case_fields",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("number", Integer, nullable=False),
    Column("field", StateName(FieldName), nullable=False),
    Column("value", Text, nullable=False, info=PERSONAL),
    Column("by", String(64), nullable=False),
    instant_column("at"),
    UniqueConstraint("ticket_id", "number"),
)
