"""How far the look-up of each case's number is, so that what failed is asked again. Cases from before have none.

Revision: 0049. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customer_lookups",
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_customer_lookups"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name="fk_customer_lookups_ticket_id",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_customer_lookups_due", "customer_lookups", ["due_at"])
