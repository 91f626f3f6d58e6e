"""Table of the words of each case, for the search.

Each database has an index of its own over `words` (migration 0029). SQLite's is the virtual table `case_words_index`,
which triggers keep. PostgreSQL's is a GIN index over the words as a tsvector. No foreign key leads from here: nobody
waits for a case because its words are written (case_words.py).
Knows: names, types, constraints. Must not know: which words they are, how they are found.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, false

from voicebot.adapters.store.tables.shared import PERSONAL, metadata

case_words = Table(
    "case_words",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("ticket_id", String(64), nullable=False, unique=True),
    Column("edition", Integer, nullable=False),
    Column("words", Text, nullable=False, info=PERSONAL),
    Column("has_card", Boolean, nullable=False, server_default=false()),
)
Index(
    "ix_case_words_with_card",
    case_words.c.row,
    sqlite_where=case_words.c.has_card,
    postgresql_where=case_words.c.has_card,
)
