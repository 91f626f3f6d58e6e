"""The record of a complaint. It has the life of a case in one table, what a case holds, and history entries.

A case is open until a decision was told. It is then answered, and waits for the complainant. Their yes closes it, their
no opens it again, and when neither comes it is closed at a time that they were told beforehand. Each way to an end has
a reason of its own, so that who gave up or was never reached is not counted as helped. What is no complaint stands
beside that way, and can be taken back.

To people we say *case*, while `Ticket` is the record in code (architecture.md 5).
Knows: statuses, what a case holds. Must not know: promises' windows, texts, the database.
Source: complaints.md S1-14, S1-15, S1-17 (the end is told, and needs a yes), S4-01 (two people refuse), S4-16 (who gave
up was not helped), D-01 (no complaint).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from voicebot.errors import Refused


class TicketStatus(StrEnum):
    """Opened with the call."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    """Somebody has seen it. This quiets the climb for a while and stops nothing."""
    ANSWERED = "answered"
    """A decision was told. The complainant may say yes or no to it until `closes_at`."""
    CLOSED = "closed"
    NOT_A_COMPLAINT = "not_a_complaint"
    MERGED = "merged"
    """Joined into another ticket. Its case number stays an alias."""


OPEN_STATUSES = (TicketStatus.OPEN, TicketStatus.ACKNOWLEDGED)
"""Those in which somebody still owes the complainant something."""

GOING_ON = (*OPEN_STATUSES, TicketStatus.ANSWERED)
"""Those that are not over, since what the complainant says now belongs to them."""


TICKET_TRANSITIONS: dict[TicketStatus, frozenset[TicketStatus]] = {
    TicketStatus.OPEN: frozenset(TicketStatus) - {TicketStatus.OPEN},
    TicketStatus.ACKNOWLEDGED: frozenset(
        {TicketStatus.ANSWERED, TicketStatus.CLOSED, TicketStatus.NOT_A_COMPLAINT, TicketStatus.MERGED}
    ),
    TicketStatus.ANSWERED: frozenset({TicketStatus.OPEN, TicketStatus.CLOSED, TicketStatus.MERGED}),
    TicketStatus.CLOSED: frozenset({TicketStatus.OPEN}),
    TicketStatus.NOT_A_COMPLAINT: frozenset({TicketStatus.OPEN}),
    TicketStatus.MERGED: frozenset({TicketStatus.OPEN}),
}
"""Back to OPEN leads only `reopen`, which counts, and from MERGED only `unmerge`."""


class Ruling(StrEnum):
    """What was decided."""

    GRANTED = "granted"
    """What they asked for is done."""
    PARTLY = "partly"
    REFUSED = "refused"
    """We cannot help, and a second person has confirmed that."""


class ToldBy(StrEnum):
    """How a decision was told."""

    CALL = "call"
    TEXT = "text"
    LETTER = "letter"
    """On paper, or by e-mail."""


class CloseReason(StrEnum):
    """Why a case is closed, where each is counted for itself."""

    AGREED = "agreed"
    """The complainant said that it is settled."""
    WAITED = "waited"
    """A decision was told, the time named with it has passed, and nothing was said against it."""
    NOT_REACHED = "not_reached"
    """All tries that the policy asks for were in vain."""
    NO_DECISION = "no_decision"
    """We have nothing to offer, and say so, and a second person has confirmed that."""
    WITHDRAWN = "withdrawn"
    """The complainant no longer pursues it. It is given up, not helped."""
    HOUSE = "house"
    """No complainant at all, but a case that holds an alarm of the hotline's own."""


SOLVED = frozenset({CloseReason.AGREED})
"""Reasons that say of a case that its complainant was helped, which only their own word can say."""

CLOSED_FROM: dict[CloseReason, frozenset[TicketStatus]] = {
    CloseReason.AGREED: frozenset(GOING_ON),
    CloseReason.WAITED: frozenset({TicketStatus.ANSWERED}),
    CloseReason.NOT_REACHED: frozenset(OPEN_STATUSES),
    CloseReason.NO_DECISION: frozenset(OPEN_STATUSES),
    CloseReason.WITHDRAWN: frozenset(GOING_ON),
    CloseReason.HOUSE: frozenset({TicketStatus.OPEN}),
}
"""From which statuses each reason closes."""


