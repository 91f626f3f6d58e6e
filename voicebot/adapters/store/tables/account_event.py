"""The table of what happened to logins, written once and never changed.

Knows: names, types, constraints. Must not know: what an event means.
"""

from sqlalchemy import Column, Index, Integer, String, Table

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import instant_column, metadata
from voicebot.domain.account_event import AccountVerb

account_events = Table(
    "account_events",
    metadata,
    Column("row", Integer, primary_key=True),
    Column("account_id", String(64), nullable=False),
    instant_column("at"),
    Column("actor", String(64), nullable=False),
    Column("verb", StateName(AccountVerb), nullable=False),
)
Index("ix_account_events_account", account_events.c.account_id, account_events.c.at)
