"""Whether the talk of a call to staff is recorded, and how far that has come.

Revision: 0026. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("staff_calls", sa.Column("recording", sa.String(40), nullable=False, server_default="none"))
    is_wanted = sa.text("recording = 'wanted'")
    op.create_index(
        "ix_staff_calls_record", "staff_calls", ["id"], sqlite_where=is_wanted, postgresql_where=is_wanted
    )
