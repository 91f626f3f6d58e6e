"""Tokens of other programs, what they asked for under a key, and lists of cases and calls by when they began.

Revision: 0036. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("expires_at", instant),
        sa.Column("last_used_at", instant),
        sa.Column("revoked_at", instant),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("name", name="uq_api_tokens_name"),
        sa.UniqueConstraint("staff_id", name="uq_api_tokens_staff_id"),
        sa.UniqueConstraint("digest", name="uq_api_tokens_digest"),
    )
    key = sa.ForeignKey("api_tokens.id", name="fk_api_requests_token_id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "api_requests",
        sa.Column("token_id", sa.String(64), key, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("seen", sa.Integer),
        sa.Column("status", sa.Integer),
        sa.Column("answered", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("token_id", "key", name="pk_api_requests"),
    )
    op.create_index("ix_api_requests_at", "api_requests", ["token_id", "at"])
    op.create_index("ix_tickets_opened", "tickets", ["opened_at", "id"])
    op.create_index("ix_calls_started", "calls", ["started_at", "id"])
