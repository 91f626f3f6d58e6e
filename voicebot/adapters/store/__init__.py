"""Everything that stays, on SQLite or PostgreSQL.

- The database: `engine` opens it, `schema` brings it to the newest of `migrations`. `migration_rehearsal` tries that on
  a copy, `inspection` says how far a database is prepared.
- Columns: `tables` holds columns and constraints, `columns` their types. `rows` turns values into rows and back,
  `turn_text` shortens the stored text of turns.
- Transactions: `unit_of_work` joins all repositories in one. `writer_turns` lets the transactions of a process follow
  one another, `silence` gives up a server that has stopped answering.
- Repositories for the storage ports: `call`, `ticket`, `promise`, `decision_term`, `case_task`, `lead_case`, `sms`,
  `picture`, `definition`, `staff`, `staff_call`, `staff_message`, `api_token`, `notice`, `access`, `presence`,
  `adjustment`, `contacts`, `customer`,
  `limits`, `events`, `folders`, `schedule`, `retention`, `rota`, `calendar_feed`, `watch`, `review`, `case_field`,
  `second_factor`.
  `morning` reads what the morning list is made of.
  `case_words` keeps the words of cases and finds them, `case_pieces` says which those are.
  `case_list` reads a page of cases, which `case_order` finds by what is `owed`,
  `lanes` what is to be done now, `figures` counts how promises are kept, `ending_figures` how cases ended,
  `effort_figures` what they cost complainants, `figure_groups` puts them together by name.
  `seconds_between` is a length as both databases reckon it, `talk` says which talks count.
  `about` says which cases a reader is shown. `erasure` derives from the marks on columns what must go, and `cover` what
  who only looks sees as marks. `destruction` overwrites numbers of payment cards for good.
- Others are told by what `webhook` holds. `person` reads and forgets everything of one number, `scrub` takes what was
  erased out of the files.
- Beside the transactions: `vitals` reads how the hotline is, `logins` is the session of Flask-Security,
  `executor_lease` allows one live worker per executor id, `dump` reads and restores all rows for a backup.

Knows: SQLAlchemy, domain types, storage ports. Must not know: use cases, the carrier, the web.
"""

from voicebot.adapters.store.engine import BUSY_TIMEOUT_MS, LOOK_TIMEOUT_S, is_on_this_machine, open_engine, open_reader
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
    "is_on_this_machine",
    "migrate",
    "newest",
    "open_engine",
    "open_reader",
    "open_store",
]
