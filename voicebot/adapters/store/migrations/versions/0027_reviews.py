"""What staff make of a transcript, and who listened to which voice.

Revision: 0027. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Who listened before is not known, since the book of accesses tells who fetched a voice, and not who heard it out.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_entries",
        sa.Column("id", sa.String(64), nullable=False),
        *_links("review_entries"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_review_entries"),
        sa.UniqueConstraint("answer_id", "number", name="uq_review_entries_answer_id_number"),
    )
    op.create_index("ix_review_entries_ticket", "review_entries", ["ticket_id"])
    op.create_table(
        "voice_hearings",
        *_links("voice_hearings"),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("answer_id", "by", name="pk_voice_hearings"),
    )
    op.create_index("ix_voice_hearings_ticket", "voice_hearings", ["ticket_id"])


def _links(table: str) -> Iterator[sa.schema.SchemaItem]:
    for name, target in (("ticket_id", "tickets"), ("answer_id", "answers")):
        key = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}", deferrable=True, initially="DEFERRED")
        yield sa.Column(name, sa.String(64), key, nullable=False)
