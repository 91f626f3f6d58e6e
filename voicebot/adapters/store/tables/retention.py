"""Tables of what is kept and what went. They hold marks that nothing takes back, holds, and which classes of a case are
erased.

Knows: names, types, constraints. Must not know: spans, who erases.
"""

from sqlalchemy import Column, ForeignKey, String, Table, Text

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.adapters.store.tables.shared import PERSONAL, metadata
from voicebot.domain.retention import RetentionClass


def _ticket() -> Column[str]:
    link = ForeignKey("tickets.id", deferrable=True, initially="DEFERRED")
    return Column("ticket_id", String(64), link, primary_key=True)


unanswered = Table("unanswered", metadata, _ticket(), Column("at", UtcInstant, nullable=False))

legal_holds = Table(
    "legal_holds",
    metadata,
    _ticket(),
    Column("at", UtcInstant, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("reason", Text, nullable=False, info=PERSONAL),
)

erasures = Table(
    "erasures",
    metadata,
    _ticket(),
    Column("kind", StateName(RetentionClass), primary_key=True),
    Column("at", UtcInstant, nullable=False),
)
