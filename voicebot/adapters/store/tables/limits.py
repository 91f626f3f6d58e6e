"""Tables of what defences remember. They hold texts that left, silent calls that wait, and alarms given. None names a
person.

Of a telephone number only the beginning is kept here, too short to ring, since the whole one stands with its text
alone.
Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, Index, String, Table

from voicebot.adapters.store.columns import UtcInstant
from voicebot.adapters.store.tables.shared import metadata

texts_let_go = Table(
    "text_let_go",
    metadata,
    Column("sms_id", String(64), primary_key=True),
    Column("prefix", String(20), nullable=False),
    Column("region", String(10), nullable=False),
    Column("at", UtcInstant, nullable=False),
)
Index("ix_text_let_go_prefix", texts_let_go.c.prefix, texts_let_go.c.at)
Index("ix_text_let_go_region", texts_let_go.c.region, texts_let_go.c.at)
Index("ix_text_let_go_at", texts_let_go.c.at)

silent_calls = Table(
    "silent_call",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("due_at", UtcInstant, nullable=False),
)
Index("ix_silent_call_due", silent_calls.c.due_at)

alarms = Table(
    "alarm",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("at", UtcInstant, nullable=False),
)
