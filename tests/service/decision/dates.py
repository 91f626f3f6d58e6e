"""Everything that can happen to cases, and what must hold after each: no open case without a next date."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from random import Random

from tests.service.decision.deciding import next_look
from tests.service.lines import CALLER, OTHER, Line
from voicebot.domain.decision_term import TermState
from voicebot.domain.next_date import next_date
from voicebot.domain.promise import CallOutcome
from voicebot.domain.ticket import CloseReason, NotComplaint, Ruling, Ticket, TicketStatus, ToldBy, is_open
from voicebot.errors import Refused
from voicebot.service.decision.kind import being_of_kind
from voicebot.service.decision.waiting import waiting_for, waiting_no_longer
from voicebot.service.promise.choose import running_late
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_list import list_cases
from voicebot.service.staff.decision import Step, act
from voicebot.service.ticket.actions import acknowledge
from voicebot.service.ticket.ending import answering, closing, dismissing, reopening
from voicebot.service.ticket.inbound_text import IncomingText, log_text
from voicebot.service.ticket.splitting import joining, splitting, taking_out

ME = "owner_1"


class Deeds:
    """What staff, complainants and time do to the cases of a line."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._count = 0

    def ring(self, number: int) -> None:
        """Let somebody ring and tell a story."""
        self._count += 1
        self.line.told_call(f"CA{self._count}", (CALLER, OTHER)[number % 2])

    def write(self, number: int) -> None:
        """Let somebody write."""
        self._count += 1
        text = IncomingText(message_sid=f"SM{self._count}", sender=(CALLER, OTHER)[number % 2], body="it broke again")
        log_text(self.line.hotline, text)

    def call(self, number: int) -> None:
        """Let staff speak with the complainant."""
        self._on(number, lambda case: log_callback(self.line.hotline, case, reason="spoke", actor="owner_1"))

    def try_in_vain(self, number: int) -> None:
        """Let staff ring in vain."""
        outcome = CallOutcome.NO_ANSWER
        self._on(
            number, lambda case: log_callback(self.line.hotline, case, reason="", actor="owner_1", outcome=outcome)
        )

    def acknowledge(self, number: int) -> None:
        """Let somebody see it."""
        self._on(number, lambda case: acknowledge(self.line.hotline, case, actor="owner_1"))

    def step(self, number: int, kind: int) -> None:
        """Let staff decide something."""
        today = self.line.clock.at.date()
        steps: tuple[Callable[[], Step], ...] = (
            lambda: running_late(words="ill", actor="owner_1"),
            lambda: waiting_for("a receipt", until=today + timedelta(days=1 + number % 9), actor="owner_1"),
            lambda: waiting_no_longer(actor="owner_1"),
            lambda: being_of_kind(("standard", "safety", "billing")[number % 3], actor="owner_1"),
            lambda: answering(ruling=Ruling.PARTLY, told_by=ToldBy.CALL, words="half", actor="owner_1"),
            lambda: closing(reason=CloseReason.WITHDRAWN, words="as she wishes", actor="owner_1"),
            lambda: dismissing(kind=NotComplaint.PRAISE, words="praise", actor="owner_1"),
            lambda: reopening(words="again", actor="owner_1"),
        )
        self._on(number, lambda case: act(self.line.hotline, case, steps[kind % len(steps)]()))

    def join(self, number: int) -> None:
        """Let staff join a case into another."""
        self._on(number, lambda case: act(self.line.hotline, case, joining(self._other(number), words="one", actor=ME)))

    def take_out(self, number: int) -> None:
        """Let staff take a joined case out again."""
        with self.line.work() as work:
            joined = [(ticket, ticket.merged_into) for ticket in work.tickets.all() if ticket.merged_into]
            found = [(each.case_number, work.tickets.get(into)) for each, into in joined]
        if found:
            out, into = found[number % len(found)]
            assert into is not None, "what was joined was joined into a case"
            with suppress(Refused):
                act(self.line.hotline, into.case_number, taking_out(out, words="two", actor=ME))
        self.line.run_jobs()

    def split(self, number: int) -> None:
        """Let staff make a case of its own of what was said last in one."""

        def part(case: str) -> None:
            with self.line.work() as work:
                ticket = work.tickets.by_case_number(case)
                assert ticket is not None
                last = work.tickets.answers(ticket.id)[-1:]
            act(self.line.hotline, case, splitting([each.id for each in last], words="another matter", actor=ME))

        self._on(number, part)

    def pass_time(self, hours: int) -> None:
        """Let time pass, the worker being away, then look."""
        self.line.step(hours=hours)
        self.line.sweep()

    def pass_to_next(self) -> None:
        """Let time pass to the next instant of a decision."""
        due = next_look(self.line)
        if due is not None:
            self.line.clock.at = max(self.line.clock.at, due)
        self.line.sweep()

    def check(self) -> None:
        """Hold every case to its date."""
        lines = {line.case_number: line for line in list_cases(self.line.hotline).lines}
        with self.line.work() as work:
            for ticket in work.tickets.all():
                terms = work.decision_terms.of_ticket(ticket.id)
                current = [term for term in terms if term.state in (TermState.RUNNING, TermState.WAITING)]
                assert len(current) == is_open(ticket), "one time to decide while a case is open, none otherwise"
                promise = work.promises.open_of_ticket(ticket.id)
                date = next_date(
                    call_by=None if promise is None else promise.window_closes_at,
                    decide_by=current[0].due_at if current else None,
                    waiting_until=current[0].waiting_until if current else None,
                    closes_at=ticket.closes_at,
                )
                goes_on = is_open(ticket) or ticket.status is TicketStatus.ANSWERED
                assert (date is not None) == goes_on, "no case that goes on is without a next date"
                if ticket.status is not TicketStatus.MERGED:
                    assert lines[ticket.case_number].next_date == date, "the list shows the same date"

    def is_ahead(self) -> None:
        """Hold every date of a decision to lie ahead once the worker has looked."""
        self.line.sweep()
        with self.line.work() as work:
            for ticket in work.tickets.all():
                for term in work.decision_terms.of_ticket(ticket.id):
                    ends = [at for at in (term.due_at, term.waiting_until) if at is not None]
                    if term.state in (TermState.RUNNING, TermState.WAITING):
                        assert min(ends) > self.line.clock.at, "what is past is late, or back with staff"

    def _on(self, number: int, deed: Callable[[str], object]) -> None:
        cases = self._cases()
        if cases:
            with suppress(Refused):
                deed(cases[number % len(cases)].case_number)
        self.line.run_jobs()

    def _other(self, number: int) -> str:
        cases = self._cases()
        return cases[(number // 3 + 1) % len(cases)].case_number

    def _cases(self) -> list[Ticket]:
        with self.line.work() as work:
            return [ticket for ticket in work.tickets.all() if ticket.merged_into is None]


def walk(deeds: Deeds, random: Random, steps: int) -> None:
    """Do so many things in an order of chance, and hold the cases to their dates after each."""
    deeds.ring(0)
    simple = (deeds.ring, deeds.write, deeds.call, deeds.try_in_vain, deeds.acknowledge, deeds.pass_time)
    simple += (deeds.join, deeds.take_out, deeds.split)
    for _ in range(steps):
        chosen, number = random.randrange(len(simple) + 3), random.randrange(12)
        if chosen < len(simple):
            simple[chosen](number)
        elif chosen == len(simple):
            deeds.pass_to_next()
        else:
            deeds.step(number, random.randrange(8))
        deeds.check()
    deeds.is_ahead()
