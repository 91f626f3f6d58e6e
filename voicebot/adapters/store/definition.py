"""Flows and policies that running calls began with, and long lists of phrases, kept by digest, as rows.

Knows: the table definitions. Must not know: what a body says.
"""

import threading
from weakref import WeakKeyDictionary

from cachetools import LRUCache
from sqlalchemy import Connection, Engine, bindparam, select

from voicebot.adapters.store import tables
from voicebot.adapters.store.rows import insert_once

_stored: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()
"""By database, it is what was found committed, so that it need not be looked for with each call and turn."""


class DefinitionRows:
    """Fulfils `service.ports.Definitions`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._stored = _stored.setdefault(connection.engine, set())
        self._put_here: set[str] = set()
        """Not committed yet, and perhaps never."""

    def put(self, digest: str, kind: str, body: str) -> None:
        """Keep a body once, since the same digest is the same body."""
        if digest in self._stored or digest in self._put_here:
            return  # as good as always: a body is long, and each call keeps the one it begins with
        if self._connection.scalar(_KNOWN, {"wanted": digest}) is not None:
            self._stored.add(digest)
            return
        insert_once(self._connection, tables.definitions, {"digest": digest, "kind": kind, "body": body})
        self._put_here.add(digest)

    def get(self, digest: str) -> str | None:
        """Return the body kept under this digest, or None."""
        body = self._connection.scalar(_BODY, {"wanted": digest})
        return None if body is None else str(body)


_DEFINITIONS = tables.definitions.c
_KNOWN = select(_DEFINITIONS.digest).where(_DEFINITIONS.digest == bindparam("wanted"))
_BODY = select(_DEFINITIONS.body).where(_DEFINITIONS.digest == bindparam("wanted"))

_MOST_READ = 500
"""Lists of phrases held in memory, where a flow has some dozens."""
_read: LRUCache[str, str] = LRUCache(maxsize=_MOST_READ)
"""By digest, for all databases of the process, since the same digest is the same list."""
_read_lock = threading.Lock()


class PhraseRows:
    """Lists of phrases as stored turns name them (turn_text.py)."""

    def __init__(self, connection: Connection) -> None:
        self._definitions = DefinitionRows(connection)

    def keep(self, digest: str, phrases: str) -> None:
        """Store a list unless it stands there."""
        self._definitions.put(digest, "phrases", phrases)

    def fetch(self, digest: str) -> str:
        """Return a list that a turn names."""
        with _read_lock:
            phrases = _read.get(digest)
        if phrases is None:
            phrases = self._definitions.get(digest)
            assert phrases is not None, f"the phrases {digest[:12]} of a stored turn are gone"
            with _read_lock:
                _read[digest] = phrases
        return phrases
