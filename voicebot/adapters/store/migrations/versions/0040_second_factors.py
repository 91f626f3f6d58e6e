"""Second factors of logins, and the history of each login.

Revision: 0040. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff_account", sa.Column("second_factor_at", sa.DateTime(timezone=True)))
    op.create_table(
        "second_factors",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("sealed_key", sa.String(500), nullable=False),
        sa.Column("pending_key", sa.String(500), nullable=False),
        sa.Column("pending_at", sa.DateTime(timezone=True)),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("recovery_digests", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_second_factors"),
    )
    op.create_table(
        "account_events",
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_account_events"),
    )
    op.create_index("ix_account_events_account", "account_events", ["account_id", "at"])
