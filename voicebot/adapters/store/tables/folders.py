"""Tables of machines. They hold data folders, which of them heard which call, and which worker holds an executor id.

No foreign keys, because a machine that is brought back tells of calls that a restore does not know.
Knows: names, types, constraints. Must not know: who reads or writes.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, not_

from voicebot.adapters.store.columns import UtcInstant
from voicebot.adapters.store.tables.shared import metadata

data_folders = Table(
    "data_folder",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("host", String(100), nullable=False),
    Column("seen_at", UtcInstant, nullable=False),
)

call_folders = Table(
    "call_folder",
    metadata,
    Column("call_id", String(64), primary_key=True),
    Column("folder_id", String(64), primary_key=True),
    Column("is_settled", Boolean, nullable=False),
    Column("erase_asked_at", UtcInstant),
)
Index(
    "ix_call_folder_due",
    call_folders.c.folder_id,
    sqlite_where=not_(call_folders.c.is_settled),
    postgresql_where=not_(call_folders.c.is_settled),
)

executor_leases = Table(
    "executor_lease",
    metadata,
    Column("executor_id", String(100), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("folder_id", String(64), nullable=False),
    Column("beat", Integer, nullable=False),
)
