"""What the use cases need from outside, as Protocols; `adapters/` fulfils them, `tests/fakes.py` fakes them.

Knows: domain and flow types. Must not know: who fulfils a port.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from voicebot.domain.call import Call, Turn
from voicebot.domain.consent import Consent
from voicebot.domain.escalation import StepTaken
from voicebot.domain.promise import Breach, CallbackWindow, Promise
from voicebot.domain.sms import Sms, SmsState
from voicebot.domain.ticket import Answer, HistoryEntry, Ticket
from voicebot.domain.utterance import Hypothesis
from voicebot.flow.definition import Flow
from voicebot.flow.instructions import Prompt
from voicebot.flow.policy import Policy


class Clock(Protocol):
    """The only source of now."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Ids(Protocol):
    """The only source of ids and randomness."""

    def new_id(self) -> str:
        """Return a fresh id (32 hexadecimal digits)."""
        ...

    def new_token(self) -> str:
        """Return a fresh secret, fit for a URL, of at least 128 bits."""
        ...

    def random_digits(self, count: int) -> str:
        """Return so many decimal digits from a cryptographic source; the first may be 0."""
        ...


# --- storage -----------------------------------------------------------------------------------------------


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
    def by_case_number(self, case_number: str) -> Ticket | None:
        """Follows aliases of merged tickets."""
        ...

    def newest_open_of(self, complainant_number: str) -> Ticket | None: ...
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
    def count_open_in(self, window: CallbackWindow) -> int:
        """How many open promises share exactly this window (its capacity is policy)."""
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
    def count_to(self, recipient: str, since: datetime) -> int: ...
    def add_receipt(self, message_sid: str, status: str, error_code: int | None, at: datetime) -> bool:
        """Keep the raw receipt, unique on (sid, status); False for a repeat."""
        ...

    def receipts(self, message_sid: str) -> Sequence[tuple[str, int | None]]:
        """Return (status, error code) of every receipt kept for the sid: some come before we know whose they are."""
        ...

    def opted_out(self, recipient: str, sender: str) -> bool: ...
    def set_opt_out(self, recipient: str, sender: str, is_out: bool, at: datetime) -> None: ...
    def add_inbound(self, message_sid: str, ticket_id: str, at: datetime) -> bool:
        """Remember a text we received, unique on its sid; False for a repeat."""
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
    tickets: Tickets
    promises: Promises
    sms: SmsOutbox
    definitions: Definitions
    jobs: Jobs

    def commit(self) -> None: ...


UnitOfWorkFactory = Callable[[], AbstractContextManager[UnitOfWork]]


# --- the carrier -------------------------------------------------------------------------------------------


class SmsSender(Protocol):
    """Hands one text to the carrier."""

    def send(self, recipient: str, body: str) -> str:
        """Send once and return the message sid.

        Raises: SmsRefused (the carrier said no; code), SmsBusy (429, nothing was sent, try again),
        SmsUncertain (time-out or 5xx: nobody knows; look it up, never send blindly again).
        """
        ...

    def find(self, recipient: str, body: str, since: datetime) -> str | None:
        """Return the sid of a text that the carrier already has, for an uncertain send."""
        ...

    def state_of(self, message_sid: str) -> tuple[str, int | None]:
        """Return the carrier's status word and error code, for a receipt that never came."""
        ...


class SmsRefused(Exception):
    """The carrier refused the text for good; `code` is its error number."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the carrier refused a text with error {code}")
        self.code = code


class SmsBusy(Exception):
    """The carrier was too busy (429); nothing was sent."""


class SmsUncertain(Exception):
    """The create call ended without an answer that tells whether the text exists."""


class CarrierControl(Protocol):
    """Acts on a live call and fetches recordings."""

    def redirect(self, carrier_call_id: str, url: str) -> None:
        """Make the live call fetch new instructions from an absolute URL. Raises: Unavailable."""
        ...

    def download_recording(self, recording_sid: str) -> bytes:
        """Return the WAV bytes. Raises: Unavailable (not ready yet, or gone)."""
        ...

    def delete_recording(self, recording_sid: str) -> None:
        """Delete it at the carrier once it is safe with us. Raises: Unavailable."""
        ...


# --- hearing and speaking ----------------------------------------------------------------------------------


class Recogniser(Protocol):
    """One prompt's recogniser; belongs to one thread; made anew for each `Listen`.

    Raises (any method): Unavailable when the engine fails.
    """

    def accept(self, pcm: bytes) -> Hypothesis | None:
        """Take 16-bit little-endian mono PCM at 8 kHz; return a *final* segment when one just ended.

        Word times are seconds from the first sample ever given to this recogniser.
        """
        ...

    def partial(self) -> str:
        """Return the words guessed since the last segment; may move."""
        ...

    def finish(self) -> Hypothesis:
        """Flush and return the last segment (may be empty). Nothing may be given afterwards."""
        ...


class Recognisers(Protocol):
    """Makes recognisers, within the number allowed alive per process."""

    def reserve(self) -> bool:
        """Take one place for a call; False when all are taken."""
        ...

    def release(self) -> None:
        """Give the place back."""
        ...

    def has_room(self) -> bool:
        """Whether another call would find a place now."""
        ...

    def supports(self, locale: str) -> bool: ...
    def make(self, locale: str, grammar: tuple[str, ...] | None) -> Recogniser: ...


class PromptAudio(Protocol):
    """Clips for prompts."""

    def audio(self, prompt: Prompt) -> bytes:
        """Return the whole prompt as raw mu-law 8 kHz bytes.

        Raises: SettingFault when a clip is missing; the message names the words and the command that makes it.
        """
        ...


class AudioStore(Protocol):
    """Where the voice of each answer stays: WAV files (mu-law, 8 kHz, mono) by relative key."""

    def put(self, key: str, wav: bytes) -> None:
        """Store whole or not at all (temporary name, then rename); the same key twice is the same file."""
        ...

    def get(self, key: str) -> bytes:
        """Raises: Unavailable when it is not there."""
        ...

    def delete(self, key: str) -> None: ...
    def exists(self, key: str) -> bool: ...


class Spool(Protocol):
    """Local append-only files that hold an answer's voice (raw mu-law) while the caller speaks."""

    def append(self, name: str, frames: bytes) -> None:
        """Append and flush to the operating system, so that a killed process loses nothing said before."""
        ...

    def read(self, name: str) -> bytes: ...
    def delete(self, name: str) -> None: ...
    def names(self) -> Sequence[str]:
        """Every spool file, for the sweep that takes up orphans; names are `<call_id>-<turn>.ulaw`."""
        ...


class FlowLibrary(Protocol):
    """Flows and policy as the folder has them now, and as any digest once had them."""

    def current_flow(self, name: str) -> Flow: ...
    def current_policy(self) -> Policy: ...
    def flow_from(self, body: str) -> Flow:
        """Rebuild a flow from the texts kept by `Definitions`."""
        ...

    def policy_from(self, body: str) -> Policy: ...
