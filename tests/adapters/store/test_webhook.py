"""Webhooks as rows, on both databases: what nobody was told of, what is due to whom, and what goes with a case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.builders import MONDAY_TEN, a_history_entry, a_ticket
from tests.webhooks import a_webhook_delivery, a_webhook_endpoint
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.retention import RetentionClass
from voicebot.domain.webhook import DeliveryState

Works = Callable[[], SqlUnitOfWork]
MINUTE = timedelta(minutes=1)
NOW = MONDAY_TEN + MINUTE
LATER = NOW + timedelta(days=1)


def kept(unit_of_work: Works, *deliveries: Any) -> None:
    """Keep two endpoints and these deliveries."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.webhooks.add_endpoint(a_webhook_endpoint())
        work.webhooks.add_endpoint(a_webhook_endpoint(id="endpoint-2", created_at=NOW, off_at=NOW))
        for each in deliveries:
            work.webhooks.add(each)
        work.commit()


def test_lines_that_nobody_was_told_of_are_given_once_oldest_first(unit_of_work: Works) -> None:
    lines = [
        a_history_entry(verb=name, untold_since=since) for name, since in (("b", NOW), ("a", MONDAY_TEN), ("c", None))
    ]
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        for line in lines:
            work.tickets.note(line)
        work.commit()
    with unit_of_work() as work:
        untold = work.webhooks.untold(NOW, 10)
        assert [entry.verb for _, entry in untold] == ["a", "b"]
        assert [entry.verb for _, entry in work.webhooks.untold(NOW, 1)] == ["a"]
        work.webhooks.mark_told([row for row, _ in untold])
        assert work.webhooks.untold(LATER, 10) == []
        work.commit()


def test_endpoints_are_kept_changed_and_removed_with_their_log(unit_of_work: Works) -> None:
    kept(unit_of_work, a_webhook_delivery())
    with unit_of_work() as work:
        first, second = work.webhooks.endpoints()
        assert (first, second.id) == (a_webhook_endpoint(), "endpoint-2")
        work.webhooks.save_endpoint(replace(first, events=("case.opened", "talk.logged"), failing_since=NOW))
        work.commit()
    with unit_of_work() as work:
        changed = work.webhooks.endpoint("endpoint-1")
        assert changed is not None
        assert (changed.events, changed.failing_since) == (("case.opened", "talk.logged"), NOW)
        work.webhooks.remove_endpoint("endpoint-1")
        assert [each.id for each in work.webhooks.endpoints()] == ["endpoint-2"]
        assert work.webhooks.latest(10) == []
        work.commit()


def test_what_is_due_is_told_by_endpoint_and_claimed_once(unit_of_work: Works) -> None:
    other = a_webhook_delivery(id="delivery-2", message_id="msg_2", sequence=0)
    to_off = a_webhook_delivery(id="delivery-3", endpoint_id="endpoint-2")
    not_yet = a_webhook_delivery(id="delivery-4", message_id="msg_4", not_before=LATER)
    erased = a_webhook_delivery(id="delivery-5", message_id="msg_5", body="")
    kept(unit_of_work, a_webhook_delivery(), other, to_off, not_yet, erased)
    with unit_of_work() as work:
        assert work.webhooks.endpoints_due(NOW) == ["endpoint-1"]
        assert work.webhooks.due_to("endpoint-1", NOW, 10) == ["delivery-2", "delivery-1"]
        assert work.webhooks.claim("delivery-4", NOW) is None
        claimed = work.webhooks.claim("delivery-1", NOW)
        assert claimed is not None
        assert (claimed.state, claimed.attempts) == (DeliveryState.SENDING, 1)
        assert work.webhooks.claim("delivery-1", NOW) is None
        assert work.webhooks.cut_off(NOW) == []
        assert [each.id for each in work.webhooks.cut_off(NOW + MINUTE)] == ["delivery-1"]
        assert work.webhooks.count_waiting("endpoint-1") == 4
        work.webhooks.save(replace(claimed, state=DeliveryState.FAILED, status=500))
        work.commit()
    with unit_of_work() as work:
        (failed,) = work.webhooks.latest(10, only_failed=True)
        assert (failed.id, failed.status) == ("delivery-1", 500)
        assert len(work.webhooks.latest(2)) == 2
        assert [each.id for each in work.webhooks.latest(9, endpoint_id="endpoint-2")] == ["delivery-3"]


def test_all_that_waits_for_an_endpoint_is_made_due_in_the_order_in_which_it_happened(unit_of_work: Works) -> None:
    late = a_webhook_delivery(id="delivery-2", message_id="msg_2", sequence=2, not_before=LATER)
    first = a_webhook_delivery(id="delivery-3", message_id="msg_3", sequence=1, not_before=LATER)
    other = a_webhook_delivery(id="delivery-4", endpoint_id="endpoint-2", message_id="msg_4", not_before=LATER)
    kept(unit_of_work, a_webhook_delivery(sequence=3), late, first, other)
    with unit_of_work() as work:
        assert work.webhooks.due_to("endpoint-1", NOW, 10) == ["delivery-1"]
        work.webhooks.make_due("endpoint-1", NOW)
        work.webhooks.make_due("endpoint-1", MONDAY_TEN)
        assert work.webhooks.due_to("endpoint-1", NOW, 10) == ["delivery-3", "delivery-2", "delivery-1"]
        assert work.webhooks.due_to("endpoint-2", NOW, 10) == []
        planned = {each.id: each.planned_at for each in work.webhooks.latest(10)}
        assert planned == {"delivery-1": None, "delivery-2": LATER, "delivery-3": LATER, "delivery-4": None}
        work.commit()


def test_what_was_told_of_a_case_goes_with_it(unit_of_work: Works) -> None:
    kept(unit_of_work, a_webhook_delivery(body='{"words":"the kettle"}', answer="kettle"))
    with unit_of_work() as work:
        for kind in RetentionClass:
            work.retention.erase("ticket-1", kind, NOW)
        assert work.webhooks.latest(10) == []
        work.commit()


def test_the_log_is_forgotten_after_a_while_whatever_becomes_of_the_case(unit_of_work: Works) -> None:
    kept(unit_of_work, a_webhook_delivery(), a_webhook_delivery(id="delivery-2", message_id="msg_2", at=LATER))
    with unit_of_work() as work:
        assert work.retention.count_ids(LATER) == work.retention.forget_ids(LATER) == 1
        assert [each.id for each in work.webhooks.latest(10)] == ["delivery-2"]
        work.commit()
