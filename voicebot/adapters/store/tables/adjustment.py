"""What is done otherwise for whoever has a telephone number, with who consented to its being kept.

A row is deleted when the consent is withdrawn, when a case of the number is erased at somebody's request, and when no
case holds the number any more.
Knows: names, types, constraints. Must not know: who may write.
"""

from sqlalchemy import Column, String, Table, Text

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, instant_column, metadata
from voicebot.domain.adjustment import AdjustmentKind

adjustments = Table(
    "adjustments",
    metadata,
    Column("number", String(20), primary_key=True, info=PERSONAL),
    Column("kind", StateName(AdjustmentKind), primary_key=True),
    Column("detail", Text, nullable=False, info=PERSONAL),
    Column("consent_by", Text, nullable=False, info=PERSONAL),
    Column("consent_on", String(10), nullable=False),
    Column("recorded_by", String(64), nullable=False),
    instant_column("recorded_at"),
)
