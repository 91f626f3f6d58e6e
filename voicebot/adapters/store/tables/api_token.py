"""Tables of other programs' tokens, and of what they asked for under a key.

Of a token only a digest is kept, so that who reads this table can ask for nothing.
Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from voicebot.adapters.store.columns import StateName
from voicebot.adapters.store.tables.shared import id_column, instant_column, metadata
from voicebot.domain.staff import MOST_NAME_LENGTH, Role

api_tokens = Table(
    "api_tokens",
    metadata,
    id_column(),
    Column("name", String(MOST_NAME_LENGTH), nullable=False, unique=True),
    Column("role", StateName(Role), nullable=False),
    Column("staff_id", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False, unique=True),
    instant_column("made_at"),
    Column("made_by", String(64), nullable=False),
    instant_column("expires_at", is_optional=True),
    instant_column("last_used_at", is_optional=True),
    instant_column("revoked_at", is_optional=True),
)

api_requests = Table(
    "api_requests",
    metadata,
    Column(
        "token_id", String(64), ForeignKey("api_tokens.id", deferrable=True, initially="DEFERRED"), primary_key=True
    ),
    Column("key", String(255), primary_key=True),
    Column("digest", String(64), nullable=False),
    instant_column("at"),
    Column("seen", Integer),
    Column("status", Integer),
    Column("answered", Text, nullable=False),
)
"""`answered` is our answer, which holds no words of anybody."""
Index("ix_api_requests_at", api_requests.c.token_id, api_requests.c.at)
