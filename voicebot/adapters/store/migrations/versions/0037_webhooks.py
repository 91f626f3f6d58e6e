"""Outgoing webhooks: endpoints, deliveries, and which lines of the history others are still to be told of.

Revision: 0037. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Lines from before are told to nobody.
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("history", sa.Column("untold_since", INSTANT))
    is_untold = sa.text("untold_since IS NOT NULL")
    op.create_index(
        "ix_history_untold_due", "history", ["untold_since"], sqlite_where=is_untold, postgresql_where=is_untold
    )
    _create_endpoints()
    _create_deliveries()


def _create_endpoints() -> None:
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("detail", sa.String(40), nullable=False),
        sa.Column("secret", sa.String(120), nullable=False),
        sa.Column("old_secret", sa.String(120), nullable=False),
        sa.Column("old_secret_until", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("failing_since", INSTANT),
        sa.Column("off_at", INSTANT),
        sa.Column("off_reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_endpoints"),
    )


def _create_deliveries() -> None:
    name = "webhook_deliveries"
    to = sa.ForeignKey("webhook_endpoints.id", name=f"fk_{name}_endpoint_id")
    of = sa.ForeignKey("tickets.id", name=f"fk_{name}_ticket_id", deferrable=True, initially="DEFERRED")
    op.create_table(
        name,
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("endpoint_id", sa.String(64), to, nullable=False),
        sa.Column("message_id", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("ticket_id", sa.String(64), of),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("state_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("message_id", "endpoint_id", name=f"uq_{name}_message_id_endpoint_id"),
    )
    op.create_index(f"ix_{name}_ticket", name, ["ticket_id"])
    op.create_index(f"ix_{name}_at", name, ["at"])
    op.create_index(f"ix_{name}_due", name, ["state", "not_before"])
    op.create_index(f"ix_{name}_endpoint_due", name, ["endpoint_id", "state", "not_before"])
    op.create_index(f"ix_{name}_stuck_due", name, ["state", "state_at"])
