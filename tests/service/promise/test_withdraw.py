"""What is owed is withdrawn, and a miss stays a miss."""

from tests.service.lines import Line
from voicebot.domain.promise import PromiseState
from voicebot.service.hotline import context_of
from voicebot.service.promise.withdraw import withdraw_owed


def _withdraw(line: Line, ticket_id: str) -> None:
    with line.work() as work:
        withdraw_owed(context_of(line.hotline, work), ticket_id)
        work.commit()


def test_an_open_promise_is_withdrawn_once(line: Line) -> None:
    ticket_id = line.told_call().call.ticket_id
    _withdraw(line, ticket_id)
    _withdraw(line, ticket_id)
    (promise,) = line.promises(ticket_id)
    assert (promise.state, promise.settled_at) == (PromiseState.WITHDRAWN, line.clock.now())
    assert line.verbs(ticket_id).count("promise_withdrawn") == 1


def test_a_window_that_closed_without_a_call_was_missed_and_its_climb_is_over(line: Line) -> None:
    ticket_id = line.told_call().call.ticket_id
    line.step(hours=6)
    _withdraw(line, ticket_id)
    (promise,) = line.promises(ticket_id)
    assert promise.state is PromiseState.BREACHED
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(ticket_id)
    assert breach.ended_at == line.clock.now()
