"""Plural names for the four tables that no release has had yet: the terms of decisions, and the rota.

The singular tables of releases keep their names (`adapters/store/tables/__init__.py` says why).

Revision: 0020. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

RENAMED = {
    "decision_term": "decision_terms",
    "rota_shift": "rota_shifts",
    "rota_change": "rota_changes",
    "rota_profile": "rota_profiles",
}
CONSTRAINTS = {
    "decision_term": ("pk_{}", "fk_{}_ticket_id"),
    "rota_shift": ("pk_{}", "uq_{}_staff_id_weekday_opens_minute"),
    "rota_change": ("pk_{}",),
    "rota_profile": ("pk_{}", "uq_{}_feed_token"),
}


INDEXES = {
    "ix_decision_term_ticket": "ix_decision_terms_ticket",
    "ix_decision_term_due": "ix_decision_terms_due",
    "uq_decision_term_current": "uq_decision_terms_current",
    "ix_rota_change_end": "ix_rota_changes_end",
}


def upgrade() -> None:
    for former, table in RENAMED.items():
        op.rename_table(former, table)
    if op.get_context().dialect.name == "postgresql":
        _rename()
    else:
        _make_anew()


def _rename() -> None:
    """Rename constraints and indexes. Making them anew is refused while foreign keys of rows just written wait."""
    for former, table in RENAMED.items():
        for name in CONSTRAINTS[former]:
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name.format(former)} TO {name.format(table)}")
    for former, name in INDEXES.items():
        op.execute(f"ALTER INDEX {former} RENAME TO {name}")


def _make_anew() -> None:
    """Make anew what SQLite cannot rename. The names of its keys stay as they were: it never tells them."""
    for former, name in INDEXES.items():
        op.drop_index(former, table_name="rota_changes" if "rota" in name else "decision_terms")
    op.create_index("ix_decision_terms_ticket", "decision_terms", ["ticket_id", "state"])
    op.create_index("ix_decision_terms_due", "decision_terms", ["next_step_at"])
    op.create_index("ix_rota_changes_end", "rota_changes", ["ends_at"])
    is_current = sa.text("state IN ('running', 'waiting')")
    op.create_index("uq_decision_terms_current", "decision_terms", ["ticket_id"], unique=True, sqlite_where=is_current)
    for table, columns in (
        ("rota_shifts", ["staff_id", "weekday", "opens_minute"]),
        ("rota_profiles", ["feed_token"]),
    ):
        end = "_".join(columns)
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(f"uq_{table[:-1]}_{end}", type_="unique")
            changed.create_unique_constraint(f"uq_{table}_{end}", columns)
