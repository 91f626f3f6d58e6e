"""When a promised window opens, the handler's telephone rings, where the policy says so."""

from pathlib import Path

import pytest

from tests.service.callback.callers import a_case, calls_of, with_callbacks
from tests.service.ladder.test_duty import away
from tests.service.lines import CALLER, OWNER, Line
from voicebot.domain.ticket import Ticket
from voicebot.service.background.sweeps import run_due
from voicebot.service.callback.opening import ring_at_opening


@pytest.fixture
def opening_line(line: Line, tmp_path: Path) -> Line:
    """A hotline whose policy rings by itself."""
    with_callbacks(line, tmp_path / "policy", at_opening=True)
    return line


def at_the_opening(line: Line) -> Ticket:
    ticket = a_case(line)
    line.clock.at = line.promise(ticket.id).window_opens_at
    return ticket


def test_a_text_goes_first_then_the_owner_is_rung_once(opening_line: Line) -> None:
    line, ticket = opening_line, at_the_opening(opening_line)
    for _ in range(2):
        line.sweep()
    assert line.calls.rung == []
    assert "in a few minutes" in line.sender.to(CALLER)[-1]
    line.step(minutes=3)
    for _ in range(2):
        line.sweep()
    (call,) = calls_of(line, ticket)
    assert line.calls.rung == [(OWNER, call.id)]


def test_before_the_opening_nobody_is_rung(opening_line: Line) -> None:
    ticket = at_the_opening(opening_line)
    opening_line.step(seconds=-1)
    opening_line.sweep()
    ring_at_opening(opening_line.hotline, ticket.id)
    assert calls_of(opening_line, ticket) == []


def test_a_policy_that_does_not_say_so_rings_nobody(line: Line) -> None:
    ticket = at_the_opening(line)
    run_due(line.hotline)
    assert calls_of(line, ticket) == []


def test_who_gets_no_text_is_rung_at_once(opening_line: Line) -> None:
    line = opening_line
    answer = line.told_call()
    line.change_ticket(answer, may_text=False)
    line.clock.at = line.promise(answer.call.ticket_id).window_opens_at
    line.sweep()
    assert [number for number, _ in line.calls.rung] == [OWNER]
    assert "in a few minutes" not in " ".join(line.sender.to(CALLER))


def test_where_nobody_who_may_is_there_nobody_is_rung(opening_line: Line) -> None:
    ticket = at_the_opening(opening_line)
    away(opening_line, "owner_1")
    ring_at_opening(opening_line.hotline, ticket.id)
    assert calls_of(opening_line, ticket) == []
