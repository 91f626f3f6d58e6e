"""A window that closes without a call."""

from datetime import timedelta

import pytest

from tests.service.lines import Line
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import TicketStatus
from voicebot.service.hotline import context_of
from voicebot.service.promise.breach import breach_if_closed, break_promise


@pytest.mark.requirement("S0-12")
def test_a_window_breaks_once_at_its_end_and_never_before(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_closes_at - timedelta(seconds=1)
    assert not breach_if_closed(line.hotline, promise.id)
    line.clock.at = promise.window_closes_at
    assert breach_if_closed(line.hotline, promise.id)
    assert not breach_if_closed(line.hotline, promise.id)
    assert not breach_if_closed(line.hotline, "no-promise")
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert (breach.at, breach.next_step_at) == (promise.window_closes_at, promise.window_closes_at)


def test_a_settled_case_breaks_no_promise(line: Line) -> None:
    answer = line.told_call()
    line.change_ticket(answer, status=TicketStatus.CLOSED)
    line.step(days=1)
    line.sweep()
    assert line.promise(answer.call.ticket_id).state is PromiseState.MOVED
    assert len(line.sender.sent) == 1


@pytest.mark.requirement("S0-12")
def test_a_second_miss_takes_the_place_of_the_first_so_that_nobody_is_told_by_two_ladders(line: Line) -> None:
    answer = line.told_call()
    first = line.promise(answer.call.ticket_id)
    line.clock.at = first.window_closes_at
    line.sweep()
    second = line.promise(answer.call.ticket_id)
    line.clock.at = second.window_closes_at
    assert breach_if_closed(line.hotline, second.id)
    with line.work() as work:
        before, now = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert (before.promise_id, before.next_step_at) == (first.id, None)
    assert now.next_step_at == second.window_closes_at


def test_a_miss_that_is_found_with_the_call_that_ends_it_is_climbed_by_nobody(line: Line) -> None:
    answer = line.told_call()
    promise = line.promise(answer.call.ticket_id)
    line.clock.at = promise.window_closes_at
    with line.work() as work:
        break_promise(context_of(line.hotline, work), promise, ended_at=line.clock.at)
        work.commit()
    before = list(line.sender.sent)
    line.step(days=1)
    line.sweep()
    assert line.sender.sent == before
    assert "promise_broken" in line.verbs(answer.call.ticket_id)
