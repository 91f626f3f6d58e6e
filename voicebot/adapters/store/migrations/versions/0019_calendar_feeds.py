"""Calendars that are fetched by themselves, and people who work only when the rota says that they are here.

Revision: 0019. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feeds",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("next_fetch_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("etag", sa.String(500), nullable=False),
        sa.Column("modified", sa.String(100), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True)),
        sa.Column("good_at", sa.DateTime(timezone=True)),
        sa.Column("problem", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_feeds"),
        sa.UniqueConstraint("staff_id", "kind", name="uq_calendar_feeds_staff_id_kind"),
    )
    op.create_index("ix_calendar_feeds_due", "calendar_feeds", ["next_fetch_at"])
    op.add_column("rota_profile", sa.Column("has_dated_shifts", sa.Boolean, nullable=False, server_default=sa.false()))
