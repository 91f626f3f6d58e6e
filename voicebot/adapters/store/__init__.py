"""Everything that stays, on SQLite or PostgreSQL: tables, one repository per noun, one transaction over all of them.

`tables/` holds the columns and the constraints that carry the guarantees; `rows.py` turns values into rows;
`call.py`, `ticket.py`, `promise.py`, `sms.py`, `definition.py` fulfil the storage ports; `unit_of_work.py` joins them
in one transaction; `logins.py` is the one session beside it, for logins; `engine.py` opens the database, `silence.py`
gives up one that hangs; `schema.py` brings it to the newest of `migrations/`.

Knows: SQLAlchemy, domain types, storage ports. Must not know: use cases, the carrier, the web.
"""

from voicebot.adapters.store.engine import BUSY_TIMEOUT_MS, LOOK_TIMEOUT_S, open_engine, open_reader
from voicebot.adapters.store.executor_lease import ExecutorLease
from voicebot.adapters.store.inspection import SqlInspection
from voicebot.adapters.store.schema import current, is_migrated, migrate, newest
from voicebot.adapters.store.unit_of_work import SqlUnitOfWork, open_store
from voicebot.adapters.store.vitals import SqlVitals

__all__ = [
    "BUSY_TIMEOUT_MS",
    "LOOK_TIMEOUT_S",
    "ExecutorLease",
    "SqlInspection",
    "SqlUnitOfWork",
    "SqlVitals",
    "current",
    "is_migrated",
    "migrate",
    "newest",
    "open_engine",
    "open_reader",
    "open_store",
]
