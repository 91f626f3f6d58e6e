"""The words of each case, for the search, each database with the index that it has for words.

Cases that are there already get their words from the task `search index`, newest first, because to make them takes the
same folding of words as a question (domain/search_words.py).

Revision: 0029. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Source: SQLite, FTS5, sections 4.4.3 (external content tables, kept by triggers) and 4.6 (detail=none: which row, not
where in it). The tokenizer `ascii` takes every sign beyond ASCII as a letter, since words come folded.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_TAKE_OUT = "INSERT INTO case_words_index (case_words_index, rowid, words) VALUES ('delete', old.row, old.words);"
_PUT_IN = "INSERT INTO case_words_index (rowid, words) VALUES (new.row, new.words);"
_SQLITE = (
    "DROP TABLE IF EXISTS case_words_index",
    "CREATE VIRTUAL TABLE case_words_index USING fts5("
    "words, content='case_words', content_rowid='row', tokenize='ascii', detail=none, prefix='3 4')",
    f"CREATE TRIGGER case_words_added AFTER INSERT ON case_words BEGIN {_PUT_IN} END",
    f"CREATE TRIGGER case_words_gone AFTER DELETE ON case_words BEGIN {_TAKE_OUT} END",
    f"CREATE TRIGGER case_words_changed AFTER UPDATE OF words ON case_words BEGIN {_TAKE_OUT} {_PUT_IN} END",
)
_POSTGRESQL = (
    "CREATE INDEX ix_case_words_index ON case_words USING gin (array_to_tsvector(string_to_array(words, ' ')))",
)


def upgrade() -> None:
    op.create_table(
        "case_words",
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_case_words"),
        sa.UniqueConstraint("ticket_id", name="uq_case_words_ticket_id"),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)