class NotComplaint(StrEnum):
    """What came instead of a complaint."""

    SILENCE = "silence"
    POCKET_DIAL = "pocket_dial"
    WRONG_NUMBER = "wrong_number"
    PRANK = "prank"
    PRAISE = "praise"


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
    """Four digits. It goes out by SMS only."""
    status: TicketStatus
    channel: Channel
    locale: str
    opened_at: datetime
    owner_id: str
    """StaffMember.id. A ticket is never without an owner."""
    complainant_number: str | None = None
    """E.164, past the number gate. None when there is none to call."""
    may_text: bool = True
    """False once the complainant said no, opted out, or the number takes no texts."""
    text_trouble: str = ""
    """Why texts do not reach this person (landline, opted_out, …). Empty when they do or were not tried."""
    problem: str = ""
    """The story in the recogniser's words."""
    demand: str = ""
    """What would put it right."""
    recording_refused: bool = False
    supervisor_asked_at: datetime | None = None
    supervisor_asks: int = 0
    merged_into: str | None = None
    is_listen_first: bool = False
    """True when nobody here understood the caller, so the words are worth little, the voice is to be heard first."""
    written_from: str | None = None
    """Sender of the texts of a case that nobody can be called or texted for: a short code, a name, a number abroad."""
    ruling: Ruling | None = None
    """What was decided. None until a decision was told."""
    told_by: ToldBy | None = None
    closes_at: datetime | None = None
    """When an answered case is closed unless the complainant says otherwise. They were told this instant."""
    close_reason: CloseReason | None = None
    not_complaint: NotComplaint | None = None
    ended_at: datetime | None = None
    refusal_asked_by: str | None = None
    """Who says that we cannot help (StaffMember.id). None when nobody does."""
    refusal_confirmed_by: str | None = None
    """Who else has looked at that and agrees."""
    reopened: int = 0
    """How often it came back from an end, or from an answer."""
    repeats: int = 0
    """How often the complainant came back with words while it went on. Each raises its priority."""
    offered_to: str | None = None
    """Who else might take it after a repeat (StaffMember.id). None when nobody was asked or it was taken."""
    hand_offs: int = 0
    category: str = ""
    """Id of the kind of complaint (domain/category.py). Empty until staff said it."""
    about_id: str | None = None
    """Whom of the staff it complains about (StaffMember.id), who may not see it (domain/about.py)."""


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
    untold_since: datetime | None = field(default=None, compare=False)
    """Set while other systems are to be told of it. None once they are, and where nobody is."""


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
    """Key in the AudioStore. None when no audio is kept (yet)."""
    state: "AnswerState"
    recording_sid: str | None = None
    spool_name: str | None = None
    spool_folder: str | None = None
    """Id of the data folder whose spool holds, or held, the voice. Only its worker may call the voice lost."""
    not_before: datetime | None = None
    """No further try before this instant (the carrier's recording was not ready). None means at once."""
    attempts: int = 0
    """Tries that failed so far."""
    second_words_json: str = "[]"
    second_by: str | None = None
    """What heard these words in the stored voice, later (service/answer/second_listening.py). None: nobody yet."""
    second_tries: int = 0


class AnswerState(StrEnum):
    """How far the way from voice to words has been gone."""

    SPOOLED = "spooled"
    """Audio lies in the local spool, not yet in the audio store."""
    AWAITING_RECORDING = "awaiting_recording"
    """The carrier holds the audio. To be fetched."""
    AWAITING_TRANSCRIPT = "awaiting_transcript"
    """Audio stored, words still to be made by the worker."""
    DONE = "done"
    DESTROYED = "destroyed"
    """Was stored, then destroyed at the caller's request."""
    LOST = "lost"
    """The audio could not be had. The reason stands in the history."""


def acknowledge(ticket: Ticket) -> Ticket:
    """Return the ticket seen by somebody. One that was seen before stays as it is. Raises: Refused when it is over."""
    if ticket.status is TicketStatus.ACKNOWLEDGED:
        return ticket
    _check_transition(ticket, TicketStatus.ACKNOWLEDGED)
    return replace(ticket, status=TicketStatus.ACKNOWLEDGED)


def answer(ticket: Ticket, ruling: Ruling, *, told_by: ToldBy, closes_at: datetime) -> Ticket:
    """Return the ticket with a decision that was told. `closes_at` was told with it.

    Raises: Refused when the table rules it out, or nobody has confirmed a refusal.
    """
    _check_transition(ticket, TicketStatus.ANSWERED)
    if ruling is Ruling.REFUSED:
        _check_refusal(ticket)
    return replace(
        ticket, status=TicketStatus.ANSWERED, ruling=ruling, told_by=told_by, closes_at=closes_at, offered_to=None
    )


def close(ticket: Ticket, reason: CloseReason, *, at: datetime) -> Ticket:
    """Return the ticket closed for a reason.

    Raises: Refused when the table rules it out, nobody has confirmed that we cannot help, or the waiting is not over.
    """
    _check_transition(ticket, TicketStatus.CLOSED)
    if ticket.status not in CLOSED_FROM[reason]:
        raise Refused(
            f"the case is {ticket.status}, and is not closed as {reason} from there", code="ticket-transition"
        )
    if reason is CloseReason.NO_DECISION:
        _check_refusal(ticket)
    if reason is CloseReason.WAITED and (ticket.closes_at is None or at < ticket.closes_at):
        raise Refused("the complainant still has time to say no to the answer", code="ticket-waiting")
    return replace(
        ticket, status=TicketStatus.CLOSED, close_reason=reason, closes_at=None, ended_at=at, offered_to=None
    )


