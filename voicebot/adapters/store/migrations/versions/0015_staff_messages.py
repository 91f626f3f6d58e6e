"""Messages to staff by mail, chat and telephone have an outbox of their own.

Revision: 0015. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_messages",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("template", sa.String(100), nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("receipt", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_messages"),
        sa.UniqueConstraint("purpose", "channel", name="uq_staff_messages_purpose_channel"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_staff_messages_ticket_id", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_staff_messages_ticket", "staff_messages", ["ticket_id"])
    op.create_index("ix_staff_messages_member", "staff_messages", ["member_id", "channel", "created_at"])
    op.create_index("ix_staff_messages_receipt", "staff_messages", ["receipt"])
    op.create_index("ix_staff_messages_due", "staff_messages", ["state", "not_before"])
    op.create_index("ix_staff_messages_stuck_due", "staff_messages", ["state", "state_at"])
