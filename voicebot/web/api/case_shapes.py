"""What a case looks like to other programs. It is what its page in the console shows, as data instead of sentences.

Instants are in UTC, as RFC 3339 writes them. Texts of people stand as they were said or corrected.
Knows: lines of the list, a case's view, words for the history. Must not know: routes, tables.
"""

from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from voicebot.domain.case_number import written
from voicebot.domain.instants import Instants
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import AnswerState, Channel, CloseReason, NotComplaint, Ruling, TicketStatus, ToldBy
from voicebot.service.ports import CaseLine
from voicebot.service.queries.case_view import CaseView
from voicebot.service.wording.history import detail_said
from voicebot.web.api.call_shapes import CallShape, call_shape
from voicebot.web.api.operations import Shape


class Person(Shape):
    """Somebody of the staff, a program, or a part of the hotline that acted."""

    id: str = Field(description="Stays the same, such as `owner_1`.")
    name: str = Field(description="What lists call them.")


class Complainant(Shape):
    """Who complains, as far as a list shows it."""

    name: str = Field(description="Empty where nobody wrote it down.")
    number_end: str = Field(description="The last four digits to ring, empty without a number.")


class OwedCall(Shape):
    """The call that is promised and not made yet, and what became of earlier ones."""

    target: str | None = Field(description="The service-level target that it follows. None where no call is promised.")
    opens_at: datetime | None = Field(description="When its window opens.")
    closes_at: datetime | None = Field(description="When its window closes.")
    missed_at: datetime | None = Field(description="When the oldest window closed after which nobody was reached yet.")
    misses: int = Field(description="How many promised calls were missed.")
    last_kept_at: datetime | None = Field(description="When a promise was last kept.")


class CaseListed(Shape):
    """A case in a list."""

    case: str = Field(description="The case number, as people write it.")
    status: TicketStatus
    channel: Channel = Field(description="How the complaint came.")
    language: str = Field(description="Code of the complainant's language.")
    opened_at: datetime
    owner: Person
    complainant: Complainant
    kind_of_complaint: str = Field(description="Id of the kind of complaint, empty until staff said it.")
    excerpt: str = Field(description="The first words of the problem.")
    call: OwedCall
    repeats: int = Field(description="How often the complainant came back.")
    decision_due_at: datetime | None = Field(description="When a decision is due.")


class CasesPage(Shape):
    """A stretch of the list of cases."""

    items: list[CaseListed]
    next: str | None = Field(description="Send it as `cursor` to read on. None at the end.")


class Outcome(Shape):
    """How a case stands at its end."""

    ruling: Ruling | None
    told_by: ToldBy | None = Field(description="How the decision was told.")
    close_reason: CloseReason | None
    not_a_complaint: NotComplaint | None = Field(description="What it was instead of a complaint.")
    closes_at: datetime | None = Field(description="When an answered case closes unless the complainant says no.")
    ended_at: datetime | None


class PromiseShape(Shape):
    """A call that was promised, however it went on."""

    target: str
    state: PromiseState
    made_at: datetime
    opens_at: datetime
    closes_at: datetime
    words: str = Field(description="The sentence as it was spoken or texted.")
    settled_at: datetime | None = Field(description="When it was kept, missed or moved.")
    kept_by: str | None = Field(description="Staff id of who kept it.")


class AnswerShape(Shape):
    """What the complainant said or wrote, with what staff corrected."""

    id: str
    slot: str = Field(description="What it answers, such as `story`.")
    at: datetime
    text: str
    state: AnswerState = Field(description="How far the way from voice to words was gone.")
    duration_s: float = Field(description="Seconds of voice, 0 for what was written.")


class HistoryShape(Shape):
    """One line of the history."""

    at: datetime
    actor: Person
    verb: str = Field(description="What was done, in a word that stays the same.")
    detail: str = Field(description="What it changed, in words.")


class DeadlineShape(Shape):
    """Something that is due."""

    what: str
    at: datetime


