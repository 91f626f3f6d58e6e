"""Each endpoint that wants an event gets it once, and what was rolled back is told to nobody."""

from datetime import timedelta

from tests.service.lines import SUPERVISOR, Line
from tests.service.webhook.test_deliver import BI, an_endpoint, away, types, work
from voicebot.domain.webhook import DeliveryState
from voicebot.service.history import Verb, note_case
from voicebot.service.hotline import context_of
from voicebot.service.ticket.house_case import open_house_case
from voicebot.service.webhook.endpoints import switch_on
from voicebot.service.webhook.log import view_deliveries, view_endpoints
from voicebot.service.webhook.spread import STUCK_AFTER, spread


def test_what_happens_in_a_case_goes_to_each_endpoint_that_wants_it_once(line_on_both: Line) -> None:
    line = line_on_both
    an_endpoint(line)
    an_endpoint(line, BI, events="promise.made")
    line.told_call()
    work(line)
    work(line)
    assert types(line) == ["case.opened", "promise.made"]
    assert types(line, BI) == ["promise.made"]
    same = {delivery.message_id for _, delivery in line.webhooks.sent if delivery.event == "promise.made"}
    assert len(same) == 1, "one event has one id at every endpoint"
    assert [each.delivery.state for each in view_deliveries(line.hotline)] == [DeliveryState.DELIVERED] * 3


def test_without_an_endpoint_nothing_is_kept_for_later(line: Line) -> None:
    line.told_call()
    work(line)
    an_endpoint(line)
    work(line)
    assert line.webhooks.sent == []
    assert spread(line.hotline) == 0


def test_what_is_undone_is_told_to_nobody(line: Line) -> None:
    an_endpoint(line, events="talk.logged")
    answer = line.ring()
    with line.work() as undone:
        at, ticket_id = line.clock.at, answer.call.ticket_id
        note_case(undone, ticket_id, Verb.COMPLAINANT_CALLED, at=at, actor="owner_1", after="spoke")
    work(line)
    assert line.webhooks.sent == []


def test_an_endpoint_for_which_too_much_waits_is_switched_off_and_staff_are_told(line: Line) -> None:
    """Nobody reads so much, and nobody must find out by a disk that is full."""
    away(line, an_endpoint(line, events="case.opened"))
    an_endpoint(line, BI, events="case.ended")
    for number in range(3):
        line.ring(f"+120255501{number:02}", f"CA{number}")
    spread(line.hotline, most_waiting=4)
    assert [each.endpoint.off_at for each in view_endpoints(line.hotline)] == [None, None]
    line.step(minutes=1)
    line.ring("+12025550109", "CA9")
    spread(line.hotline, most_waiting=4)
    full, other = view_endpoints(line.hotline)
    assert full.endpoint.off_reason == "4 events waited for it, and more were to come"
    assert (full.waiting, other.endpoint.off_at) == (4, None)
    line.run_jobs()
    assert any("Webhook" in body for body in line.sender.to(SUPERVISOR))
    line.ring("+12025550110", "CA10")
    spread(line.hotline, most_waiting=4)
    assert view_endpoints(line.hotline)[0].waiting == 4, "no more is kept for it"


def test_an_endpoint_that_was_switched_on_again_has_room_to_catch_up(line: Line) -> None:
    """It was switched off again by the first event, before it got what waited."""
    endpoint = an_endpoint(line, events="case.opened")
    away(line, endpoint)
    line.ring("+12025550100", "CA0")
    spread(line.hotline, most_waiting=1)
    assert view_endpoints(line.hotline)[0].endpoint.off_at is not None
    switch_on(line.hotline, endpoint, actor="admin")
    line.ring("+12025550101", "CA1")
    spread(line.hotline, most_waiting=2)
    assert view_endpoints(line.hotline)[0].endpoint.off_at is None
    line.ring("+12025550102", "CA2")
    line.ring("+12025550103", "CA3")
    spread(line.hotline, most_waiting=2)
    assert view_endpoints(line.hotline)[0].endpoint.off_reason == "4 events waited for it, and more were to come"


def test_what_a_worker_held_that_died_goes_again_and_its_try_counts(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.ring()
    spread(line.hotline)
    with line.work() as unit:
        unit.webhooks.claim(view_deliveries(line.hotline)[0].delivery.id, line.clock.at)
        unit.commit()
    line.clock.step(STUCK_AFTER + timedelta(seconds=1))
    spread(line.hotline)
    (held,) = view_deliveries(line.hotline)
    assert (held.delivery.state, held.delivery.tries) == (DeliveryState.WAITING, 1)


def test_of_a_case_of_the_house_no_other_system_is_told(line: Line) -> None:
    """A drill, an alarm or the test call of each morning was a new complaint to them, which nobody ends."""
    an_endpoint(line, events="case.opened")
    with line.work() as kept:
        open_house_case(context_of(line.hotline, kept))
        kept.commit()
    line.ring()
    work(line)
    assert types(line) == ["case.opened"]
