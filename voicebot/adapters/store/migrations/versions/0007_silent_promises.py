"""Which promises were made to callers who left neither a word nor a key: they share a small part of each window.

Revision: 0007. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Promises from before count as made to callers with words, for nothing tells them apart any more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promises", sa.Column("is_silent", sa.Boolean, nullable=False, server_default=sa.false()))
