"""Calls to staff about a case, which may go on to the complainant, and numbers that want no calls.

Revision: 0014. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_calls",
        *_columns(),
        sa.PrimaryKeyConstraint("id", name="pk_staff_calls"),
        sa.UniqueConstraint("purpose", name="uq_staff_calls_purpose"),
        sa.UniqueConstraint("carrier_call_id", name="uq_staff_calls_carrier_call_id"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_staff_calls_ticket_id", deferrable=True, initially="DEFERRED"
        ),
    )
    _index()
    op.create_table(
        "call_refusals",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_call_refusals"),
    )


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("promise_id", sa.String(64)),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("ordered_by", sa.String(64), nullable=False),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("dialled_at", sa.DateTime(timezone=True)),
        sa.Column("carrier_call_id", sa.String(64)),
        sa.Column("dial_status", sa.String(40), nullable=False),
        sa.Column("was_bridged", sa.Boolean, nullable=False),
        sa.Column("agreed", sa.Boolean, nullable=False),
        sa.Column("refused", sa.Boolean, nullable=False),
        sa.Column("answered_by", sa.String(40), nullable=False),
        sa.Column("talk_s", sa.Integer, nullable=False),
        sa.Column("keyed", sa.String(4), nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
    )


def _index() -> None:
    op.create_index("ix_staff_calls_ticket", "staff_calls", ["ticket_id"])
    op.create_index("ix_staff_calls_due", "staff_calls", ["state", "not_before"])
    op.create_index("ix_staff_calls_member", "staff_calls", ["member_id", "dialled_at"])
    op.create_index("ix_staff_calls_dialled_at", "staff_calls", ["dialled_at"])
    is_live = sa.text("kind = 'callback' AND ended_at IS NULL")
    op.create_index(
        "uq_staff_calls_one_callback",
        "staff_calls",
        ["ticket_id"],
        unique=True,
        sqlite_where=is_live,
        postgresql_where=is_live,
    )
