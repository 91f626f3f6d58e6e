"""The log of webhooks: newest first, by host alone, and sent again under the same id."""

import pytest

from tests.service.lines import Line
from tests.service.webhook.test_deliver import AWAY, CRM, an_endpoint, sent, work
from voicebot.domain.case_number import written
from voicebot.domain.webhook import PAUSES
from voicebot.errors import Refused
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.about import complaining_about
from voicebot.service.webhook.log import replay, view_deliveries, view_endpoints
from voicebot.service.webhook.spread import spread


def test_what_failed_for_good_is_listed_and_sent_again_under_its_id(line_on_both: Line) -> None:
    line = line_on_both
    an_endpoint(line, events="case.opened")
    line.webhooks.answers[CRM] = [AWAY] * (len(PAUSES) + 1)
    case = line.ticket(line.ring()).case_number
    for pause in PAUSES:
        work(line)
        line.clock.step(pause)
    assert view_endpoints(line.hotline)[0].waiting == 1
    work(line)
    (failed,) = view_deliveries(line.hotline, only_failed=True)
    assert (failed.host, failed.case, failed.delivery.answer) == (CRM, written(case), "no answer")
    assert replay(line.hotline, [failed.delivery.id]) == 1
    work(line)
    assert view_deliveries(line.hotline, only_failed=True) == ()
    assert {delivery.message_id for delivery in sent(line)} == {failed.delivery.message_id}
    assert view_endpoints(line.hotline)[0].waiting == 0


def test_a_delivery_about_a_case_is_not_listed_for_whom_the_case_is_about(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    case = line.ticket(line.ring()).case_number
    act(line.hotline, case, complaining_about("deputy_1", actor="owner_1"))
    spread(line.hotline)
    own = seen_by(line.hotline, lambda: "deputy_1")
    assert [view_endpoints(each)[0].waiting for each in (line.hotline, own)] == [1, 0]
    work(line)
    (shown,) = view_deliveries(line.hotline)
    assert view_deliveries(own) == ()
    with pytest.raises(Refused, match=r"no delivery has this id"):
        replay(own, [shown.delivery.id])


def test_what_is_not_there_is_not_sent_again_and_nothing_beside_it(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.ring()
    work(line)
    (done,) = view_deliveries(line.hotline)
    with pytest.raises(Refused, match=r"no delivery has this id"):
        replay(line.hotline, [done.delivery.id, "nobody"])
    work(line)
    assert len(line.webhooks.sent) == 1
