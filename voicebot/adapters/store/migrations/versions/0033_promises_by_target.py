"""Promises of one target are found by it, so that cases without a number cost what there are of them.

Revision: 0033. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_promises_target", "promises", ["target", "state", "window_closes_at"])
