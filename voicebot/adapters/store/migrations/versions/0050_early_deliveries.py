"""When the schedule of a delivery has its next try, where it was made due before that.

Revision: 0050. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_deliveries", sa.Column("planned_at", sa.DateTime(timezone=True)))
