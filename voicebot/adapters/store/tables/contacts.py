"""Tables of who rang and wrote lately, for the budgets of strangers, and of who was turned away.

A row of `contact` is forgotten two days after it came, one of `refused_contact` after a week. The sender stands in
whole here, for a budget counts one number, and staff may want to ring back whom we turned away.
Knows: names, types, constraints. Must not know: limits, who reads or writes.
"""

from sqlalchemy import Column, Index, Integer, String, Table

from voicebot.adapters.store.columns import StateName, UtcInstant
from voicebot.adapters.store.tables.shared import PERSONAL, metadata
from voicebot.domain.budget import Contact

contacts = Table(
    "contact",
    metadata,
    Column("sid", String(64), primary_key=True),
    Column("kind", StateName(Contact), nullable=False),
    Column("sender", String(64), nullable=False, info=PERSONAL),
    Column("block", String(64), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("ended_at", UtcInstant),
    Column("seconds", Integer, nullable=False),
)
Index("ix_contact_sender", contacts.c.kind, contacts.c.sender, contacts.c.at)
Index("ix_contact_block", contacts.c.kind, contacts.c.block, contacts.c.at)
Index("ix_contact_at", contacts.c.kind, contacts.c.at)

refused_contacts = Table(
    "refused_contact",
    metadata,
    Column("kind", StateName(Contact), primary_key=True),
    Column("sender", String(64), primary_key=True, info=PERSONAL),
    Column("day", String(10), primary_key=True),
    Column("limit", String(60), primary_key=True),
    Column("times", Integer, nullable=False),
    Column("first_at", UtcInstant, nullable=False),
    Column("last_at", UtcInstant, nullable=False),
)
Index("ix_refused_contact_last", refused_contacts.c.last_at)
