"""Test calls that the hotline makes to itself, and the mark on the call that comes in.

Revision: 0025. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("is_canary", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "canaries",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("is_daily", sa.Boolean, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True)),
        sa.Column("carrier_call_id", sa.String(64)),
        sa.Column("call_id", sa.String(64)),
        sa.Column("result", sa.String(40), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_canaries"),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name="fk_canaries_call_id", deferrable=True, initially="DEFERRED"
        ),
    )
