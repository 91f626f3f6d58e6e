"""Watch over the watch: morning lists that were made, alarms about the watch itself.

Revision: 0018. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "morning_lists",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_morning_lists"),
    )
    op.create_table(
        "watch_alarms",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("id", name="pk_watch_alarms"),
    )
    goes_on = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_watch_alarms_open", "watch_alarms", ["name"], unique=True, sqlite_where=goes_on, postgresql_where=goes_on
    )
    op.create_index("ix_watch_alarms_began", "watch_alarms", ["began_at"])
