"""The company's customers, found by telephone number.

Revision: 0035. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.String(80), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("order_number", sa.Text, nullable=False),
        sa.Column("contract_date", sa.String(10), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
    )
    op.create_index("ix_customers_imported", "customers", ["imported_at"])
    key = sa.ForeignKey("customers.id", name="fk_customer_numbers_customer_id")
    op.create_table(
        "customer_numbers",
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.String(80), key, nullable=False),
        sa.PrimaryKeyConstraint("number", "customer_id", name="pk_customer_numbers"),
    )
    op.create_index("ix_customer_numbers_customer", "customer_numbers", ["customer_id"])
