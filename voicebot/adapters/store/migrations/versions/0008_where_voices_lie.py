"""Where voices lie until they are in the audio store: the data folder of each spooled answer and of each streamed call.

Revision: 0008. Rows from before name no folder: whoever has the file takes it up.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("spool_folder", sa.String(64)))
    op.create_table(
        "data_folder",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("host", sa.String(100), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_data_folder"),
    )
    op.create_table(
        "call_folder",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("folder_id", sa.String(64), nullable=False),
        sa.Column("is_settled", sa.Boolean, nullable=False),
        sa.Column("erase_asked_at", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("call_id", "folder_id", name="pk_call_folder"),
    )
    op.create_index(
        "ix_call_folder_due",
        "call_folder",
        ["folder_id"],
        sqlite_where=sa.text("NOT is_settled"),
        postgresql_where=sa.text("NOT is_settled"),
    )
