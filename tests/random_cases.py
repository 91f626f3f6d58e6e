"""Random cases with promises, calls both ways, texts and ends, so that figures may be counted anew in plain Python."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from tests.builders import a_breach, a_call, a_history_entry, a_promise, a_ticket, an_answer
from tests.domain.test_staff_call import a_staff_call
from voicebot.domain.call import Call, CallEnd, CallStatus
from voicebot.domain.promise import CallOutcome, KeptEvidence, PromiseState
from voicebot.domain.staff_call import StaffCall, StaffCallKind, StaffCallState
from voicebot.domain.ticket import Answer, Channel, CloseReason, NotComplaint, Ticket, TicketStatus
from voicebot.service.ports import UnitOfWork

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
OWNERS = ("owner_1", "supervisor_1", "gone_1")


@dataclass(frozen=True, kw_only=True, slots=True)
class RandomCase:
    """A case with what figures are counted from."""

    ticket: Ticket
    calls: tuple[Call, ...]
    staff_calls: tuple[StaffCall, ...]
    answers: tuple[Answer, ...]

    @property
    def counts(self) -> bool:
        """Whether it is one of the cases: no alias, no prank, no alarm of the hotline."""
        is_case = self.ticket.status not in (TicketStatus.MERGED, TicketStatus.NOT_A_COMPLAINT)
        return is_case and self.ticket.close_reason is not CloseReason.HOUSE


def random_cases(
    unit_of_work: Callable[[], UnitOfWork], instants: tuple[datetime, ...], *, seed: int, most: int
) -> tuple[RandomCase, ...]:
    """Store as many cases; each came at one of these instants, or up to ten days after it."""
    random = Random(seed)
    cases = tuple(_a_case(random, number, _came_at(random, instants)) for number in range(most))
    with unit_of_work() as work:
        for case in cases:
            work.tickets.add(case.ticket)
            _promised(random, work, case.ticket)
            for call in case.calls:
                work.calls.add(call)
            for staff_call in case.staff_calls:
                work.staff_calls.add(staff_call)
            for answer in case.answers:
                work.tickets.add_answer(answer)
        work.commit()
    return cases


def _came_at(random: Random, instants: tuple[datetime, ...]) -> datetime:
    after = random.choice((0, 0, random.randrange(10 * 86400)))
    return random.choice(instants) + after * SECOND


def _a_case(random: Random, number: int, at: datetime) -> RandomCase:
    status = random.choice([each for each in TicketStatus if each is not TicketStatus.MERGED])
    ticket = a_ticket(
        id=f"ticket-{number}",
        case_number=f"{100_000_000 + number}",
        opened_at=at,
        owner_id=random.choice(OWNERS),
        channel=random.choice(tuple(Channel)),
        hand_offs=random.randrange(3),
        status=status,
        close_reason=random.choice(tuple(CloseReason)) if status is TicketStatus.CLOSED else None,
        not_complaint=random.choice(tuple(NotComplaint)) if status is TicketStatus.NOT_A_COMPLAINT else None,
    )
    calls = tuple(_a_call(random, ticket, n) for n in range(random.randrange(3)))
    texts = tuple(_an_answer(ticket, f"text-{number}-{n}", "sms") for n in range(random.randrange(3)))
    stories = tuple(_an_answer(ticket, call.id, "story") for call in calls if random.random() < 0.6)
    staff_calls = tuple(_a_staff_call(random, ticket, n) for n in range(random.randrange(3)))
    return RandomCase(ticket=ticket, calls=calls, staff_calls=staff_calls, answers=(*texts, *stories))


def _a_call(random: Random, ticket: Ticket, number: int) -> Call:
    name, at = f"{ticket.id}-call-{number}", ticket.opened_at + number * HOUR
    call = a_call(id=name, carrier_call_id=f"CA{name}", ticket_id=ticket.id, started_at=at, last_heard_at=at)
    if random.random() < 0.2:
        return call
    ended_at = at + random.randrange(400) * SECOND
    return replace(call, status=CallStatus.ENDED, end=random.choice(tuple(CallEnd)), ended_at=ended_at)


def _an_answer(ticket: Ticket, call_id: str, slot: str) -> Answer:
    return an_answer(id=f"{call_id}-{slot}", call_id=call_id, ticket_id=ticket.id, slot=slot, at=ticket.opened_at)


def _a_staff_call(random: Random, ticket: Ticket, number: int) -> StaffCall:
    kind = random.choice(tuple(StaffCallKind))
    return a_staff_call(
        id=f"{ticket.id}-ours-{number}",
        purpose=f"{kind}:{ticket.id}-{number}",
        kind=kind,
        ticket_id=ticket.id,
        promise_id=None,
        state=StaffCallState.ENDED,
        talk_s=random.randrange(300),
        waited_s=random.choice((0, random.randrange(90))),
        result=random.choice((CallOutcome.REACHED, CallOutcome.NO_ANSWER)),
        ended_at=ticket.opened_at,
    )


def _promised(random: Random, work: UnitOfWork, ticket: Ticket) -> None:
    at = ticket.opened_at
    for attempt in range(random.randrange(3)):
        state = random.choice([state for state in PromiseState if attempt == 0 or state is not PromiseState.OPEN])
        closes_at = at + random.randrange(1, 60) * HOUR
        is_kept = state is PromiseState.KEPT
        promise = a_promise(
            id=f"{ticket.id}-promise-{attempt}",
            ticket_id=ticket.id,
            target=random.choice(("standard", "supervisor")),
            made_at=at,
            window_opens_at=closes_at - HOUR,
            window_closes_at=closes_at,
            state=state,
            settled_at=None if state is PromiseState.OPEN else closes_at,
            kept_evidence=random.choice((None, *KeptEvidence)) if is_kept else None,
        )
        work.promises.add(promise)
        if state is PromiseState.BREACHED or (is_kept and random.random() < 0.3):
            breach_id = f"{promise.id}-breach"
            work.promises.add_breach(a_breach(id=breach_id, promise_id=promise.id, ticket_id=ticket.id, at=closes_at))
        at = closes_at
    if random.random() < 0.5:
        work.tickets.note(a_history_entry(ticket_id=ticket.id, at=at, verb="case_answered"))
