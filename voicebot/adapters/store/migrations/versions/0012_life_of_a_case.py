"""How a case is answered, closed, found to be no complaint, refused by two people, and opened again.

Revision: 0012. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
`resolved` becomes `answered`. Until now nobody could resolve a case: the hotline wrote it on the cases that hold an
alarm of its own, and those are closed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("ruling", sa.String(40)))
    op.add_column("tickets", sa.Column("told_by", sa.String(40)))
    op.add_column("tickets", sa.Column("closes_at", sa.DateTime(timezone=True)))
    op.add_column("tickets", sa.Column("close_reason", sa.String(40)))
    op.add_column("tickets", sa.Column("not_complaint", sa.String(40)))
    op.add_column("tickets", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.add_column("tickets", sa.Column("refusal_asked_by", sa.String(64)))
    op.add_column("tickets", sa.Column("refusal_confirmed_by", sa.String(64)))
    op.add_column("tickets", sa.Column("reopened", sa.Integer, nullable=False, server_default="0"))
    op.add_column("tickets", sa.Column("repeats", sa.Integer, nullable=False, server_default="0"))
    op.add_column("tickets", sa.Column("offered_to", sa.String(64)))
    op.create_index("ix_tickets_waiting", "tickets", ["status", "closes_at"])
    op.execute(
        "UPDATE tickets SET status = 'closed', close_reason = 'house', ended_at = opened_at WHERE status = 'resolved'"
    )
    op.execute("UPDATE tickets SET ended_at = opened_at WHERE status = 'closed' AND ended_at IS NULL")
