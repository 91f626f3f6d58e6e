"""Tables of what staff make of a transcript, and of who listened to which voice.

An entry is never changed, and none is deleted but with the words of its case.
Knows: names, types, constraints. Must not know: what is shown of an answer.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.review import ReviewKind

review_entries = Table(
    "review_entries",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    link_column("answers", "answer_id"),
    Column("number", Integer, nullable=False),
    Column("kind", StateName(ReviewKind), nullable=False),
    Column("first", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False, info=PERSONAL),
    Column("why", Text, nullable=False, info=PERSONAL),
    Column("by", String(64), nullable=False),
    instant_column("at"),
    Column("undoes", Integer),
    UniqueConstraint("answer_id", "number"),
)
Index("ix_review_entries_ticket", review_entries.c.ticket_id)

_ANSWER = ForeignKey("answers.id", deferrable=True, initially="DEFERRED")
voice_hearings = Table(
    "voice_hearings",
    metadata,
    link_column("tickets", "ticket_id"),
    Column("answer_id", String(64), _ANSWER, primary_key=True),
    Column("by", String(64), primary_key=True),
    instant_column("at"),
)
Index("ix_voice_hearings_ticket", voice_hearings.c.ticket_id)
