"""Texts: wishes in the order in which they came, files sent along, and who wrote a case that has no number to call.

Revision: 0006. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("tickets", sa.Column("written_from", sa.String(64)))
    op.create_index("ix_tickets_written_from", "tickets", ["written_from", "opened_at"])
    add_wishes()
    add_pictures()


def add_wishes() -> None:
    op.create_table(
        "text_wishes",
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("message_sid", sa.String(64)),
        sa.Column("recipient", sa.String(20), nullable=False),
        sa.Column("sender", sa.String(20), nullable=False),
        sa.Column("is_out", sa.Boolean, nullable=False),
        sa.Column("is_overtaken", sa.Boolean, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_text_wishes"),
        sa.UniqueConstraint("message_sid", name="uq_text_wishes_message_sid"),
    )
    op.create_index("ix_text_wishes_pair", "text_wishes", ["recipient", "sender", "row"])
    op.execute(
        "INSERT INTO text_wishes (recipient, sender, is_out, is_overtaken, at) "
        "SELECT recipient, sender, is_out, (1 = 0), at FROM opt_outs ORDER BY at"
    )
    op.drop_table("opt_outs")


def add_pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("message_sid", sa.String(64), nullable=False),
        sa.Column("media_sid", sa.String(64)),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(130), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("size_bytes", sa.Integer),
        sa.Column("file_key", sa.String(200)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pictures"),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_pictures_ticket_id", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_pictures_ticket", "pictures", ["ticket_id"])
    op.create_index("ix_pictures_due", "pictures", ["state", "at"])
