"""The first schema: calls, tickets, promises, texts, and the definitions that calls began with.

Revision: 0001. A migration says what was true when it was written: it names plain types and never imports `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_case_numbers()
    _create_definitions()
    _create_opt_outs()
    _create_receipts()
    _create_tickets()
    _create_answers()
    _create_calls()
    _create_history()
    _create_inbound_sms()
    _create_promises()
    _create_sms()
    _create_steps()
    _create_breaches()
    _create_consents()
    _create_turns()


def _create_case_numbers() -> None:
    op.create_table(
        "case_numbers",
        sa.Column("case_number", sa.String(length=9), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("case_number", name="pk_case_numbers"),
    )


def _create_definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("digest", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_definitions"),
    )


def _create_opt_outs() -> None:
    op.create_table(
        "opt_outs",
        sa.Column("recipient", sa.String(length=20), nullable=False),
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("is_out", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("recipient", "sender", name="pk_opt_outs"),
    )


def _create_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("message_sid", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_sid", "status", name="pk_receipts"),
    )


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_number", sa.String(length=9), nullable=False),
        sa.Column("pin", sa.String(length=4), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("complainant_number", sa.String(length=20), nullable=True),
        sa.Column("may_text", sa.Boolean(), nullable=False),
        sa.Column("text_trouble", sa.String(length=60), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("demand", sa.Text(), nullable=False),
        sa.Column("recording_refused", sa.Boolean(), nullable=False),
        sa.Column("supervisor_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("supervisor_asks", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"], ["tickets.id"], name="fk_tickets_merged_into", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("case_number", name="uq_tickets_case_number"),
    )
    op.create_index("ix_tickets_of_complainant", "tickets", ["complainant_number", "opened_at"], unique=False)


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("turn_number", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words_json", sa.Text(), nullable=False),
        sa.Column("duration_s", sa.Float(), nullable=False),
        sa.Column("audio_key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("recording_sid", sa.String(length=64), nullable=True),
        sa.Column("spool_name", sa.String(length=200), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_answers_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.UniqueConstraint("call_id", "turn_number", name="uq_answers_call_id_turn_number"),
    )
    op.create_index("ix_answers_due", "answers", ["state", "at"], unique=False)
    op.create_index(
        "ix_answers_left_due",
        "answers",
        ["state", "at"],
        unique=False,
        sqlite_where=sa.text("recording_sid IS NOT NULL"),
        postgresql_where=sa.text("recording_sid IS NOT NULL"),
    )
    op.create_index("ix_answers_ticket", "answers", ["ticket_id"], unique=False)


def _create_calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("carrier_call_id", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("caller_number", sa.String(length=20), nullable=True),
        sa.Column("called_number", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("flow_name", sa.String(length=100), nullable=False),
        sa.Column("flow_digest", sa.String(length=100), nullable=False),
        sa.Column("policy_digest", sa.String(length=100), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end", sa.String(length=40), nullable=True),
        sa.Column("stream_token", sa.String(length=100), nullable=True),
        sa.Column("stream_losses", sa.Integer(), nullable=False),
        sa.Column("turn_number", sa.Integer(), nullable=False),
        sa.Column("last_heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_calls_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
        sa.UniqueConstraint("carrier_call_id", name="uq_calls_carrier_call_id"),
    )
    op.create_index("ix_calls_caller", "calls", ["caller_number"], unique=False)
    op.create_index("ix_calls_due", "calls", ["status", "last_heard_at"], unique=False)
    op.create_index("ix_calls_ticket", "calls", ["ticket_id"], unique=False)


def _create_history() -> None:
    op.create_table(
        "history",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=100), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_history_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row", name="pk_history"),
    )
    op.create_index("ix_history_ticket", "history", ["ticket_id"], unique=False)


def _create_inbound_sms() -> None:
    op.create_table(
        "inbound_sms",
        sa.Column("message_sid", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("message_sid", name="pk_inbound_sms"),
    )


def _create_promises() -> None:
    op.create_table(
        "promises",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("target", sa.String(length=60), nullable=False),
        sa.Column("window_opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("confirmed_by_caller", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("why_json", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept_by", sa.String(length=64), nullable=True),
        sa.Column("kept_reason", sa.Text(), nullable=True),
        sa.Column("next_warning_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_promises_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_promises"),
    )
    op.create_index("ix_promises_due", "promises", ["state", "window_closes_at"], unique=False)
    op.create_index("ix_promises_ticket", "promises", ["ticket_id"], unique=False)
    op.create_index("ix_promises_warning_due", "promises", ["state", "next_warning_at"], unique=False)


def _create_sms() -> None:
    op.create_table(
        "sms",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("recipient", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_sid", sa.String(length=64), nullable=True),
        sa.Column("error_code", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_sms_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sms"),
        sa.UniqueConstraint("message_sid", name="uq_sms_message_sid"),
        sa.UniqueConstraint("purpose", name="uq_sms_purpose"),
    )
    op.create_index("ix_sms_due", "sms", ["state", "not_before"], unique=False)
    op.create_index("ix_sms_recipient", "sms", ["recipient", "created_at"], unique=False)
    op.create_index("ix_sms_stuck_due", "sms", ["state", "state_at"], unique=False)
    op.create_index("ix_sms_ticket", "sms", ["ticket_id"], unique=False)


def _create_steps() -> None:
    op.create_table(
        "steps",
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_steps_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("subject_id", "step", name="pk_steps"),
    )
    op.create_index("ix_steps_ticket", "steps", ["ticket_id"], unique=False)


def _create_breaches() -> None:
    op.create_table(
        "breaches",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("promise_id", sa.String(length=64), nullable=False),
        sa.Column("ticket_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_step_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["promise_id"], ["promises.id"], name="fk_breaches_promise_id", initially="DEFERRED", deferrable=True
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name="fk_breaches_ticket_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_breaches"),
        sa.UniqueConstraint("promise_id", name="uq_breaches_promise_id"),
    )
    op.create_index(
        "ix_breaches_due",
        "breaches",
        ["next_step_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_breaches_ticket", "breaches", ["ticket_id"], unique=False)


def _create_consents() -> None:
    op.create_table(
        "consents",
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("wording_version", sa.String(length=100), nullable=False),
        sa.Column("locale", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name="fk_consents_call_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("row", name="pk_consents"),
    )
    op.create_index("ix_consents_call", "consents", ["call_id"], unique=False)


def _create_turns() -> None:
    op.create_table(
        "turns",
        sa.Column("call_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name="fk_turns_call_id", initially="DEFERRED", deferrable=True
        ),
        sa.PrimaryKeyConstraint("call_id", "number", name="pk_turns"),
    )
