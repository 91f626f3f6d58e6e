"""Sessions of the console that can be ended, and who saw which case.

Revision: 0004. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Whoever is logged in while this runs logs in once more.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("session_key", sa.String(64), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_staff_session"),
    )
    op.create_index("ix_staff_session_began", "staff_session", ["began_at"])
    op.create_table(
        "case_access",
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("answer_id", sa.String(64)),
        sa.PrimaryKeyConstraint("row", name="pk_case_access"),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name="fk_case_access_ticket_id",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_case_access_ticket", "case_access", ["ticket_id", "at"])
