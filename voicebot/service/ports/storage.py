"""What stays, as ports: one repository per noun, and one transaction over all of them.

Knows: domain types. Must not know: SQL.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from voicebot.domain.call import Call, Turn
from voicebot.domain.consent import Consent
from voicebot.domain.escalation import StepTaken
from voicebot.domain.promise import Breach, CallbackWindow, Promise
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.text_wish import WishKept
from voicebot.domain.ticket import Answer, HistoryEntry, Ticket
from voicebot.service.ports.access import CaseAccesses
from voicebot.service.ports.cases import Cases
from voicebot.service.ports.contacts import Contacts
from voicebot.service.ports.dangers import Dangers
from voicebot.service.ports.errands import Errands
from voicebot.service.ports.events import CallEvents, WorkerBeats
from voicebot.service.ports.folders import Folders
from voicebot.service.ports.numbers import KeptNumbers
from voicebot.service.ports.people import Staff
from voicebot.service.ports.pictures import Pictures
from voicebot.service.ports.retention import Retention


class Calls(Protocol):
    """Calls, their turns and consents."""

    def add(self, call: Call) -> None: ...
    def save(self, call: Call) -> None: ...
    def get(self, call_id: str) -> Call | None: ...
    def lock(self, call_id: str) -> Call | None:
        """Read under a row lock (SQLite: the transaction is already exclusive)."""
        ...

    def by_carrier_id(self, carrier_call_id: str) -> Call | None:
        """Return the call; who finds none may add it: a rival asking for the same id waits until we are done."""
        ...

    def of_ticket(self, ticket_id: str) -> Sequence[Call]: ...
    def live_since_silence(self, before: datetime) -> Sequence[Call]:
        """Live calls whose `last_heard_at` lies before the instant."""
        ...

    def add_turn(self, turn: Turn) -> None: ...
    def turn(self, call_id: str, number: int) -> Turn | None: ...
    def turns(self, call_id: str) -> Sequence[Turn]: ...
    def add_consent(self, consent: Consent) -> None: ...
    def consents(self, call_id: str) -> Sequence[Consent]: ...


class Tickets(Protocol):
    """Tickets, answers and the append-only history."""

    def add(self, ticket: Ticket) -> None:
        """Write a new ticket.

        Raises: CaseNumberTaken when the case number was ever used before (the caller mints another).
        """
        ...

    def save(self, ticket: Ticket) -> None: ...
    def get(self, ticket_id: str) -> Ticket | None: ...
    def hold(self, ticket_id: str) -> None:
        """Let other deeds of staff on this ticket wait until we are done (SQLite: the transaction is exclusive)."""
        ...

    def by_case_number(self, case_number: str) -> Ticket | None:
        """Follows aliases of merged tickets."""
        ...

    def merged_into(self, ticket_id: str) -> Sequence[str]:
        """Return the ids of all tickets that were joined into this one."""
        ...

    def newest_open_of(self, sender: str) -> Ticket | None:
        """The case that a text from this number belongs to: rung from it, or without any call written from it.

        A number that a caller keyed is not theirs to write from.
        """
        ...

    def newest(self) -> Ticket | None:
        """Return the ticket opened last; None while there is none."""
        ...

    def newest_open_written_from(self, sender: str) -> Ticket | None:
        """The newest open ticket of a sender who has no number to call. Who finds none may add one: a rival waits."""
        ...

    def open_from(self, number: str, limit: int) -> Sequence[Ticket]:
        """Open cases with a call from this number, oldest first."""
        ...

    def all(self) -> Sequence[Ticket]:
        """Every ticket, those with the nearest open deadline first."""
        ...

    def add_answer(self, answer: Answer) -> None: ...
    def save_answer(self, answer: Answer) -> None: ...
    def answer(self, answer_id: str) -> Answer | None: ...
    def answers(self, ticket_id: str) -> Sequence[Answer]: ...
    def answers_in_state(self, state: str, limit: int, *, due_at: datetime | None = None) -> Sequence[Answer]:
        """Oldest first; with `due_at` only those whose `not_before` has come by then."""
        ...

    def spooled_in(self, folder_id: str, limit: int, *, due_at: datetime) -> Sequence[Answer]:
        """Answers whose voice lies in the spool of this folder, or of one nobody named, oldest first."""
        ...

    def answers_left_at_carrier(self, limit: int, *, due_at: datetime) -> Sequence[Answer]:
        """Answers done with, but for a recording that the carrier still holds and that is to be deleted by then.

        Oldest first. One that waits for its words is not done with: its tries are counted for those.
        """
        ...

    def answer_of_turn(self, call_id: str, turn_number: int) -> Answer | None: ...
    def note(self, entry: HistoryEntry) -> None: ...
    def history(self, ticket_id: str) -> Sequence[HistoryEntry]: ...


class CaseNumberTaken(Exception):
    """The case number minted was used before; mint another. Never leaves `service/ticket`."""


class Promises(Protocol):
    """Promises, breaches and the steps climbed."""

    def add(self, promise: Promise) -> None: ...
    def save(self, promise: Promise) -> None: ...
    def get(self, promise_id: str) -> Promise | None: ...
    def lock(self, promise_id: str) -> Promise | None: ...
    def of_ticket(self, ticket_id: str) -> Sequence[Promise]:
        """Oldest first."""
        ...

    def open_of_ticket(self, ticket_id: str) -> Promise | None: ...
    def closed_unkept(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Open promises whose window closed at or before now."""
        ...

    def warnings_due(self, now: datetime, limit: int) -> Sequence[Promise]:
        """Open promises whose `next_warning_at` (kept by the store through `set_next_warning`) has come."""
        ...

    def set_next_warning(self, promise_id: str, at: datetime | None) -> None: ...
    def plan(self, subject_id: str) -> str | None:
        """The steps of a climb, or the warnings of a promise, as JSON; None where none are kept."""
        ...

    def keep_plan(self, subject_id: str, steps_json: str) -> None:
        """Keep them once; what is kept stays."""
        ...

    def open_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """How many open promises each window holds that closes after an instant; rivals who ask wait until we end."""
        ...

    def silent_windows(self, closing_after: datetime) -> Mapping[CallbackWindow, int]:
        """The same, of promises to callers who left neither a word nor a key."""
        ...

    def add_breach(self, breach: Breach) -> bool:
        """Write the breach of a promise once; False when it stood already."""
        ...

    def save_breach(self, breach: Breach) -> None: ...
    def breaches_of_ticket(self, ticket_id: str) -> Sequence[Breach]: ...
    def breaches_due(self, now: datetime, limit: int) -> Sequence[Breach]:
        """Breaches not ended whose `next_step_at` has come."""
        ...

    def take_step(self, step: StepTaken) -> bool:
        """Write the step once, unique on (subject, step); False when it was taken before."""
        ...

    def steps(self, ticket_id: str) -> Sequence[StepTaken]: ...


