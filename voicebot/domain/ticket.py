"""The record of a complaint: statuses, the table of their transitions, history entries.

To people we say *case*; `Ticket` is the record in code (architecture.md 5).
Knows: statuses, what a case holds. Must not know: promises' windows, texts, the database.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from voicebot.errors import Refused


class TicketStatus(StrEnum):
    """Opened with the call."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Somebody has seen it; quiets the climb for a while, stops nothing."""
    RESOLVED = "resolved"
    CLOSED = "closed"
    MERGED = "merged"
    """Joined into an older ticket; its case number stays an alias."""


OPEN_STATUSES = (TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED)
"""Those in which somebody still owes the complainant something."""


TICKET_TRANSITIONS: dict[TicketStatus, frozenset[TicketStatus]] = {
    TicketStatus.OPEN: frozenset({TicketStatus.ACKNOWLEDGED, TicketStatus.RESOLVED, TicketStatus.MERGED}),
    TicketStatus.ACKNOWLEDGED: frozenset({TicketStatus.RESOLVED, TicketStatus.MERGED}),
    TicketStatus.RESOLVED: frozenset({TicketStatus.CLOSED, TicketStatus.OPEN}),
    TicketStatus.CLOSED: frozenset({TicketStatus.OPEN}),
    TicketStatus.MERGED: frozenset(),
}


class Channel(StrEnum):
    """How the complaint came."""

    PHONE = "phone"
    SMS = "sms"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """One case."""

    id: str
    case_number: str
    """Nine digits, no hyphens (domain/case_number.py)."""
    pin: str
    """Four digits; goes out by SMS only."""
    status: TicketStatus
    channel: Channel
    locale: str
    opened_at: datetime
    owner_id: str
    """StaffMember.id; a ticket is never without an owner."""
    complainant_number: str | None = None
    """E.164, past the number gate; None when there is none to call."""
    may_text: bool = True
    """False once the complainant said no, opted out, or the number takes no texts."""
    text_trouble: str = ""
    """Why texts do not reach this person (landline, opted_out, …); empty when they do or were not tried."""
    problem: str = ""
    """The story in the recogniser's words."""
    demand: str = ""
    """What would put it right."""
    recording_refused: bool = False
    supervisor_asked_at: datetime | None = None
    supervisor_asks: int = 0
    merged_into: str | None = None
    is_listen_first: bool = False
    """True when nobody here understood the caller: the words are worth little, the voice is to be heard first."""
    written_from: str | None = None
    """Sender of the texts of a case that nobody can be called or texted for: a short code, a name, a number abroad."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryEntry:
    """One line of the one append-only history, written by the UnitOfWork."""

    ticket_id: str
    at: datetime
    actor: str
    """`caller`, `system`, `carrier`, `worker` or a StaffMember.id."""
    verb: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the caller said to one question, as kept on the ticket."""

    id: str
    ticket_id: str
    call_id: str
    turn_number: int
    slot: str
    """story, remedy, sms …"""
    at: datetime
    text: str
    words_json: str
    """JSON list of `domain.utterance.Word`."""
    duration_s: float
    audio_key: str | None
    """Key in the AudioStore; None when no audio is kept (yet)."""
    state: "AnswerState"
    recording_sid: str | None = None
    spool_name: str | None = None
    spool_folder: str | None = None
    """Id of the data folder whose spool holds, or held, the voice; only its worker may call the voice lost."""
    not_before: datetime | None = None
    """No further try before this instant (the carrier's recording was not ready); None: at once."""
    attempts: int = 0
    """Tries that failed so far."""


class AnswerState(StrEnum):
    """How far the way from voice to words has been gone."""

    SPOOLED = "spooled"
    """Audio lies in the local spool, not yet in the audio store."""
    AWAITING_RECORDING = "awaiting_recording"
    """The carrier holds the audio; to be fetched."""
    AWAITING_TRANSCRIPT = "awaiting_transcript"
    """Audio stored, words still to be made by the worker."""
    DONE = "done"
    DESTROYED = "destroyed"
    """Was stored, then destroyed at the caller's request."""
    LOST = "lost"
    """The audio could not be had; the reason stands in the history."""


def advance(ticket: Ticket, status: TicketStatus) -> Ticket:
    """Return the ticket in its next status; merging has a function of its own.

    Raises: Refused, with nothing changed, when the table rules it out.
    """
    if status is TicketStatus.MERGED:
        raise AssertionError("merge names the ticket that goes on")
    _check_transition(ticket, status)
    return replace(ticket, status=status)


def merge(ticket: Ticket, into: Ticket) -> Ticket:
    """Return the ticket joined into another one, which goes on.

    Raises: Refused when it cannot be merged, or the other is itself merged, or both are the same.
    """
    _check_transition(ticket, TicketStatus.MERGED)
    if into.id == ticket.id or into.status is TicketStatus.MERGED:
        raise Refused("a case is merged into another one that still goes on", code="ticket-transition")
    return replace(ticket, status=TicketStatus.MERGED, merged_into=into.id)


def ask_supervisor(ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket with one more request for a person; the first instant stays."""
    return replace(
        ticket,
        supervisor_asked_at=ticket.supervisor_asked_at or at,
        supervisor_asks=ticket.supervisor_asks + 1,
    )


def is_open(ticket: Ticket) -> bool:
    """Tell whether somebody still owes the complainant something."""
    return ticket.status in OPEN_STATUSES


def _check_transition(ticket: Ticket, status: TicketStatus) -> None:
    if status not in TICKET_TRANSITIONS[ticket.status]:
        raise Refused(f"the case is {ticket.status} and cannot become {status}", code="ticket-transition")
