"""A window that closes without a call."""

from datetime import timedelta

import pytest

from tests.service.lines import Line
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import TicketStatus
from voicebot.service.promise.breach import breach_if_closed


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
