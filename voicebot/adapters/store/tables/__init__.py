"""Every table of ours. The constraints here are the guarantees that nothing is doubled.

Column names are the field names of the domain's dataclasses, so a row and a value are the same thing (see
`adapters/store/rows.py`). Columns that tell of a person are marked `info={"personal": True}`. Export, erasure and
redaction derive from this mark.

Foreign keys are checked at commit, so the order of writes within one transaction is free. A case number is never
reused, because `case_numbers` keeps each one for ever, whatever becomes of its ticket.

Indexes named *due* serve the sweeps. They hold the state first, then the instant, so that a sweep costs what is due and
not what is stored. `tests/adapters/store/test_tables.py` asks the planner. An index that leads to one case names
the state too where queries do. SQLite, without statistics, takes the index that serves most conditions.

`ticket`, `call`, `promise`, `decision_term`, `case_task`, `case_field`, `lead_case`, `sms`, `definition`, `staff`,
`staff_message`, `api_token`, `access`, `adjustment`, `contacts`, `customer`, `texts`, `folders`, `events`, `limits`,
`schedule`, `retention`, `rota`,
`calendar_feed`, `staff_call`, `notice`, `presence`, `watch`, `review`, `case_words` and `climb_plan` hold the tables of
what they are named after.
So do `webhook`, `second_factor`, `staff_identity` and `account_event`.
`shared` is what all of them use. They are imported here so that `metadata` knows them all.

Names are plural. Some of 0.2.0 and before are not, and stay so. While a new release takes over, the old one finishes
its calls on the same database (docs/operating.md, Upgrades). A table that it no longer finds would cut its callers off.

Knows: names, types, constraints. Must not know: who reads or writes.
"""

from voicebot.adapters.store.tables.access import case_accesses, list_exports, staff_sessions
from voicebot.adapters.store.tables.account_event import account_events
from voicebot.adapters.store.tables.adjustment import adjustments
from voicebot.adapters.store.tables.api_token import api_requests, api_tokens
from voicebot.adapters.store.tables.calendar_feed import calendar_feeds
from voicebot.adapters.store.tables.call import calls, consents, turns
from voicebot.adapters.store.tables.case_field import case_fields
from voicebot.adapters.store.tables.case_task import case_tasks
from voicebot.adapters.store.tables.case_words import case_words
from voicebot.adapters.store.tables.climb_plan import climb_plans
from voicebot.adapters.store.tables.contacts import contacts, refused_contacts
from voicebot.adapters.store.tables.customer import customer_lookups, customer_numbers, customers
from voicebot.adapters.store.tables.decision_term import decision_terms
from voicebot.adapters.store.tables.definition import definitions
from voicebot.adapters.store.tables.events import call_events, worker_beats
from voicebot.adapters.store.tables.folders import call_folders, data_folders, executor_leases
from voicebot.adapters.store.tables.lead_case import case_followers, lead_update_recipients, lead_updates
from voicebot.adapters.store.tables.limits import alarms, silent_calls, texts_let_go
from voicebot.adapters.store.tables.notice import notices
from voicebot.adapters.store.tables.presence import presences
from voicebot.adapters.store.tables.promise import breaches, promises, steps
from voicebot.adapters.store.tables.retention import erasures, legal_holds, unanswered
from voicebot.adapters.store.tables.review import review_entries, voice_hearings
from voicebot.adapters.store.tables.rota import changes as rota_changes
from voicebot.adapters.store.tables.rota import profiles as rota_profiles
from voicebot.adapters.store.tables.rota import shifts as rota_shifts
from voicebot.adapters.store.tables.schedule import connected_numbers, scheduled_tasks
from voicebot.adapters.store.tables.second_factor import second_factors
from voicebot.adapters.store.tables.shared import PERSONAL, metadata
from voicebot.adapters.store.tables.sms import inbound_sms, receipts, sms
from voicebot.adapters.store.tables.staff import staff_account
from voicebot.adapters.store.tables.staff_call import call_refusals, staff_calls
from voicebot.adapters.store.tables.staff_identity import staff_identities
from voicebot.adapters.store.tables.staff_message import staff_messages
from voicebot.adapters.store.tables.texts import pictures, text_wishes
from voicebot.adapters.store.tables.ticket import answers, case_numbers, history, tickets
from voicebot.adapters.store.tables.watch import canaries, drills, morning_lists, watch_alarms
from voicebot.adapters.store.tables.webhook import webhook_deliveries, webhook_endpoints

__all__ = [
    "PERSONAL",
    "account_events",
    "adjustments",
    "alarms",
    "answers",
    "api_requests",
    "api_tokens",
    "breaches",
    "calendar_feeds",
    "call_events",
    "call_folders",
    "call_refusals",
    "calls",
    "canaries",
    "case_accesses",
    "case_fields",
    "case_followers",
    "case_numbers",
    "case_tasks",
    "case_words",
    "climb_plans",
    "connected_numbers",
    "consents",
    "contacts",
    "customer_lookups",
    "customer_numbers",
    "customers",
    "data_folders",
    "decision_terms",
    "definitions",
    "drills",
    "erasures",
    "executor_leases",
    "history",
    "inbound_sms",
    "lead_update_recipients",
    "lead_updates",
    "legal_holds",
    "list_exports",
    "metadata",
    "morning_lists",
    "notices",
    "pictures",
    "presences",
    "promises",
    "receipts",
    "refused_contacts",
    "review_entries",
    "rota_changes",
    "rota_profiles",
    "rota_shifts",
    "scheduled_tasks",
    "second_factors",
    "silent_calls",
    "sms",
    "staff_account",
    "staff_calls",
    "staff_identities",
    "staff_messages",
    "staff_sessions",
    "steps",
    "text_wishes",
    "texts_let_go",
    "tickets",
    "turns",
    "unanswered",
    "voice_hearings",
    "watch_alarms",
    "webhook_deliveries",
    "webhook_endpoints",
    "worker_beats",
]
