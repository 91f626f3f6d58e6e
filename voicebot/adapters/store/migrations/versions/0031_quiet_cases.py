"""What the cases of the list in which no call is owed are found by.

Revision: 0031. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_tickets_quiet", "tickets", ["status", "repeats", "opened_at"])
