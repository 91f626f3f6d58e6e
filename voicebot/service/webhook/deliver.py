"""Sends what is due to an endpoint, once for each time it is due, and writes down what came of it.

A delivery is claimed, sent outside any transaction, then settled by whoever still holds the claim. Whoever dies between
leaves it to the next worker, which sends it again under the same id. So it arrives at least once.

Where an endpoint fails, one delivery at a time tries whether it is there again, after longer and longer pauses. Once it
takes that one, all that waited is due, in the order in which it happened. What is not taken then goes on by its
schedule, as if it had not been tried.

Whoever changes deliveries that stand there holds their endpoint first, so that no two wait for each other.
Knows: deliveries, endpoints, alarms. Must not know: HTTP, other endpoints.
"""

from collections.abc import Callable, Sequence

from voicebot.domain.webhook import (
    DeliveryState,
    EndpointAnswer,
    WebhookDelivery,
    after_try,
    endpoint_after,
)
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.webhook.switched_off import tell_of_end

AT_ONCE = 50
"""Deliveries to one endpoint before it is asked again what is due."""


def endpoints_due(hotline: Hotline) -> Sequence[str]:
    """Return ids of endpoints that are on, do not want to be left alone, and to which something is due."""
    with hotline.look() as work:
        return work.webhooks.endpoints_due(context_of(hotline, work).now)


def deliver_due(hotline: Hotline, endpoint_id: str, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Send what is due to one endpoint, and return how much was taken. It ends with the first try in vain.

    To one that is away one delivery goes, since more is due once it is taken.
    """
    with hotline.look() as work:
        endpoint = work.webhooks.endpoint(endpoint_id)
        most = 1 if endpoint is None or endpoint.is_away else AT_ONCE
        due = work.webhooks.due_to(endpoint_id, context_of(hotline, work).now, most)
    for done, delivery_id in enumerate(due):
        if not may_go_on() or not deliver(hotline, delivery_id):
            return done
    return len(due)


def deliver(hotline: Hotline, delivery_id: str) -> bool:
    """Send a delivery that is due once, and tell whether it was taken. Whoever comes second, or too early, does
    nothing.
    """
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        endpoint = next(iter(work.webhooks.hold_endpoints_of([delivery_id])), None)
        if endpoint is None or not endpoint.may_try(now):
            return False
        delivery = work.webhooks.claim(delivery_id, now)
        if delivery is None:
            return False
        work.commit()
    answer = hotline.webhooks.send(endpoint, delivery, now)
    _settle(hotline, delivery, answer)
    return answer.is_taken


def _settle(hotline: Hotline, claimed: WebhookDelivery, answer: EndpointAnswer) -> None:
    """Write down what came of a try, unless its case was erased, or somebody else took it up meanwhile."""
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        endpoint, delivery = work.webhooks.endpoint(claimed.endpoint_id), work.webhooks.get(claimed.id)
        if endpoint is None or delivery is None or not delivery.body:
            return
        if (delivery.state, delivery.attempts) != (DeliveryState.SENDING, claimed.attempts):
            return
        work.webhooks.save(after_try(delivery, answer, context.now))
        changed = endpoint_after(endpoint, answer, context.now)
        work.webhooks.save_endpoint(changed)
        if endpoint.is_away and not changed.is_away:
            work.webhooks.make_due(endpoint.id, context.now)
        if changed.off_at is not None and endpoint.off_at is None:
            tell_of_end(context, changed, delivery.ticket_id)
        work.commit()