class SmsOutbox(Protocol):
    """Texts to be sent and what became of them."""

    def add(self, sms: Sms) -> bool:
        """Write once, unique on `purpose`; False when that text exists already."""
        ...

    def save(self, sms: Sms) -> None: ...
    def get(self, sms_id: str) -> Sms | None: ...
    def by_sid(self, message_sid: str) -> Sms | None: ...
    def claim(self, sms_id: str, now: datetime) -> Sms | None:
        """Move WAITING to SENDING by compare-and-set; None when somebody else did or it is not due."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Sms]: ...
    def stuck(self, states: Iterable[SmsState], before: datetime, limit: int) -> Sequence[Sms]: ...
    def of_ticket(self, ticket_id: str) -> Sequence[Sms]: ...
    def last_settled(self, recipient: str) -> Sms | None:
        """Return the newest text to a number of which the carrier said how it ended."""
        ...

    def count_to(self, recipient: str, since: datetime, *, kind: str = "") -> int:
        """How many texts to a number, written since, were taken up to be sent; those of one `kind` of purpose."""
        ...

    def add_receipt(self, message_sid: str, status: str, error_code: int | None, at: datetime) -> bool:
        """Keep the raw receipt, unique on (sid, status); False for a repeat."""
        ...

    def receipts(self, message_sid: str) -> Sequence[tuple[str, int | None]]:
        """Return (status, error code) of every receipt kept for the sid: some come before we know whose they are."""
        ...

    def receipt_times(self, message_sid: str) -> Sequence[tuple[datetime, str, int | None]]:
        """Return instant, status and error code of every receipt kept for the sid; to look at, not to decide by."""
        ...

    def opted_out(self, recipient: str, sender: str) -> bool: ...
    def add_wish(self, wish: WishKept) -> bool:
        """Keep a wish after all wishes that came before it; False when the text that says it is known already."""
        ...

    def knows_inbound(self, message_sid: str) -> bool: ...
    def knows_wish(self, message_sids: Sequence[str]) -> bool:
        """Whether one of these texts is known as a wish."""
        ...

    def add_inbound(self, message_sid: str, at: datetime) -> bool:
        """Remember that a text came, unique on its sid, whatever becomes of it; False for a repeat."""
        ...


class Definitions(Protocol):
    """Flows and policies that running calls began with, kept by digest."""

    def put(self, digest: str, kind: str, body: str) -> None:
        """Keep the texts (JSON) once."""
        ...

    def get(self, digest: str) -> str | None: ...


class Jobs(Protocol):
    """What is to be done at once, enqueued in the transaction of its deed; ids only."""

    def enqueue(self, job: str, subject_id: str) -> None:
        """`job` is one of `service.jobs` names (send_sms, store_audio, transcribe, fetch_recording)."""
        ...


class UnitOfWork(Protocol):
    """One transaction. Leaving the block without `commit` rolls back."""

    calls: Calls
    cases: Cases
    tickets: Tickets
    promises: Promises
    sms: SmsOutbox
    definitions: Definitions
    dangers: Dangers
    contacts: Contacts
    pictures: Pictures
    events: CallEvents
    beats: WorkerBeats
    staff: Staff
    jobs: Jobs
    errands: Errands
    kept_numbers: KeptNumbers
    retention: Retention
    accesses: CaseAccesses
    folders: Folders

    def commit(self) -> None: ...


UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]
