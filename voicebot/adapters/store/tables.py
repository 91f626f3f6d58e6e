"""Every table of ours; the constraints here are the guarantees that nothing is doubled.

Column names are the field names of the domain's dataclasses, so a row and a value are the same thing (`rows.py`).
Columns that tell of a person are marked `info={"personal": True}`: export, erasure and redaction derive from the mark.
Foreign keys are checked at commit, so the order of writes within one deed is free. A case number is never reused:
`case_numbers` keeps each one for ever, whatever becomes of its ticket.
Indexes named *due* serve the sweeps: state first, then the instant, so that a sweep costs what is due, never what
is stored (`tests/adapters/store/test_tables.py` asks the planner). An index that leads to one case names the state
too where queries do: SQLite, without statistics, takes the index that serves most conditions.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.domain.call import CallEnd, CallStatus, Way
from voicebot.domain.consent import ConsentAnswer
from voicebot.domain.promise import PromiseState
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import AnswerState, Channel, TicketStatus

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

PERSONAL = {"personal": True}


def _id(name: str = "id", *, is_key: bool = True) -> Column[str]:
    return Column(name, String(64), primary_key=is_key, nullable=False)


def _of(target: str, name: str, *, is_optional: bool = False) -> Column[str]:
    link = ForeignKey(f"{target}.id", deferrable=True, initially="DEFERRED")
    return Column(name, String(64), link, nullable=is_optional)


def _at(name: str, *, is_optional: bool = False) -> Column[Any]:
    return Column(name, UtcInstant, nullable=is_optional)


tickets = Table(
    "tickets",
    metadata,
    _id(),
    Column("case_number", String(9), nullable=False, unique=True),
    Column("pin", String(4), nullable=False, info=PERSONAL),
    Column("status", StateName(TicketStatus), nullable=False),
    Column("channel", StateName(Channel), nullable=False),
    Column("locale", String(20), nullable=False),
    _at("opened_at"),
    Column("owner_id", String(64), nullable=False),
    Column("complainant_number", String(20), info=PERSONAL),
    Column("may_text", Boolean, nullable=False),
    Column("text_trouble", String(60), nullable=False),
    Column("problem", Text, nullable=False, info=PERSONAL),
    Column("demand", Text, nullable=False, info=PERSONAL),
    Column("recording_refused", Boolean, nullable=False),
    _at("supervisor_asked_at", is_optional=True),
    Column("supervisor_asks", Integer, nullable=False),
    Column("is_listen_first", Boolean, nullable=False),
    _of("tickets", "merged_into", is_optional=True),
    Column("written_from", String(64), info=PERSONAL),
)
Index("ix_tickets_written_from", tickets.c.written_from, tickets.c.opened_at)
Index("ix_tickets_of_complainant", tickets.c.complainant_number, tickets.c.opened_at)

case_numbers = Table(
    "case_numbers",
    metadata,
    Column("case_number", String(9), primary_key=True),
    Column("ticket_id", String(64), nullable=False),
)

calls = Table(
    "calls",
    metadata,
    _id(),
    Column("carrier_call_id", String(64), nullable=False, unique=True),
    _of("tickets", "ticket_id"),
    Column("caller_number", String(20), info=PERSONAL),
    Column("called_number", String(64), nullable=False),
    Column("status", StateName(CallStatus), nullable=False),
    Column("way", StateName(Way), nullable=False),
    Column("locale", String(20), nullable=False),
    Column("flow_name", String(100), nullable=False),
    Column("flow_digest", String(100), nullable=False),
    Column("policy_digest", String(100), nullable=False),
    _at("started_at"),
    _at("ended_at", is_optional=True),
    Column("end", StateName(CallEnd)),
    Column("stream_token", String(100)),
    Column("stream_losses", Integer, nullable=False),
    Column("turn_number", Integer, nullable=False),
    _at("last_heard_at"),
)
Index("ix_calls_ticket", calls.c.ticket_id)
Index("ix_calls_caller", calls.c.caller_number)
Index("ix_calls_due", calls.c.status, calls.c.last_heard_at)

turns = Table(
    "turns",
    metadata,
    Column("call_id", String(64), ForeignKey("calls.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", Text, nullable=False, info=PERSONAL),
    Column("session", Text, nullable=False, info=PERSONAL),
    Column("instructions", Text, nullable=False, info=PERSONAL),
    _at("at"),
    Column("took_ms", Integer),
)

consents = Table(
    "consents",
    metadata,
    Column("row", Integer, primary_key=True),
    _of("calls", "call_id"),
    Column("answer", StateName(ConsentAnswer), nullable=False),
    Column("wording_version", String(100), nullable=False),
    Column("locale", String(20), nullable=False),
    _at("at"),
)
Index("ix_consents_call", consents.c.call_id)

answers = Table(
    "answers",
    metadata,
    _id(),
    _of("tickets", "ticket_id"),
    Column("call_id", String(64), nullable=False),
    Column("turn_number", Integer, nullable=False),
    Column("slot", String(60), nullable=False),
    _at("at"),
    Column("text", Text, nullable=False, info=PERSONAL),
    Column("words_json", Text, nullable=False, info=PERSONAL),
    Column("duration_s", Float, nullable=False),
    Column("audio_key", String(200), info=PERSONAL),
    Column("state", StateName(AnswerState), nullable=False),
    Column("recording_sid", String(64), info=PERSONAL),
    Column("spool_name", String(200), info=PERSONAL),
    Column("spool_folder", String(64)),
    _at("not_before", is_optional=True),
    Column("attempts", Integer, nullable=False),
    UniqueConstraint("call_id", "turn_number"),
)
Index("ix_answers_ticket", answers.c.ticket_id)
Index("ix_answers_due", answers.c.state, answers.c.at)
Index(
    "ix_answers_left_due",
    answers.c.state,
    answers.c.at,
    sqlite_where=answers.c.recording_sid.is_not(None),
    postgresql_where=answers.c.recording_sid.is_not(None),
)

history = Table(
    "history",
    metadata,
    Column("row", Integer, primary_key=True),
    _of("tickets", "ticket_id"),
    _at("at"),
    Column("actor", String(64), nullable=False),
    Column("verb", String(100), nullable=False),
    Column("before", Text, nullable=False, info=PERSONAL),
    Column("after", Text, nullable=False, info=PERSONAL),
)
Index("ix_history_ticket", history.c.ticket_id)

promises = Table(
    "promises",
    metadata,
    _id(),
    _of("tickets", "ticket_id"),
    Column("target", String(60), nullable=False),
    _at("window_opens_at"),
    _at("window_closes_at"),
    _at("made_at"),
    Column("words", Text, nullable=False),
    Column("locale", String(20), nullable=False),
    Column("state", StateName(PromiseState), nullable=False),
    Column("confirmed_by_caller", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("why_json", Text, nullable=False),
    _at("settled_at", is_optional=True),
    Column("kept_by", String(64)),
    Column("kept_reason", Text, info=PERSONAL),
    Column("is_silent", Boolean, nullable=False),
    _at("next_warning_at", is_optional=True),
)
Index("ix_promises_ticket", promises.c.ticket_id, promises.c.state, promises.c.settled_at)
Index("ix_promises_due", promises.c.state, promises.c.window_closes_at, promises.c.window_opens_at)
Index("ix_promises_warning_due", promises.c.state, promises.c.next_warning_at)

breaches = Table(
    "breaches",
    metadata,
    _id(),
    Column(
        "promise_id",
        String(64),
        ForeignKey("promises.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
        unique=True,
    ),
    _of("tickets", "ticket_id"),
    _at("at"),
    _at("quiet_until", is_optional=True),
    _at("ended_at", is_optional=True),
    _at("next_step_at", is_optional=True),
)
Index("ix_breaches_ticket", breaches.c.ticket_id)
Index(
    "ix_breaches_due",
    breaches.c.next_step_at,
    sqlite_where=breaches.c.ended_at.is_(None),
    postgresql_where=breaches.c.ended_at.is_(None),
)

steps = Table(
    "steps",
    metadata,
    Column("subject_id", String(64), primary_key=True),
    Column("step", String(60), primary_key=True),
    _of("tickets", "ticket_id"),
    _at("due_at"),
    _at("taken_at"),
    Column("told", Text, nullable=False),
)
Index("ix_steps_ticket", steps.c.ticket_id)

sms = Table(
    "sms",
    metadata,
    _id(),
    _of("tickets", "ticket_id"),
    Column("purpose", String(200), nullable=False, unique=True),
    Column("template", String(100), nullable=False),
    Column("recipient", String(20), nullable=False, info=PERSONAL),
    Column("body", Text, nullable=False, info=PERSONAL),
    Column("state", StateName(SmsState), nullable=False),
    _at("created_at"),
    _at("not_before"),
    Column("message_sid", String(64), unique=True),
    Column("error_code", Integer),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    _at("state_at"),
)
Index("ix_sms_ticket", sms.c.ticket_id)
Index("ix_sms_recipient", sms.c.recipient, sms.c.created_at)
Index("ix_sms_due", sms.c.state, sms.c.not_before)
Index("ix_sms_stuck_due", sms.c.state, sms.c.state_at)

receipts = Table(
    "receipts",
    metadata,
    Column("message_sid", String(64), primary_key=True),
    Column("status", String(40), primary_key=True),
    Column("error_code", Integer),
    _at("at"),
)

inbound_sms = Table(
    "inbound_sms",
    metadata,
    Column("message_sid", String(64), primary_key=True),
    _at("at"),
)

definitions = Table(
    "definitions",
    metadata,
    Column("digest", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("body", Text, nullable=False),
)
