"""Webhooks from a case to another system: written with the event, sent at least once, given up with an alarm."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.service.lines import Line
from tests.service.upkeep.test_retention import answered
from voicebot.domain.webhook import (
    AWAY_AFTER,
    GIVEN_UP_AFTER,
    PAUSES,
    DeliveryState,
    Detail,
    EndpointAnswer,
    WebhookDelivery,
)
from voicebot.service.upkeep.retention import erase_case
from voicebot.service.webhook.deliver import deliver, deliver_due, endpoints_due
from voicebot.service.webhook.endpoints import add_endpoint, remove_endpoint, send_trial, switch_off, switch_on
from voicebot.service.webhook.log import replay, view_deliveries, view_endpoints
from voicebot.service.webhook.spread import STUCK_AFTER, spread

AWAY = EndpointAnswer(status=None, words="no answer")
CRM, BI = "crm.example.com", "bi.example.com"


class Killed(BaseException):
    """The worker is killed here."""


def an_endpoint(line: Line, host: str = CRM, events: str = "", detail: Detail = Detail.THIN) -> str:
    url = f"https://{host}/hook"
    return add_endpoint(line.hotline, url, events=events, detail=detail, actor="admin")[0].id


def work(line: Line) -> None:
    """Let the worker look once."""
    while spread(line.hotline):
        pass
    for endpoint_id in endpoints_due(line.hotline):
        deliver_due(line.hotline, endpoint_id)


def away(line: Line, endpoint_id: str) -> None:
    """Let an endpoint have taken nothing so often that it counts as away."""
    with line.work() as unit:
        endpoint = unit.webhooks.endpoint(endpoint_id)
        assert endpoint is not None
        unit.webhooks.save_endpoint(replace(endpoint, failures=AWAY_AFTER, quiet_until=None))
        unit.commit()


def sent(line: Line, host: str = CRM) -> list[WebhookDelivery]:
    return [delivery for to, delivery in line.webhooks.sent if to == host]


def types(line: Line, host: str = CRM) -> list[str]:
    return [str(delivery.event) for delivery in sent(line, host)]


def test_a_try_in_vain_comes_again_by_the_schedule_and_ends_with_the_last(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.webhooks.answers[CRM] = [AWAY] * 99
    line.ring()
    tried = []
    for pause in (timedelta(0), *PAUSES):
        line.clock.step(pause - timedelta(seconds=1))
        work(line)
        tried.append(len(line.webhooks.sent))
        line.step(seconds=1)
        work(line)
    assert tried == list(range(10)), "not a second too early"
    (last,) = view_deliveries(line.hotline)
    assert (last.delivery.state, last.delivery.attempts) == (DeliveryState.FAILED, 10)
    assert last.delivery.answer == "no answer"
    line.step(days=2)
    work(line)
    assert len(line.webhooks.sent) == 10


def test_an_endpoint_that_asks_for_time_gets_it_from_all_that_is_due_to_it(line_on_both: Line) -> None:
    line = line_on_both
    endpoint = an_endpoint(line, events="case.opened")
    busy = EndpointAnswer(status=429, retry_after=timedelta(hours=1))
    line.webhooks.answers[CRM] = [busy, busy]
    line.ring("+12025550101", "CA1")
    line.ring("+12025550102", "CA2")
    for _ in range(3):
        work(line)
        line.step(minutes=15)
    line.ring("+12025550103", "CA3")
    line.step(minutes=14)
    work(line)
    assert len(line.webhooks.sent) == 1, "neither what waited nor what came since"
    line.step(minutes=1)
    work(line)
    assert len(line.webhooks.sent) == 2
    switch_on(line.hotline, endpoint, actor="admin")
    work(line)
    assert len(line.webhooks.sent) == 4, "who switches it on says that it may be asked again"


@pytest.mark.parametrize("dies_after_sending", [False, True])
def test_a_worker_killed_at_its_try_leaves_it_to_the_next_under_the_same_id(
    line_on_both: Line, dies_after_sending: bool
) -> None:
    line = line_on_both
    an_endpoint(line, events="case.opened")
    line.ring()
    spread(line.hotline)
    (waiting,) = view_deliveries(line.hotline)
    if dies_after_sending:
        line.webhooks.answers[CRM] = [Killed()]
    else:
        line.webhooks.kills_before = Killed()
    with pytest.raises(Killed):
        deliver(line.hotline, waiting.delivery.id)
    line.webhooks.kills_before = None
    work(line)
    assert len(line.webhooks.sent) == int(dies_after_sending), "whoever claimed it may be at it still"
    line.clock.step(STUCK_AFTER + timedelta(seconds=1))
    work(line)
    assert {delivery.message_id for delivery in sent(line)} == {waiting.delivery.message_id}
    assert len(line.webhooks.sent) == 1 + int(dies_after_sending)
    (done,) = view_deliveries(line.hotline)
    assert (done.delivery.state, done.delivery.tries) == (DeliveryState.DELIVERED, 1), "the try that was cut off counts"


def test_whoever_comes_late_does_not_settle_what_another_has_taken_up(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.ring()
    spread(line.hotline)
    (waiting,) = view_deliveries(line.hotline)

    def meanwhile() -> EndpointAnswer:
        line.clock.step(STUCK_AFTER + timedelta(seconds=1))
        spread(line.hotline)
        return AWAY

    line.webhooks.answers[CRM] = [meanwhile]
    deliver(line.hotline, waiting.delivery.id)
    assert view_deliveries(line.hotline)[0].delivery.state is DeliveryState.WAITING
    assert view_deliveries(line.hotline)[0].delivery.tries == 1, "the one that was taken away"


def test_an_endpoint_that_is_away_keeps_no_other_waiting(line: Line) -> None:
    an_endpoint(line)
    an_endpoint(line, BI)
    line.webhooks.answers[CRM] = [AWAY] * 99
    line.told_call()
    work(line)
    assert len(sent(line)) == 1, "after a try in vain the rest of its own waits for the next look"
    assert types(line, BI) == ["case.opened", "promise.made"]


def test_a_dead_endpoint_with_much_waiting_is_asked_seldom_and_gets_all_in_order_once_it_is_back(line: Line) -> None:
    """A backlog of eight was tried as often as the worker looked."""
    an_endpoint(line, events="case.opened")
    line.webhooks.answers[CRM] = [AWAY] * 999
    for number in range(8):
        line.ring(f"+120255501{number:02}", f"CA{number}")
    tried = []
    for _ in range(40):
        work(line)
        tried.append(line.webhooks.count_to(CRM))
        line.step(minutes=3)
    assert tried[19] <= 11, "tries in the first hour, whatever waits"
    assert tried[-1] - tried[19] <= 3, "in the second"
    line.webhooks.answers[CRM], before = [], line.webhooks.count_to(CRM)
    line.step(minutes=30)
    work(line)
    work(line)
    got = [each.sequence for each in sent(line)[before:]]
    assert len(got) == len(set(got)) == 8, "all of it within two looks"
    assert got[1:] == sorted(got[1:]), "in order but for the one that found it back"


def test_a_message_that_an_endpoint_does_not_take_keeps_no_other_waiting(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.ring("+12025550101", "CA1")
    line.ring("+12025550102", "CA2")
    line.webhooks.answers[CRM] = [EndpointAnswer(status=500), EndpointAnswer(status=500)]
    for _ in range(20):
        work(line)
        line.step(seconds=5)
    states = sorted(each.delivery.state for each in view_deliveries(line.hotline))
    assert states == [DeliveryState.DELIVERED, DeliveryState.WAITING]


def test_an_endpoint_that_comes_and_goes_uses_up_no_tries_of_what_waits(line: Line) -> None:
    """Each time that it was back all that waited was tried, and after ten such times in an hour it was given up."""
    endpoint = an_endpoint(line, events="case.opened")
    line.webhooks.answers[CRM] = [AWAY]
    victim = line.ring("+12025550143", "CA0").call.ticket_id
    work(line)
    takes_all_but_one = [lambda: AWAY if sent(line)[-1].ticket_id == victim else EndpointAnswer(status=200)]
    for number in range(1, 13):
        line.step(minutes=4)
        away(line, endpoint)
        line.webhooks.answers[CRM] = takes_all_but_one * 9
        line.ring(f"+120255501{number:02}", f"CA{number}")
        work(line)
        work(line)
    (waiting,) = [each.delivery for each in view_deliveries(line.hotline) if each.delivery.ticket_id == victim]
    assert waiting.attempts > len(PAUSES), "it was tried whenever the endpoint was back"
    assert (waiting.state, waiting.tries) == (DeliveryState.WAITING, 4), "at once, after 5 s, 5 and 30 min"
    line.webhooks.answers[CRM] = []
    line.step(hours=2)
    work(line)
    assert {each.delivery.state for each in view_deliveries(line.hotline)} == {DeliveryState.DELIVERED}


def test_an_endpoint_that_is_gone_is_switched_off_and_staff_are_told(line: Line) -> None:
    an_endpoint(line)
    line.webhooks.answers[CRM] = [EndpointAnswer(status=410)]
    answer = line.told_call()
    work(line)
    (off,) = view_endpoints(line.hotline)
    assert off.endpoint.off_reason == "it answered 410 Gone"
    assert "alarm_raised" in line.verbs(answer.call.ticket_id)
    alarm = next(text for text in line.texts(answer) if text.template == "sms_staff_webhook_off")
    assert alarm.body.startswith("Webhook crm.example.com is off: it answered 410 Gone.")
    line.step(days=1)
    work(line)
    assert len(line.webhooks.sent) == 1


def test_an_endpoint_that_takes_nothing_for_days_is_switched_off(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.webhooks.answers[CRM] = [AWAY] * 99
    line.ring()
    work(line)
    line.clock.step(GIVEN_UP_AFTER)
    work(line)
    assert view_endpoints(line.hotline)[0].endpoint.off_reason == "it took nothing for 5 days"


def test_what_waits_while_an_endpoint_is_off_goes_when_it_is_on_again(line: Line) -> None:
    endpoint = an_endpoint(line, events="case.opened")
    line.ring()
    spread(line.hotline)
    switch_off(line.hotline, endpoint, actor="admin")
    work(line)
    (waiting,) = view_deliveries(line.hotline)
    assert not deliver(line.hotline, waiting.delivery.id), "also by a worker that saw it due before"
    assert line.webhooks.sent == []
    switch_on(line.hotline, endpoint, actor="admin")
    work(line)
    assert types(line) == ["case.opened"]


def test_an_endpoint_removed_during_a_try_leaves_no_trace(line: Line) -> None:
    endpoint = an_endpoint(line, events="case.opened")
    line.ring()
    spread(line.hotline)

    def meanwhile() -> EndpointAnswer:
        remove_endpoint(line.hotline, endpoint, actor="admin")
        return AWAY

    line.webhooks.answers[CRM] = [meanwhile]
    work(line)
    assert (view_endpoints(line.hotline), view_deliveries(line.hotline)) == ((), ())


def test_what_was_told_of_an_erased_case_is_erased_and_never_sent(line: Line) -> None:
    an_endpoint(line, detail=Detail.FULL)
    line.webhooks.answers[CRM] = [AWAY]
    answer = answered(line)
    work(line)
    bodies = [json.loads(delivery.body) for delivery in sent(line)]
    assert bodies[0]["data"]["case"]["complainant"]["problem"] == "my parcel came broken"
    assert view_deliveries(line.hotline) != ()
    erase_case(line.hotline, line.ticket(answer).case_number, reason="they asked", actor="admin")
    assert view_deliveries(line.hotline) == ()
    count = len(line.webhooks.sent)
    line.step(days=1)
    work(line)
    (erased,) = sent(line)[count:]
    assert erased.event == "case.erased", "who was told of it is told to erase it, too"
    assert "complainant" not in erased.body


def test_what_was_taken_already_is_not_sent_again(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.ring()
    work(line)
    (taken,) = view_deliveries(line.hotline)
    assert not deliver(line.hotline, taken.delivery.id)
    assert len(line.webhooks.sent) == 1


def test_an_endpoint_that_goes_while_there_is_no_complaint_is_off_and_that_is_told(line: Line) -> None:
    endpoint = an_endpoint(line)
    line.webhooks.answers[CRM] = [EndpointAnswer(status=410)]
    deliver(line.hotline, send_trial(line.hotline, endpoint))
    assert view_endpoints(line.hotline)[0].endpoint.off_reason == "it answered 410 Gone"
    line.sweep()
    assert ["is off" in body for _, body in line.sender.sent] == [True]


def test_whoever_sends_or_sends_again_holds_the_endpoint_before_the_delivery(line_on_both: Line) -> None:
    """Who removes an endpoint holds it first, too. Each waited for what the other one held."""
    line = line_on_both
    endpoint = an_endpoint(line, events="case.opened")
    line.ring()
    spread(line.hotline)
    (waiting,) = view_deliveries(line.hotline)
    asked = waiting.delivery.id
    for does in (lambda: replay(line.hotline, [asked]), lambda: deliver(line.hotline, asked)):
        with ThreadPoolExecutor(1) as thread:
            with line.work() as holder:
                holder.webhooks.endpoint(endpoint)
                other = thread.submit(does)
                wait([other], timeout=0.2)
                assert holder.webhooks.get(asked) is not None
                holder.commit()
            assert other.result() == 1
    assert len(sent(line)) == 1
