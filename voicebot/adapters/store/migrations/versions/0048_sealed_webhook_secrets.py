"""Secrets of webhooks are kept sealed, and how often in a row an endpoint took nothing is counted.

Revision: 0048. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
The key lies outside the database, so the worker seals what is here when it starts (service/webhook/sealing.py).
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

ENDPOINTS = "webhook_endpoints"


def upgrade() -> None:
    for name in ("sealed_secret", "old_sealed_secret"):
        op.add_column(ENDPOINTS, sa.Column(name, sa.String(500), nullable=False, server_default=""))
    op.add_column(ENDPOINTS, sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE webhook_endpoints SET sealed_secret = secret, old_sealed_secret = old_secret")
    for name in ("secret", "old_secret"):
        op.drop_column(ENDPOINTS, name)
