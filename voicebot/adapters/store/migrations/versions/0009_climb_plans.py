"""Climbs as they were planned: steps and warnings with their instants, so that an edited policy changes none that runs.

Revision: 0009. Climbs from before get their plan when they are next looked at.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "climb_plan",
        sa.Column("subject_id", sa.String(64), nullable=False),
        sa.Column("steps_json", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name="pk_climb_plan"),
    )
