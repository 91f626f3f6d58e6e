"""Everything that stays, on SQLite or PostgreSQL: tables, one repository per noun, one transaction over all of them.

`tables.py` holds the columns and the constraints that carry the guarantees; `rows.py` turns values into rows;
`call.py`, `ticket.py`, `promise.py`, `sms.py`, `definition.py` fulfil the storage ports; `unit_of_work.py` joins them
in one transaction; `engine.py` opens the database; `schema.py` brings it to the newest of `migrations/`.

Knows: SQLAlchemy, domain types, storage ports. Must not know: use cases, the carrier, the web.
"""

from voicebot.adapters.store.engine import open_engine
from voicebot.adapters.store.schema import current, is_migrated, migrate, newest
from voicebot.adapters.store.unit_of_work import SqlUnitOfWork, open_store

__all__ = ["SqlUnitOfWork", "current", "is_migrated", "migrate", "newest", "open_engine", "open_store"]
