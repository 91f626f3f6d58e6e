"""Flows and policies that running calls began with, kept by digest, as rows.

Knows: the table definitions. Must not know: what a body says.
"""

from sqlalchemy import Connection, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import insert_once


class DefinitionRows:
    """Fulfils `service.ports.Definitions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, digest: str, kind: str, body: str) -> None:
        """Keep a body once; the same digest is the same body."""
        table = tables.definitions
        known = select(table.c.digest).where(table.c.digest == digest)
        if self._connection.scalar(known) is not None:
            return  # as good as always: a body is long, and each call keeps the one it begins with
        insert_once(self._connection, tables.definitions, {"digest": digest, "kind": kind, "body": body})

    def get(self, digest: str) -> str | None:
        """Return the body kept under this digest, or None."""
        table = tables.definitions
        body = self._connection.scalar(select(table.c.body).where(table.c.digest == digest))
        return None if body is None else str(body)
