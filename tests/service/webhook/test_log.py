"""The log of webhooks: newest first, by host alone, and sent again under the same id."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta

import pytest

from tests.service.lines import OTHER, Line
from tests.service.webhook.test_deliver import AWAY, CRM, an_endpoint, sent, work
from tests.webhooks import a_webhook_endpoint
from voicebot.domain.case_number import written
from voicebot.domain.retention import RetentionClass
from voicebot.domain.webhook import PAUSES
from voicebot.errors import Refused
from voicebot.service.staff.decision import act
from voicebot.service.staff.readers import seen_by
from voicebot.service.ticket.about import complaining_about
from voicebot.service.webhook.log import replay, view_deliveries, view_endpoints
from voicebot.service.webhook.sealing import seal_anew
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


def test_whoever_holds_several_endpoints_holds_them_in_one_order(line_on_postgres: Line) -> None:
    """Two who held two of them the other way round waited for each other, until the database ended one of the two."""
    line = line_on_postgres
    line.ring()
    with line.work() as work:
        for name, days in (("b", 0), ("a", 1)):
            created_at = line.clock.at + timedelta(days=days)
            url, sealed = f"https://{name}.example.com", f"older {name}"
            work.webhooks.add_endpoint(
                a_webhook_endpoint(id=name, url=url, sealed_secret=sealed, created_at=created_at)
            )
        work.commit()
    spread(line.hotline)
    sent_to = {each.delivery.endpoint_id: each.delivery.id for each in view_deliveries(line.hotline)}
    line.ring(OTHER, "CA2")
    for does in (
        lambda: replay(line.hotline, [sent_to["b"], sent_to["a"]]),
        lambda: seal_anew(line.hotline),
        lambda: spread(line.hotline),
    ):
        with ThreadPoolExecutor(1) as thread:
            with line.work() as holder:
                assert holder.webhooks.endpoint("a") is not None
                other = thread.submit(does)
                wait([other], timeout=0.2)
                assert holder.webhooks.endpoint("b") is not None
                holder.commit()
            assert other.result() > 0


def test_the_worker_waits_for_no_delivery_that_somebody_erases(line_on_postgres: Line) -> None:
    """It holds another one already, which the erasure wants next."""
    line = line_on_postgres
    endpoint = an_endpoint(line, events="case.opened")
    ticket_id = line.ring().call.ticket_id
    spread(line.hotline)
    with line.work() as eraser:
        eraser.retention.erase(ticket_id, RetentionClass.TRACES, line.clock.at)
        with line.work() as worker:
            later = line.clock.at + timedelta(days=1)
            worker.webhooks.make_due(endpoint, line.clock.at - timedelta(days=1))
            assert worker.webhooks.cut_off(later) == []
            worker.commit()
        eraser.commit()
    assert view_deliveries(line.hotline) == ()


def test_what_is_not_there_is_not_sent_again_and_nothing_beside_it(line: Line) -> None:
    an_endpoint(line, events="case.opened")
    line.ring()
    work(line)
    (done,) = view_deliveries(line.hotline)
    with pytest.raises(Refused, match=r"no delivery has this id"):
        replay(line.hotline, [done.delivery.id, "nobody"])
    work(line)
    assert len(line.webhooks.sent) == 1
