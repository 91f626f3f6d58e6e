"""What staff write down of a complainant, such as name and order number, each value with who and when.

Revision: 0034. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    key = sa.ForeignKey("tickets.id", name="fk_case_fields_ticket_id", deferrable=True, initially="DEFERRED")
    op.create_table(
        "case_fields",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), key, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_case_fields"),
        sa.UniqueConstraint("ticket_id", "number", name="uq_case_fields_ticket_id_number"),
    )
