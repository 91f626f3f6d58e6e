"""What is owed is withdrawn, and a miss stays a miss."""

from tests.service.lines import Line
from voicebot.domain.promise import PromiseState
from voicebot.service.hotline import context_of
from voicebot.service.promise.keep import log_callback
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


def test_a_climb_that_a_call_ended_keeps_the_instant_of_that_call(line: Line) -> None:
    answer = line.told_call()
    line.step(hours=6)
    log_callback(line.hotline, line.ticket(answer).case_number, reason="spoke", actor="owner_1")
    called_at = line.clock.now()
    line.step(hours=1)
    _withdraw(line, answer.call.ticket_id)
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(answer.call.ticket_id)
    assert breach.ended_at == called_at


def test_the_climb_after_a_miss_ends_and_tells_nobody_more(line: Line) -> None:
    ticket_id = line.told_call().call.ticket_id
    line.clock.at = line.promise(ticket_id).window_closes_at
    line.sweep()
    _withdraw(line, ticket_id)
    before, now = len(line.sender.sent), line.clock.now()
    with line.work() as work:
        (breach,) = work.promises.breaches_of_ticket(ticket_id)
    assert (breach.ended_at, breach.next_step_at) == (now, None)
    line.step(days=2)
    line.sweep()
    assert len(line.sender.sent) == before
