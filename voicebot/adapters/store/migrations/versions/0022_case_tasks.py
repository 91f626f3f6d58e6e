"""Tasks on cases, each with a person and a day of its own.

Revision: 0022. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    link = sa.ForeignKeyConstraint(
        ["ticket_id"], ["tickets.id"], name="fk_case_tasks_ticket_id", deferrable=True, initially="DEFERRED"
    )
    op.create_table(
        "case_tasks",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("assignee_id", sa.String(64), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("amount", sa.Integer),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_step_at", sa.DateTime(timezone=True)),
        sa.Column("late_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("done_by", sa.String(64)),
        sa.Column("result", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_tasks"),
        link,
    )
    op.create_index("ix_case_tasks_ticket", "case_tasks", ["ticket_id"])
    op.create_index("ix_case_tasks_due", "case_tasks", ["next_step_at"])


def downgrade() -> None:
    op.drop_table("case_tasks")
