"""What an endpoint is told of an event, as JSON.

A short message has ids, the case number, states and instants. A full one also has the complainant's number and words as
staff see them, without the PIN and with marks for private numbers. The case is told as it stands when the message is
made, a moment after the event. Of a complaint about somebody of the staff only the short part is told.
Which event a line of the history is, the rest of the line says, since a talk keeps a promise or none.
Knows: lines of the history, cases, promises. Must not know: endpoints, HTTP.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from voicebot.domain.case_number import written
from voicebot.domain.decision_term import TermState
from voicebot.domain.private.masking import masked
from voicebot.domain.promise import Promise, PromiseState, written_span
from voicebot.domain.sms import SmsState
from voicebot.domain.ticket import CloseReason, HistoryEntry, Ticket
from voicebot.domain.webhook import Detail, WebhookEvent
from voicebot.service.history import ERASED_AS, EVENTS_OF, OF_OWNERS, Verb
from voicebot.service.hotline import Context
from voicebot.service.lookup import going_on, ticket_of
from voicebot.service.outbox.compose import Template
from voicebot.service.ports import UnitOfWork
from voicebot.service.staff.readers import barred

MOST_BYTES = 8_000
"""Of each text in UTF-8, in whatever script. The specification advises to stay below 20 kB in all."""
_APOLOGIES = (Template.MISSED, Template.MISSED_AGAIN)
_OF_A_DECISION = frozenset({WebhookEvent.CASE_ANSWERED, WebhookEvent.CASE_ENDED})
_PARTS: Mapping[Verb, str] = MappingProxyType(
    {verb: kind.value for kind, verb in ERASED_AS.items()} | {Verb.CARD_NUMBERS_DESTROYED: "card_numbers"}
)
"""What went, by the line that says so."""
_OF_A_PROMISE = frozenset(event for event in WebhookEvent if event.startswith("promise."))


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplainantData:
    """Who complains, as staff see it. In full messages only."""

    number: str | None = None
    problem: str
    demand: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseData:
    """A case as it stands."""

    id: str
    number: str
    status: str
    channel: str
    opened_at: datetime
    owner: str
    """Staff id."""
    joined_to: str | None = None
    """Number of the case that this one was joined into."""
    category: str | None = None
    """What kind of complaint it is, once somebody has said so."""
    complainant: ComplainantData | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PromiseData:
    """A promise to call back."""

    id: str
    target: str
    state: str
    attempt: int
    opens_at: datetime
    closes_at: datetime
    kept_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionData:
    """How a case was decided, and how it ended. Or by when it was to be decided, where nobody did."""

    ruling: str | None = None
    told_by: str | None = None
    closes_at: datetime | None = None
    reason: str | None = None
    """Why it was closed, or what came instead of a complaint."""
    ended_at: datetime | None = None
    due_at: datetime | None = None
    """By when it was to be decided. Not there where the words of the case went before this was told."""
    due_next_at: datetime | None = None
    """By when it is to be decided now. Not there while we wait for the complainant, or once it was decided."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerData:
    """Who owned a case, and who owns it now. Staff ids."""

    before: str | None = None
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletedData:
    """What is no longer kept of a case."""

    part: str
    """`audio`, `words`, `numbers`, `texts`, `traces` or `card_numbers`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventData:
    """What happened. A part that has nothing to do with the event is not sent."""

    by: str | None = None
    """Staff id, or `caller`, `system`, `carrier`, `worker`, `retention`."""
    case: CaseData | None = None
    promise: PromiseData | None = None
    decision: DecisionData | None = None
    owner: OwnerData | None = None
    deleted: DeletedData | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """The whole body."""

    type: WebhookEvent
    timestamp: datetime
    """When it happened."""
    sequence: int
    """Grows with what happens. Two events of one action have the same."""
    data: EventData


def events_of(work: UnitOfWork, entry: HistoryEntry) -> Iterator[WebhookEvent]:
    """Yield the events that a line of the history tells of. Nobody complains by a case of the house, so of it none."""
    is_of_house = ticket_of(work, entry.ticket_id).close_reason is CloseReason.HOUSE
    for event in () if is_of_house else EVENTS_OF.get(Verb(entry.verb), ()):
        if event is WebhookEvent.PROMISE_KEPT:
            is_so = any(_is_kept_by(promise, entry) for promise in work.promises.of_ticket(entry.ticket_id))
        elif event in (WebhookEvent.APOLOGY_SENT, WebhookEvent.APOLOGY_FAILED):
            is_so = event is _apology(entry)
        else:
            is_so = True
        if is_so:
            yield event


def message_id(entry: HistoryEntry, row: int, event: WebhookEvent) -> str:
    """Return the `webhook-id` of an event. It is the same after a restore, so that receivers know it again.

    Its instant is part of it, since what happens after a restore gets numbers of lines that were used and lost.
    """
    return f"msg_{uuid5(NAMESPACE_URL, f'{entry.ticket_id}:{row}:{_instant(entry.at)}:{event}').hex}"


def body_of(context: Context, entry: HistoryEntry, row: int, *, event: WebhookEvent, detail: Detail) -> str:
    """Return the body of an event for endpoints that are told so much."""
    ticket = ticket_of(context.work, entry.ticket_id)
    detail = Detail.THIN if event is WebhookEvent.CASE_ERASED else detail
    data = EventData(
        by=entry.actor,
        case=_case(context, ticket, detail),
        promise=_promise(context.work, entry) if event in _OF_A_PROMISE else None,
        decision=_decision(context.work, ticket, entry, event),
        owner=OwnerData(before=entry.before or None, after=entry.after) if entry.verb in OF_OWNERS else None,
        deleted=DeletedData(part=_PARTS[Verb(entry.verb)]) if event is WebhookEvent.CASE_PART_DELETED else None,
    )
    return as_json(Message(type=event, timestamp=entry.at, sequence=row, data=data))


def body_of_trial(now: datetime) -> str:
    """Return the body of a trial."""
    data = EventData(by=None, case=None)
    return as_json(Message(type=WebhookEvent.TEST, timestamp=now, sequence=0, data=data))


def as_json(message: Message) -> str:
    """Return a message as it is sent, without what is not so."""
    told = asdict(message, dict_factory=lambda pairs: {name: value for name, value in pairs if value is not None})
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), default=_instant)


def _instant(value: object) -> str:
    assert isinstance(value, datetime), "nothing else is left that JSON does not know"
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _apology(entry: HistoryEntry) -> WebhookEvent | None:
    """Return what became of an apology, None for another text."""
    template, _, state = entry.after.partition(": ")
    if template not in _APOLOGIES:
        return None
    return WebhookEvent.APOLOGY_SENT if state.startswith(SmsState.DELIVERED) else WebhookEvent.APOLOGY_FAILED


def _case(context: Context, ticket: Ticket, detail: Detail) -> CaseData:
    work = context.work
    # Whom other systems show it to is not known here, so words of a case that some of ours may not see stay here.
    is_for_some = any(barred(context, each) for each in (ticket, going_on(work, ticket.id)))
    joined_to = None if ticket.merged_into is None else ticket_of(work, ticket.merged_into).case_number
    return CaseData(
        id=ticket.id,
        number=written(ticket.case_number),
        status=ticket.status,
        channel=ticket.channel,
        opened_at=ticket.opened_at,
        owner=ticket.owner_id,
        joined_to=None if joined_to is None else written(joined_to),
        category=ticket.category or None,
        complainant=_complainant(work, ticket) if detail is Detail.FULL and not is_for_some else None,
    )


def _complainant(work: UnitOfWork, ticket: Ticket) -> ComplainantData:
    pins, lifted = work.tickets.codes(ticket.id), partial(work.tickets.lifted, ticket.id)
    problem, demand = (_cut(masked(words, pins=pins, lifted=lifted)) for words in (ticket.problem, ticket.demand))
    return ComplainantData(number=ticket.complainant_number, problem=problem, demand=demand)


def _cut(text: str) -> str:
    return text.encode()[:MOST_BYTES].decode(errors="ignore")


def _promise(work: UnitOfWork, entry: HistoryEntry) -> PromiseData | None:
    promises = work.promises.of_ticket(entry.ticket_id)
    named = [each for each in promises if _is_named(each, entry)]
    if not named:
        return None
    promise = named[-1]
    return PromiseData(
        id=promise.id,
        target=promise.target,
        state=promise.state,
        attempt=promise.attempt,
        opens_at=promise.window_opens_at,
        closes_at=promise.window_closes_at,
        kept_at=promise.settled_at if promise.state is PromiseState.KEPT else None,
    )


def _is_named(promise: Promise, entry: HistoryEntry) -> bool:
    """Tell whether a line is about a promise. It names its window, or bears the instant at which it was kept."""
    return written_span(promise) in (entry.before, entry.after) or _is_kept_by(promise, entry)


def _is_kept_by(promise: Promise, entry: HistoryEntry) -> bool:
    """Tell whether a talk kept a promise. What one use case writes bears one instant."""
    return promise.state is PromiseState.KEPT and promise.settled_at == entry.at


def _decision(work: UnitOfWork, ticket: Ticket, entry: HistoryEntry, event: WebhookEvent) -> DecisionData | None:
    if event is WebhookEvent.DECISION_LATE:
        running = [each for each in work.decision_terms.of_ticket(ticket.id) if each.state is TermState.RUNNING]
        due_next_at = running[-1].due_at if running else None
        # The line is blank where the words of its case went before it was told.
        due_at = datetime.fromisoformat(entry.after) if entry.after else None
        return DecisionData(due_at=due_at, due_next_at=due_next_at)
    if event not in _OF_A_DECISION:
        return None
    return DecisionData(
        ruling=ticket.ruling,
        told_by=ticket.told_by,
        closes_at=ticket.closes_at,
        reason=ticket.close_reason or ticket.not_complaint,
        ended_at=ticket.ended_at,
    )
