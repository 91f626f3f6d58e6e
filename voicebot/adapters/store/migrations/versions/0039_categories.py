"""What kind of complaint a case holds, and fields that belong to a kind.

What was written down so far is of the complainant, and belongs to no kind.
Revision: 0039. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("category", sa.String(40), nullable=False, server_default=""))
    is_set = sa.text("category <> ''")
    op.create_index(
        "ix_tickets_category", "tickets", ["category", "opened_at"], sqlite_where=is_set, postgresql_where=is_set
    )
    op.add_column("case_fields", sa.Column("category", sa.String(40), nullable=False, server_default=""))
    op.add_column("case_fields", sa.Column("is_restricted", sa.Boolean, nullable=False, server_default=sa.false()))
