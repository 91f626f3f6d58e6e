"""Promises of one case are found by its id, also by a planner that knows nothing of how many are open.

Revision: 0003. SQLite, without statistics, took the index of the sweeps for "the open promise of this case" and read
every open promise. The index of windows now carries both instants, so that counting windows reads no rows.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_promises_ticket", "promises")
    op.create_index("ix_promises_ticket", "promises", ["ticket_id", "state", "settled_at"])
    op.drop_index("ix_promises_due", "promises")
    op.create_index("ix_promises_due", "promises", ["state", "window_closes_at", "window_opens_at"])
