"""Who rang and wrote lately, and who was turned away: the budgets of strangers count them.

Revision: 0005. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("sid", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("block", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("sid", name="pk_contact"),
    )
    op.create_index("ix_contact_sender", "contact", ["kind", "sender", "at"])
    op.create_index("ix_contact_block", "contact", ["kind", "block", "at"])
    op.create_index("ix_contact_at", "contact", ["kind", "at"])
    op.create_table(
        "refused_contact",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("sender", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("limit", sa.String(60), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "sender", "day", "limit", name="pk_refused_contact"),
    )
    op.create_index("ix_refused_contact_last", "refused_contact", ["last_at"])
