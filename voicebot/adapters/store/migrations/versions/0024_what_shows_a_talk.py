"""What shows that a promise was kept, when a complainant picked up, and how long they waited on the line.

Revision: 0024. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
Of promises kept before, a talk in a call of ours that was ordered for them shows it. All others rest on a word; whether
a supervisor's, nothing tells any more. Of calls before, nobody knows how long somebody waited: they count as none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("promises", sa.Column("kept_evidence", sa.String(40)))
    op.add_column("staff_calls", sa.Column("answered_at", sa.DateTime(timezone=True)))
    op.add_column("staff_calls", sa.Column("waited_s", sa.Integer, nullable=False, server_default="0"))
    promises = sa.table("promises", *(sa.column(name) for name in ("id", "state", "kept_evidence")))
    calls = sa.table("staff_calls", sa.column("promise_id"), sa.column("result"))
    shown = sa.select(calls.c.promise_id).where(calls.c.promise_id.is_not(None), calls.c.result == "reached")
    kind = sa.case((promises.c.id.in_(shown), "call"), else_="attested")
    op.execute(promises.update().where(promises.c.state == "kept").values(kept_evidence=kind))
