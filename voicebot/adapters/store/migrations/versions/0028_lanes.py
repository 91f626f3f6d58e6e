"""What the lanes of the first screen are found by.

Revision: 0028. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_promises_lanes", "promises", ("state", "window_opens_at", "window_closes_at", "target"), ""),
    ("ix_breaches_missed", "breaches", ("at",), "ended_at IS NULL"),
    ("ix_tickets_offered", "tickets", ("offered_to",), "offered_to IS NOT NULL"),
    (
        "ix_tickets_refusals",
        "tickets",
        ("refusal_asked_by",),
        "refusal_asked_by IS NOT NULL AND refusal_confirmed_by IS NULL",
    ),
    ("ix_history_verb", "history", ("verb", "at"), ""),
    ("ix_case_tasks_mine", "case_tasks", ("assignee_id", "done_at"), ""),
    ("ix_decision_terms_state", "decision_terms", ("state", "ended_at", "due_at"), ""),
)


def upgrade() -> None:
    for name, table, columns, only in INDEXES:
        where = sa.text(only) if only else None
        op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)
