"""Tables of cases. They hold the case, its number for ever, what was said, and its history.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, UniqueConstraint, and_

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.ticket import (
    AnswerState,
    Channel,
    CloseReason,
    NotComplaint,
    Ruling,
    TicketStatus,
    ToldBy,
)

tickets = Table(
    "tickets",
    metadata,
    id_column(),
    Column("case_number", String(9), nullable=False, unique=True),
    Column("pin", String(4), nullable=False, info=PERSONAL),
    Column("status", StateName(TicketStatus), nullable=False),
    Column("channel", StateName(Channel), nullable=False),
    Column("locale", String(20), nullable=False),
    instant_column("opened_at"),
    Column("owner_id", String(64), nullable=False),
    Column("complainant_number", String(20), info=PERSONAL),
    Column("may_text", Boolean, nullable=False),
    Column("text_trouble", String(60), nullable=False),
    Column("problem", Text, nullable=False, info=PERSONAL),
    Column("demand", Text, nullable=False, info=PERSONAL),
    Column("recording_refused", Boolean, nullable=False),
    instant_column("supervisor_asked_at", is_optional=True),
    Column("supervisor_asks", Integer, nullable=False),
    Column("is_listen_first", Boolean, nullable=False),
    link_column("tickets", "merged_into", is_optional=True),
    Column("written_from", String(64), info=PERSONAL),
    Column("ruling", StateName(Ruling)),
    Column("told_by", StateName(ToldBy)),
    instant_column("closes_at", is_optional=True),
    Column("close_reason", StateName(CloseReason)),
    Column("not_complaint", StateName(NotComplaint)),
    instant_column("ended_at", is_optional=True),
    Column("refusal_asked_by", String(64)),
    Column("refusal_confirmed_by", String(64)),
    Column("reopened", Integer, nullable=False),
    Column("repeats", Integer, nullable=False),
    Column("offered_to", String(64)),
    Column("hand_offs", Integer, nullable=False, server_default="0"),
    Column("category", String(40), nullable=False, server_default=""),
    Column("about_id", String(64)),
)
Index(
    "ix_tickets_about",
    tickets.c.about_id,
    sqlite_where=tickets.c.about_id.is_not(None),
    postgresql_where=tickets.c.about_id.is_not(None),
)
Index("ix_tickets_opened", tickets.c.opened_at, tickets.c.id)
Index("ix_tickets_load", tickets.c.owner_id, tickets.c.status)
Index("ix_tickets_written_from", tickets.c.written_from, tickets.c.opened_at)
Index("ix_tickets_of_complainant", tickets.c.complainant_number, tickets.c.opened_at)
Index("ix_tickets_quiet", tickets.c.status, tickets.c.repeats, tickets.c.opened_at)
Index(
    "ix_tickets_category",
    tickets.c.category,
    tickets.c.opened_at,
    sqlite_where=tickets.c.category != "",
    postgresql_where=tickets.c.category != "",
)
Index("ix_tickets_waiting", tickets.c.status, tickets.c.closes_at)
Index(
    "ix_tickets_offered",
    tickets.c.offered_to,
    sqlite_where=tickets.c.offered_to.is_not(None),
    postgresql_where=tickets.c.offered_to.is_not(None),
)
Index(
    "ix_tickets_merged_into",
    tickets.c.merged_into,
    sqlite_where=tickets.c.merged_into.is_not(None),
    postgresql_where=tickets.c.merged_into.is_not(None),
)
_WAITS_FOR_A_LOOK = and_(tickets.c.refusal_asked_by.is_not(None), tickets.c.refusal_confirmed_by.is_(None))
Index(
    "ix_tickets_refusals",
    tickets.c.refusal_asked_by,
    sqlite_where=_WAITS_FOR_A_LOOK,
    postgresql_where=_WAITS_FOR_A_LOOK,
)


case_numbers = Table(
    "case_numbers",
    metadata,
    Column("case_number", String(9), primary_key=True),
    Column("ticket_id", String(64), nullable=False),
)


answers = Table(
    "answers",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("call_id", String(64), nullable=False),
    Column("turn_number", Integer, nullable=False),
    Column("slot", String(60), nullable=False),
    instant_column("at"),
    Column("text", Text, nullable=False, info=PERSONAL),
    Column("words_json", Text, nullable=False, info=PERSONAL),
    Column("duration_s", Float, nullable=False),
    Column("audio_key", String(200), info=PERSONAL),
    Column("state", StateName(AnswerState), nullable=False),
    Column("recording_sid", String(64), info=PERSONAL),
    Column("spool_name", String(200), info=PERSONAL),
    Column("spool_folder", String(64)),
    instant_column("not_before", is_optional=True),
    Column("attempts", Integer, nullable=False),
    Column("second_words_json", Text, nullable=False, server_default="[]", info=PERSONAL),
    Column("second_by", String(60)),
    Column("second_tries", Integer, nullable=False, server_default="0"),
    UniqueConstraint("call_id", "turn_number"),
)
Index("ix_answers_ticket", answers.c.ticket_id)
Index("ix_answers_due", answers.c.state, answers.c.at)
_IS_UNHEARD = answers.c.second_by.is_(None) & answers.c.audio_key.is_not(None)
Index(
    "ix_answers_second_due",
    answers.c.second_tries,
    answers.c.at,
    sqlite_where=_IS_UNHEARD,
    postgresql_where=_IS_UNHEARD,
)
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
    link_column("tickets", "ticket_id"),
    instant_column("at"),
    Column("actor", String(64), nullable=False),
    Column("verb", String(100), nullable=False),
    Column("before", Text, nullable=False, info=PERSONAL),
    Column("after", Text, nullable=False, info=PERSONAL),
    instant_column("untold_since", is_optional=True),
)
Index(
    "ix_history_untold_due",
    history.c.untold_since,
    sqlite_where=history.c.untold_since.is_not(None),
    postgresql_where=history.c.untold_since.is_not(None),
)
Index("ix_history_ticket", history.c.ticket_id)
Index("ix_history_verb", history.c.verb, history.c.at)
