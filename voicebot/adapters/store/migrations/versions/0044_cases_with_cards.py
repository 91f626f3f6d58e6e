"""Which cases hold the number of a payment card, for who destroys those by policy.

Cases that are there already are looked at when their words are made anew (search index).

Revision: 0044. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_words", sa.Column("has_card", sa.Boolean, nullable=False, server_default=sa.false()))
    has_card = sa.text("has_card")
    op.create_index(
        "ix_case_words_with_card", "case_words", ["row"], sqlite_where=has_card, postgresql_where=has_card
    )