def dismiss(ticket: Ticket, kind: NotComplaint, *, at: datetime) -> Ticket:
    """Return the ticket found to be no complaint. Raises: Refused when the table rules it out."""
    _check_transition(ticket, TicketStatus.NOT_A_COMPLAINT)
    return replace(ticket, status=TicketStatus.NOT_A_COMPLAINT, not_complaint=kind, ended_at=at, offered_to=None)


def reopen(ticket: Ticket) -> Ticket:
    """Return the ticket open again, once more counted. What ended or answered it stays in the history only.

    Raises: Refused when it is open, or merged into another.
    """
    if ticket.status is TicketStatus.MERGED:
        raise Refused("the case was joined to another: take it out of that one first", code="ticket-transition")
    _check_transition(ticket, TicketStatus.OPEN)
    return replace(_begun_again(ticket), reopened=ticket.reopened + 1)


def ask_refusal(ticket: Ticket, by: str) -> Ticket:
    """Return the ticket with one person's word that we cannot help. Another has to look at it.

    Raises: Refused when it is not open, or somebody has said so already.
    """
    if not is_open(ticket):
        raise Refused(f"the case is {ticket.status}; only of an open case somebody can say this", code="case-over")
    if ticket.refusal_asked_by is not None:
        raise Refused("somebody has said so already: a second person is to look at it", code="refusal-asked")
    return replace(ticket, refusal_asked_by=by)


def confirm_refusal(ticket: Ticket, by: str) -> Ticket:
    """Return the ticket with a second person's word. Raises: Refused when nobody asked, or it is the same person."""
    _check_second_person(ticket, by)
    return replace(ticket, refusal_confirmed_by=by)


def overrule_refusal(ticket: Ticket, by: str) -> Ticket:
    """Return the ticket after a second person found that we can help. Raises: Refused as `confirm_refusal`."""
    _check_second_person(ticket, by)
    return replace(ticket, refusal_asked_by=None, refusal_confirmed_by=None)


def merge(ticket: Ticket, into: Ticket, *, is_settled: bool = False) -> Ticket:
    """Return the ticket joined into another one, which goes on, or may be over where nothing is left to be settled.

    Raises: Refused when it cannot be merged, or the other is over or itself merged, or both are the same.
    """
    _check_transition(ticket, TicketStatus.MERGED)
    may_be = set(TicketStatus) - {TicketStatus.MERGED} if is_settled else GOING_ON
    if into.id == ticket.id or into.status not in may_be:
        raise Refused("a case is merged into another one that still goes on", code="ticket-transition")
    return replace(ticket, status=TicketStatus.MERGED, merged_into=into.id, offered_to=None)


def unmerge(ticket: Ticket) -> Ticket:
    """Return the ticket taken out of the one it was joined into. It is open, as a case of its own.

    Raises: Refused when it is not merged.
    """
    if ticket.status is not TicketStatus.MERGED:
        raise Refused(f"the case is {ticket.status}, and joined to no other", code="ticket-transition")
    return replace(_begun_again(ticket), merged_into=None)


def ask_supervisor(ticket: Ticket, at: datetime) -> Ticket:
    """Return the ticket with one more request for a person, while the first instant stays."""
    first_at = ticket.supervisor_asked_at or at
    return replace(ticket, supervisor_asked_at=first_at, supervisor_asks=ticket.supervisor_asks + 1)


def is_open(ticket: Ticket) -> bool:
    """Tell whether somebody still owes the complainant something."""
    return ticket.status in OPEN_STATUSES


def is_over(ticket: Ticket) -> bool:
    """Tell whether the case has ended, so that what comes now opens it again or opens another."""
    return ticket.status not in GOING_ON


def _begun_again(ticket: Ticket) -> Ticket:
    """Return the ticket open, with no trace of an answer or an end. The history has those."""
    return replace(
        ticket,
        status=TicketStatus.OPEN,
        ruling=None,
        told_by=None,
        closes_at=None,
        close_reason=None,
        not_complaint=None,
        ended_at=None,
        refusal_asked_by=None,
        refusal_confirmed_by=None,
    )


def _check_transition(ticket: Ticket, status: TicketStatus) -> None:
    if status not in TICKET_TRANSITIONS[ticket.status]:
        raise Refused(f"the case is {ticket.status} and cannot become {status}", code="ticket-transition")


def _check_refusal(ticket: Ticket) -> None:
    if ticket.refusal_confirmed_by is None:
        raise Refused(
            "that we cannot help is said by two people: ask for a second look, and let somebody else confirm it",
            code="refusal-unconfirmed",
        )


def _check_second_person(ticket: Ticket, by: str) -> None:
    if ticket.refusal_asked_by is None:
        raise Refused("nobody has said that we cannot help: there is nothing to confirm", code="refusal-not-asked")
    if ticket.refusal_asked_by == by:
        raise Refused("it was you who said that we cannot help: somebody else is to look at it", code="refusal-same")
