"""People on duty: weekly shifts, changes, profiles. How often a case was handed on, and an index for each owner's load.

Revision: 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rota_shift",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("weekday", sa.Integer, nullable=False),
        sa.Column("opens_minute", sa.Integer, nullable=False),
        sa.Column("closes_minute", sa.Integer, nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rota_shift"),
        sa.UniqueConstraint("staff_id", "weekday", "opens_minute", name="uq_rota_shift_staff_id_weekday_opens_minute"),
    )
    op.create_table(
        "rota_change",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("role", sa.String(60), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("swap_id", sa.String(64)),
        sa.Column("feed_uid", sa.String(255)),
        sa.PrimaryKeyConstraint("id", name="pk_rota_change"),
    )
    op.create_index("ix_rota_change_end", "rota_change", ["ends_at"])
    op.create_table(
        "rota_profile",
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("languages", sa.Text, nullable=False),
        sa.Column("load_cap", sa.Integer),
        sa.Column("feed_token", sa.String(64)),
        sa.PrimaryKeyConstraint("staff_id", name="pk_rota_profile"),
        sa.UniqueConstraint("feed_token", name="uq_rota_profile_feed_token"),
    )
    op.add_column("tickets", sa.Column("hand_offs", sa.Integer, nullable=False, server_default="0"))
    op.create_index("ix_tickets_load", "tickets", ["owner_id", "status"])
