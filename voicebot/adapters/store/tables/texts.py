"""Tables of what people text us. They hold every request about texts in the order in which it came, and files sent
along.

Knows: names, types, constraints. Must not know: what a request changes, who fetches a file.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.adapters.store.tables.shared import PERSONAL, metadata
from voicebot.domain.picture import PictureState

text_wishes = Table(
    "text_wishes",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("message_sid", String(64), unique=True),
    Column("recipient", String(20), nullable=False, info=PERSONAL),
    Column("sender", String(20), nullable=False),
    Column("is_out", Boolean, nullable=False),
    Column("is_overtaken", Boolean, nullable=False),
    Column("at", UtcInstant, nullable=False),
)
Index("ix_text_wishes_pair", text_wishes.c.recipient, text_wishes.c.sender, text_wishes.c.row)

pictures = Table(
    "pictures",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("ticket_id", String(64), ForeignKey("tickets.id", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("answer_id", String(64), nullable=False),
    Column("message_sid", String(64), nullable=False),
    Column("media_sid", String(64), info=PERSONAL),
    Column("number", Integer, nullable=False),
    Column("kind", String(130), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("state", StateName(PictureState), nullable=False),
    Column("size_bytes", Integer),
    Column("file_key", String(200), info=PERSONAL),
    Column("reason", Text, nullable=False),
    Column("not_before", UtcInstant),
    Column("attempts", Integer, nullable=False),
)
Index("ix_pictures_ticket", pictures.c.ticket_id)
Index("ix_pictures_due", pictures.c.state, pictures.c.at)