class CaseShape(Shape):
    """A whole case."""

    case: str = Field(description="The case number, as people write it.")
    status: TicketStatus
    channel: Channel
    language: str
    opened_at: datetime
    owner: Person
    number: str | None = Field(description="The number to call, in E.164.")
    fields: dict[str, str] = Field(description="What staff wrote down of the complainant.")
    kind_of_complaint: str = Field(description="Id of the kind of complaint, empty until staff said it.")
    kind_fields: dict[str, str] = Field(
        description="What staff wrote down in fields of a kind of complaint, as far as token and its maker may read it."
    )
    problem: str
    demand: str = Field(description="What would put it right.")
    outcome: Outcome
    promises: list[PromiseShape]
    answers: list[AnswerShape]
    calls: list[CallShape]
    deadlines: list[DeadlineShape]
    history: list[HistoryShape]
    joined: list[str] = Field(description="Numbers of cases that were joined into this one.")


def case_listed(line: CaseLine) -> CaseListed:
    """Return a line of the list."""
    return CaseListed(
        case=line.case,
        status=line.status,
        channel=line.channel,
        language=line.locale,
        opened_at=line.opened_at,
        owner=Person(id=line.owner_id, name=line.owner),
        complainant=Complainant(name=line.name, number_end=line.number_end),
        kind_of_complaint=line.category,
        excerpt=line.problem,
        call=_owed(line),
        repeats=line.repeats,
        decision_due_at=line.decide_by,
    )


def _owed(line: CaseLine) -> OwedCall:
    return OwedCall(
        target=line.target,
        opens_at=line.window_opens_at,
        closes_at=line.window_closes_at,
        missed_at=line.missed_at,
        misses=line.misses,
        last_kept_at=line.called_at,
    )


def case_shape(view: CaseView, instants: Instants) -> CaseShape:
    """Return a whole case."""
    ticket = view.ticket
    return CaseShape(
        case=written(ticket.case_number),
        status=ticket.status,
        channel=ticket.channel,
        language=ticket.locale,
        opened_at=ticket.opened_at,
        owner=Person(id=ticket.owner_id, name=view.owner),
        number=ticket.complainant_number,
        fields={str(field): entry.value for field, entry in view.customer.standing.items()},
        kind_of_complaint=ticket.category,
        kind_fields={field: entry.value for field, entry in view.category.standing.items()},
        problem=ticket.problem,
        demand=ticket.demand,
        outcome=_outcome(view),
        promises=list(_promises(view)),
        answers=list(_answers(view)),
        calls=[call_shape(call, written(ticket.case_number)) for call in view.calls],
        deadlines=[DeadlineShape(what=due.what, at=due.at) for due in view.deadlines],
        history=list(_history(view, instants)),
        joined=[written(number) for number in view.joined],
    )


def _outcome(view: CaseView) -> Outcome:
    ticket = view.ticket
    return Outcome(
        ruling=ticket.ruling,
        told_by=ticket.told_by,
        close_reason=ticket.close_reason,
        not_a_complaint=ticket.not_complaint,
        closes_at=ticket.closes_at,
        ended_at=ticket.ended_at,
    )


def _promises(view: CaseView) -> Iterator[PromiseShape]:
    for promise in view.promises:
        yield PromiseShape(
            target=promise.target,
            state=promise.state,
            made_at=promise.made_at,
            opens_at=promise.window_opens_at,
            closes_at=promise.window_closes_at,
            words=promise.words,
            settled_at=promise.settled_at,
            kept_by=promise.kept_by,
        )


def _answers(view: CaseView) -> Iterator[AnswerShape]:
    for each in view.answers:
        answer = each.answer
        yield AnswerShape(
            id=answer.id,
            slot=answer.slot,
            at=answer.at,
            text=each.shown,
            state=answer.state,
            duration_s=answer.duration_s,
        )


def _history(view: CaseView, instants: Instants) -> Iterator[HistoryShape]:
    for entry in view.history:
        actor = Person(id=entry.actor, name=view.names.get(entry.actor, entry.actor))
        yield HistoryShape(at=entry.at, actor=actor, verb=entry.verb, detail=detail_said(entry, instants, view.names))
