"""Tables of promises. They hold the promise, its breach, and the steps of a ladder that were taken.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import PERSONAL, id_column, instant_column, link_column, metadata
from voicebot.domain.promise import KeptEvidence, PromiseState

promises = Table(
    "promises",
    metadata,
    id_column(),
    link_column("tickets", "ticket_id"),
    Column("target", String(60), nullable=False),
    instant_column("window_opens_at"),
    instant_column("window_closes_at"),
    instant_column("made_at"),
    Column("words", Text, nullable=False),
    Column("locale", String(20), nullable=False),
    Column("state", StateName(PromiseState), nullable=False),
    Column("confirmed_by_caller", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("why_json", Text, nullable=False),
    instant_column("settled_at", is_optional=True),
    Column("kept_by", String(64)),
    Column("kept_reason", Text, info=PERSONAL),
    Column("kept_evidence", StateName(KeptEvidence)),
    Column("is_silent", Boolean, nullable=False),
    instant_column("next_warning_at", is_optional=True),
)
Index("ix_promises_ticket", promises.c.ticket_id, promises.c.state, promises.c.settled_at)
Index("ix_promises_due", promises.c.state, promises.c.window_closes_at, promises.c.window_opens_at)
Index("ix_promises_lanes", promises.c.state, promises.c.window_opens_at, promises.c.window_closes_at, promises.c.target)
Index("ix_promises_target", promises.c.target, promises.c.state, promises.c.window_closes_at)
Index("ix_promises_warning_due", promises.c.state, promises.c.next_warning_at)


breaches = Table(
    "breaches",
    metadata,
    id_column(),
    Column(
        "promise_id",
        String(64),
        ForeignKey("promises.id", deferrable=True, initially="DEFERRED"),
        nullable=False,
        unique=True,
    ),
    link_column("tickets", "ticket_id"),
    instant_column("at"),
    instant_column("quiet_until", is_optional=True),
    instant_column("ended_at", is_optional=True),
    instant_column("next_step_at", is_optional=True),
)
Index("ix_breaches_ticket", breaches.c.ticket_id)
Index(
    "ix_breaches_due",
    breaches.c.next_step_at,
    sqlite_where=breaches.c.ended_at.is_(None),
    postgresql_where=breaches.c.ended_at.is_(None),
)
Index(
    "ix_breaches_missed",
    breaches.c.at,
    sqlite_where=breaches.c.ended_at.is_(None),
    postgresql_where=breaches.c.ended_at.is_(None),
)


steps = Table(
    "steps",
    metadata,
    Column("subject_id", String(64), primary_key=True),
    Column("step", String(60), primary_key=True),
    link_column("tickets", "ticket_id"),
    instant_column("due_at"),
    instant_column("taken_at"),
    Column("told", Text, nullable=False),
)
Index("ix_steps_ticket", steps.c.ticket_id)
