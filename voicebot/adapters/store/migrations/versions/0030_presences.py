"""Who of the staff has which case open.

Revision: 0030. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "presences",
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "member_id", name="pk_presences"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_presences_ticket_id", deferrable=True, initially="DEFERRED"
        ),
    )
