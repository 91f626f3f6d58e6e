"""Which case follows which, and what all that follow one were told.

Revision: 0041. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _link(table: str, column: str, target: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{column}", deferrable=True, initially="DEFERRED")


def upgrade() -> None:
    op.create_table(
        "case_followers",
        sa.Column("ticket_id", sa.String(64), _link("case_followers", "ticket_id", "tickets"), nullable=False),
        sa.Column("lead_id", sa.String(64), _link("case_followers", "lead_id", "tickets"), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_case_followers"),
    )
    op.create_index("ix_case_followers_lead", "case_followers", ["lead_id", "at"])
    op.create_table(
        "lead_updates",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), _link("lead_updates", "ticket_id", "tickets"), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_lead_updates"),
    )
    op.create_index("ix_lead_updates_ticket", "lead_updates", ["ticket_id", "at"])
    name = "lead_update_recipients"
    op.create_table(
        name,
        sa.Column("update_id", sa.String(64), _link(name, "update_id", "lead_updates"), nullable=False),
        sa.Column("ticket_id", sa.String(64), _link(name, "ticket_id", "tickets"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("update_id", "ticket_id", name=f"pk_{name}"),
    )
    waits = sa.text("told_at IS NULL")
    op.create_index(f"ix_{name}_due", name, ["not_before"], sqlite_where=waits, postgresql_where=waits)
