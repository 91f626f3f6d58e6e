"""How a case stands, in what a caller hears of it."""

from dataclasses import replace

import pytest

from tests.service.lines import CALLER, Line
from voicebot.domain.decision_term import TermState
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.flow.session import KnownCase, Stands
from voicebot.service.call.case_status import known_of
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of


@pytest.fixture
def case(line: Line) -> Ticket:
    return line.ticket(line.told_call())


def heard(line: Line, case: Ticket) -> KnownCase:
    answer = line.ring(CALLER, "CA9")
    with line.work() as work:
        call = work.calls.get(answer.call.id)
        assert call is not None
        return known_of(call_context_of(context_of(line.hotline, work), call), case)


@pytest.mark.requirement("S1-22")
def test_who_has_the_case_and_when_we_call_is_said(line: Line, case: Ticket) -> None:
    known = heard(line, case)
    promise = line.promise(case.id)
    assert known.window is not None
    assert (known.window.opens_at, known.owner_role) == (promise.window_opens_at, "case handler")
    assert (known.stands, known.is_missed, known.answer_by) == (Stands.OPEN, False, None)


@pytest.mark.requirement("S2-21")
def test_a_promise_that_was_missed_is_known(line: Line, case: Ticket) -> None:
    line.clock.at = line.promise(case.id).window_closes_at
    line.sweep()
    known = heard(line, line_ticket(line, case))
    assert known.is_missed


def line_ticket(line: Line, case: Ticket) -> Ticket:
    with line.work() as work:
        ticket = work.tickets.get(case.id)
    assert ticket is not None
    return ticket


def test_without_a_call_the_day_of_the_decision_is_said_unless_we_wait(line: Line, case: Ticket) -> None:
    with line.work() as work:
        promise = work.promises.open_of_ticket(case.id)
        assert promise is not None
    line.clock.at = promise.window_closes_at
    known = heard(line, case)
    with line.work() as work:
        term = work.decision_terms.current_of(case.id)
        assert term is not None
        assert (known.window, known.answer_by) == (None, term.due_at)
        work.decision_terms.save(replace(term, state=TermState.WAITING))
        work.commit()
    with line.work() as work:
        call = next(iter(work.calls.of_ticket(case.id)))
        assert known_of(call_context_of(context_of(line.hotline, work), call), case).answer_by is None


def test_an_answered_case_says_until_when_no_can_be_said_and_an_ended_one_that_it_is_closed(
    line: Line, case: Ticket
) -> None:
    until = line.promise(case.id).window_closes_at
    answered = heard(line, replace(case, status=TicketStatus.ANSWERED, closes_at=until))
    assert (answered.stands, answered.answer_by, answered.window) == (Stands.ANSWERED, until, None)
    assert heard(line, replace(case, status=TicketStatus.CLOSED)).stands is Stands.ENDED


def test_a_role_that_cannot_be_said_is_not_named(line: Line, case: Ticket) -> None:
    assert heard(line, replace(case, owner_id="nobody")).owner_role == ""
