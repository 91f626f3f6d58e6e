"""What running it safely needs: staff accounts, call events, the worker's sign of life, what connecting replaced.

Revision: 0002. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    add_staff()
    add_events()
    add_errands()
    add_dangers()
    add_retention()


def add_staff() -> None:
    op.create_table(
        "staff_account",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=64), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("session_key", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login_from", sa.String(length=64), nullable=True),
        sa.Column("login_before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("login_before_from", sa.String(length=64), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_staff_account"),
        sa.UniqueConstraint("email", name="uq_staff_account_email"),
        sa.UniqueConstraint("staff_id", name="uq_staff_account_staff_id"),
        sa.UniqueConstraint("session_key", name="uq_staff_account_session_key"),
    )


def add_events() -> None:
    op.create_table(
        "call_event",
        sa.Column("row", sa.Integer, nullable=False),
        sa.Column("ticket_id", sa.String(64), nullable=False),
        sa.Column("call_id", sa.String(64)),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("detail", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("row", name="pk_call_event"),
    )
    op.create_index("ix_call_event_ticket", "call_event", ["ticket_id"])
    op.add_column("turns", sa.Column("took_ms", sa.Integer))
    op.create_index("ix_calls_end", "calls", ["end"])
    op.create_table(
        "worker_beat",
        sa.Column("worker", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_worker_beat"),
    )


def add_errands() -> None:
    op.create_table(
        "errand",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True)),
        sa.Column("not_before", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("name", name="pk_errand"),
    )
    op.create_table(
        "connected_number",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("number_sid", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("values_json", sa.Text, nullable=False),
        sa.Column("undoes", sa.String(64)),
        sa.ForeignKeyConstraint(
            ["undoes"],
            ["connected_number.id"],
            name="fk_connected_number_undoes",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_connected_number"),
        sa.UniqueConstraint("undoes", name="uq_connected_number_undoes"),
    )
    op.create_index("ix_connected_number_of", "connected_number", ["number_sid", "at"])


def add_dangers() -> None:
    op.create_table(
        "text_let_go",
        sa.Column("sms_id", sa.String(64), nullable=False),
        sa.Column("prefix", sa.String(20), nullable=False),
        sa.Column("region", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sms_id", name="pk_text_let_go"),
    )
    op.create_index("ix_text_let_go_prefix", "text_let_go", ["prefix", "at"])
    op.create_index("ix_text_let_go_region", "text_let_go", ["region", "at"])
    op.create_index("ix_text_let_go_at", "text_let_go", ["at"])
    op.create_table(
        "silent_call",
        sa.Column("call_id", sa.String(64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_silent_call"),
    )
    op.create_index("ix_silent_call_due", "silent_call", ["due_at"])
    op.create_table(
        "alarm",
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_alarm"),
    )


def add_retention() -> None:
    _add_of_ticket("unanswered")
    _add_of_ticket(
        "legal_holds",
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    _add_of_ticket("erasures", sa.Column("kind", sa.String(40), nullable=False), also_key=("kind",))


def _add_of_ticket(name: str, *columns: "sa.Column[str]", also_key: tuple[str, ...] = ()) -> None:
    op.create_table(
        name,
        sa.Column("ticket_id", sa.String(64), nullable=False),
        *columns,
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=f"fk_{name}_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("ticket_id", *also_key, name=f"pk_{name}"),
    )
