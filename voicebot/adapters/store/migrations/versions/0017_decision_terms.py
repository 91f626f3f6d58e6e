"""By when each case is decided.

Revision: 0017. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Each open case gets a term that nobody has looked at yet. The worker starts its clock when it first does: an upgrade
must not make every old case late at once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    link = sa.ForeignKeyConstraint(
        ["ticket_id"],
        ["tickets.id"],
        name="fk_decision_term_ticket_id",
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_table(
        "decision_term",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("why_json", sa.Text, nullable=False),
        sa.Column("waiting_until", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("quiet_until", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("next_step_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_decision_term"),
        link,
    )
    _index()
    op.execute(
        "INSERT INTO decision_term (id, ticket_id, attempt, target, state, started_at, why_json, next_step_at) "
        "SELECT id, id, 1, 'standard', 'running', opened_at, '{}', opened_at FROM tickets "
        "WHERE status IN ('open', 'acknowledged')"
    )


def _index() -> None:
    op.create_index("ix_decision_term_ticket", "decision_term", ["ticket_id", "state"])
    op.create_index("ix_decision_term_due", "decision_term", ["next_step_at"])
    is_current = sa.text("state IN ('running', 'waiting')")
    op.create_index(
        "uq_decision_term_current",
        "decision_term",
        ["ticket_id"],
        unique=True,
        sqlite_where=is_current,
        postgresql_where=is_current,
    )
