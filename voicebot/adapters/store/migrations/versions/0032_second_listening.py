"""What was heard when a stored voice was listened to again, and by which recogniser.

Revision: 0032. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Voices that were stored before are not listened to again, since years of them would keep the worker busy for days.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("second_words_json", sa.Text, nullable=False, server_default="[]"))
    op.add_column("answers", sa.Column("second_by", sa.String(60)))
    op.add_column("answers", sa.Column("second_tries", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE answers SET second_by = '-'")
    is_unheard = sa.text("second_by IS NULL AND audio_key IS NOT NULL")
    op.create_index(
        "ix_answers_second_due",
        "answers",
        ["second_tries", "at"],
        sqlite_where=is_unheard,
        postgresql_where=is_unheard,
    )
