"""Whose a case is, by telephone or code."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.service.lines import CALLER, OTHER, Line
from voicebot.domain.budget import Budget
from voicebot.domain.ticket import Ticket, TicketStatus
from voicebot.service.call.own_case import is_shared, joinable
from voicebot.service.call.stored_turn import CallAnswer
from voicebot.service.call_context import call_context_of
from voicebot.service.hotline import context_of


def theirs(line: Line, answer: CallAnswer, case: Ticket | None, *, is_proven: bool = False) -> bool:
    with line.work() as work:
        call = work.calls.get(answer.call.id)
        assert call is not None
        context = call_context_of(context_of(line.hotline, work), call)
        assert not is_shared(context)
        return joinable(context, case, is_proven=is_proven) is not None


@pytest.fixture
def case(line: Line) -> Ticket:
    return line.ticket(line.told_call())


def test_a_case_is_theirs_at_the_telephone_that_we_call_and_no_other(line: Line, case: Ticket) -> None:
    assert theirs(line, line.ring(CALLER, "CA2"), case)
    assert not theirs(line, line.ring(OTHER, "CA3"), case)
    assert not theirs(line, line.ring(CALLER, "CA4"), None)


def test_the_code_makes_it_theirs_anywhere(line: Line, case: Ticket) -> None:
    assert theirs(line, line.ring(OTHER, "CA2"), case, is_proven=True)


def test_what_was_no_complaint_is_known_to_no_telephone(line: Line, case: Ticket) -> None:
    assert not theirs(line, line.ring(CALLER, "CA2"), replace(case, status=TicketStatus.NOT_A_COMPLAINT))


def test_a_case_that_nobody_can_be_rung_for_is_of_whoever_rang_for_it(line: Line) -> None:
    first = line.ring("", "CA1")
    assert not theirs(line, line.ring("", "CA2"), line.ticket(first))


def test_nothing_is_known_of_a_number_that_many_people_share(line: Line, case: Ticket) -> None:
    answer = line.ring(CALLER, "CA2")
    with line.work() as work:
        call = work.calls.get(answer.call.id)
        assert call is not None
        context = call_context_of(context_of(line.hotline, work), call)
        limits = context.policy.limits
        calls = replace(limits.calls, named=MappingProxyType({CALLER: Budget()}))
        shared = replace(context, began_with_policy=replace(context.policy, limits=replace(limits, calls=calls)))
        assert is_shared(shared)
        assert joinable(shared, case) is None
        assert joinable(shared, case, is_proven=True) == case
