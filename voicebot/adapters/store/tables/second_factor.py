"""The table of second factors. Keys stand there sealed, recovery codes as digests.

Knows: names, types, constraints. Must not know: how a key is sealed.
"""

from sqlalchemy import BigInteger, Column, String, Table, Text

from voicebot.adapters.store.tables.shared import id_column, instant_column, metadata

second_factors = Table(
    "second_factors",
    metadata,
    id_column(),
    Column("sealed_key", String(500), nullable=False),
    Column("pending_key", String(500), nullable=False),
    instant_column("pending_at", is_optional=True),
    Column("last_step", BigInteger, nullable=False),
    Column("recovery_digests", Text, nullable=False),
)
"""`id` is the account's."""
