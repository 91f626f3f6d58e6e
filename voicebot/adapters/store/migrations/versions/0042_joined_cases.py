"""What cases that were joined into another are found by.

Revision: 0042. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_joined = sa.text("merged_into IS NOT NULL")
    op.create_index(
        "ix_tickets_merged_into",
        "tickets",
        ["merged_into"],
        sqlite_where=is_joined,
        postgresql_where=is_joined,
    )
