"""The table of decision terms, in which nothing tells of a person.

Knows: names, types, constraints. Must not know: how a due instant is found.
"""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import id_column, instant_column, link_column, metadata
from voicebot.domain.decision_term import CURRENT_STATES, TermState

decision_terms = Table(
    "decision_terms",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("attempt", Integer, nullable=False),
    Column("target", String(60), nullable=False),
    Column("state", StateName(TermState), nullable=False),
    instant_column("started_at"),
    instant_column("due_at", is_optional=True),
    Column("why_json", Text, nullable=False),
    instant_column("waiting_until", is_optional=True),
    instant_column("settled_at", is_optional=True),
    instant_column("quiet_until", is_optional=True),
    instant_column("ended_at", is_optional=True),
    instant_column("next_step_at", is_optional=True),
)
Index("ix_decision_terms_ticket", decision_terms.c.ticket_id, decision_terms.c.state)
Index("ix_decision_terms_state", decision_terms.c.state, decision_terms.c.ended_at, decision_terms.c.due_at)
Index("ix_decision_terms_due", decision_terms.c.next_step_at)
Index(
    "uq_decision_terms_current",
    decision_terms.c.ticket_id,
    unique=True,
    sqlite_where=decision_terms.c.state.in_(CURRENT_STATES),
    postgresql_where=decision_terms.c.state.in_(CURRENT_STATES),
)
"""A case never has two terms that run or wait."""
