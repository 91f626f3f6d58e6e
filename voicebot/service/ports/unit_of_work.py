"""What stays, as ports. There is one repository per noun, and one transaction over all of them.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from voicebot.domain.about import Reader
from voicebot.service.ports.access import CaseAccesses
from voicebot.service.ports.adjustment import Adjustments
from voicebot.service.ports.api_token import ApiTokens
from voicebot.service.ports.calendar_feed import CalendarFeeds
from voicebot.service.ports.call import Calls
from voicebot.service.ports.case_field import CaseFields
from voicebot.service.ports.case_list import Cases
from voicebot.service.ports.case_task import CaseTasks
from voicebot.service.ports.contacts import Contacts
from voicebot.service.ports.customer import Customers
from voicebot.service.ports.decision_term import DecisionTerms
from voicebot.service.ports.events import CallEvents, WorkerBeats
from voicebot.service.ports.figures import FigureBook
from voicebot.service.ports.folders import Folders
from voicebot.service.ports.lanes import Lanes
from voicebot.service.ports.lead_case import LeadCases
from voicebot.service.ports.limits import Limits
from voicebot.service.ports.morning import MorningBook
from voicebot.service.ports.notice import Notices
from voicebot.service.ports.numbers import KeptNumbers
from voicebot.service.ports.person import Persons
from voicebot.service.ports.picture import Pictures
from voicebot.service.ports.presence import Presences
from voicebot.service.ports.promise import Promises
from voicebot.service.ports.retention import Retention
from voicebot.service.ports.review import Reviews
from voicebot.service.ports.rota import RotaBook
from voicebot.service.ports.schedule import ScheduledTasks
from voicebot.service.ports.search import CaseSearch
from voicebot.service.ports.second_factor import SecondFactors
from voicebot.service.ports.sms import SmsOutbox
from voicebot.service.ports.staff import Staff
from voicebot.service.ports.staff_call import StaffCalls
from voicebot.service.ports.staff_message import StaffOutbox
from voicebot.service.ports.ticket import Tickets
from voicebot.service.ports.watch import WatchBook
from voicebot.service.ports.webhook import Webhooks


class Definitions(Protocol):
    """Flows and policies that running calls began with, kept by digest."""

    def put(self, digest: str, kind: str, body: str) -> None:
        """Keep the texts (JSON) once."""
        ...

    def get(self, digest: str) -> str | None: ...


class Jobs(Protocol):
    """What is to be done at once, enqueued in the transaction of its cause. Ids only."""

    def enqueue(self, job: str, subject_id: str) -> None:
        """`job` is one of `service.jobs` names (send_sms, store_audio, transcribe, fetch_recording)."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls back."""

    reader: Reader
    """Who reads cases in it. What they may not see is not there for them."""
    calls: Calls
    cases: Cases
    lanes: Lanes
    search: CaseSearch
    tickets: Tickets
    promises: Promises
    decision_terms: DecisionTerms
    case_tasks: CaseTasks
    fields: CaseFields
    sms: SmsOutbox
    staff_messages: StaffOutbox
    notices: Notices
    definitions: Definitions
    limits: Limits
    contacts: Contacts
    lead_cases: LeadCases
    adjustments: Adjustments
    customers: Customers
    pictures: Pictures
    events: CallEvents
    beats: WorkerBeats
    staff: Staff
    second_factors: SecondFactors
    staff_calls: StaffCalls
    api_tokens: ApiTokens
    jobs: Jobs
    schedule: ScheduledTasks
    kept_numbers: KeptNumbers
    retention: Retention
    accesses: CaseAccesses
    presences: Presences
    folders: Folders
    rota: RotaBook
    calendar_feeds: CalendarFeeds
    figures: FigureBook
    watch: WatchBook
    morning: MorningBook
    reviews: Reviews
    webhooks: Webhooks
    persons: Persons

    def commit(self) -> None: ...


UnitOfWorkFactory = Callable[..., AbstractContextManager[UnitOfWork]]
"""Takes nothing, or who reads as `reader`."""
