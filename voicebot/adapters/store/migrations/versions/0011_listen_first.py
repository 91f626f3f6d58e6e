"""Cases whose caller was not understood: staff listen before they read.

Revision: 0011. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("is_listen_first", sa.Boolean, nullable=False, server_default=sa.false()))
