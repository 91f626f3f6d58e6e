"""A case whose promised call was made, so that only its decision is still due, and time that passes."""

from datetime import datetime

from tests.builders import at
from tests.service.lines import Line
from voicebot.domain.decision_term import DecisionTerm
from voicebot.domain.sms import Sms
from voicebot.domain.ticket import Ticket
from voicebot.service.promise.keep import log_callback

DUE = at("Wednesday 2 December 2026 10:00:00")
"""When the decision about a call of Wednesday 18 November at ten is due: the ceiling of 14 days comes first."""


def called_case(line: Line) -> Ticket:
    """Take a whole call and let the promise be kept at once."""
    answer = line.told_call()
    log_callback(line.hotline, line.ticket(answer).case_number, reason="listened", actor="owner_1")
    line.settle()
    return line.ticket(answer)


def pass_until(line: Line, until: datetime) -> None:
    """Let the worker look at each instant at which something of a decision is due, until one."""
    while (due := next_look(line)) is not None and due <= until:
        line.clock.at = max(line.clock.at, due)
        line.sweep()
    line.clock.at = max(line.clock.at, until)
    line.sweep()


def terms(line: Line, ticket: Ticket) -> list[DecisionTerm]:
    """Read the terms of a case, oldest first."""
    with line.work() as work:
        return list(work.decision_terms.of_ticket(ticket.id))


def current(line: Line, ticket: Ticket) -> DecisionTerm:
    """Read the term of a case that runs or waits."""
    with line.work() as work:
        term = work.decision_terms.current_of(ticket.id)
    assert term is not None
    return term


def steps(line: Line, ticket: Ticket) -> list[tuple[str, str]]:
    """Return (step, who was told) of the case's decisions, in order."""
    with line.work() as work:
        taken = work.promises.steps(ticket.id)
    return [(step.step, step.told) for step in taken if "decision" in step.step or step.step == "waiting_over"]


def texts(line: Line, ticket: Ticket, template: str) -> list[Sms]:
    """Return the texts of a case by one template."""
    with line.work() as work:
        return [sms for sms in work.sms.of_ticket(ticket.id) if sms.template == template]


def next_look(line: Line) -> datetime | None:
    """Return when the worker looks at a term next."""
    with line.work() as work:
        found = [term for ticket in work.tickets.all() for term in work.decision_terms.of_ticket(ticket.id)]
    return min((term.next_step_at for term in found if term.next_step_at is not None), default=None)
