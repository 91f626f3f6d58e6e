"""Each endpoint that wants an event gets it once, and what was rolled back is told to nobody."""

from tests.service.lines import Line
from tests.service.webhook.test_deliver import BI, an_endpoint, types, work
from voicebot.domain.webhook import DeliveryState
from voicebot.service.history import Verb, note_case
from voicebot.service.webhook.log import view_deliveries
from voicebot.service.webhook.spread import spread


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
