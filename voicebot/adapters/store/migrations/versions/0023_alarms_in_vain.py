"""Tries of an alarm about the watch that reached nobody, so that the next may wait for a while.

Revision: 0023. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("watch_alarms", sa.Column("tries", sa.Integer, nullable=False, server_default="0"))
    op.add_column("watch_alarms", sa.Column("tried_at", sa.DateTime(timezone=True)))
