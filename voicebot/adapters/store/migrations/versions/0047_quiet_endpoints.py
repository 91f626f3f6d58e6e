"""Until when an endpoint of webhooks wants to be left alone.

Revision: 0047. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_endpoints", sa.Column("quiet_until", sa.DateTime(timezone=True)))
