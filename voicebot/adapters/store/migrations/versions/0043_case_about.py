"""Which member of staff a complaint is about. Cases from before are about nobody.

Revision: 0043. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("about_id", sa.String(64)))
    is_about = sa.text("about_id IS NOT NULL")
    op.create_index("ix_tickets_about", "tickets", ["about_id"], sqlite_where=is_about, postgresql_where=is_about)
