"""Sends what is due to an endpoint, once for each time it is due, and writes down what came of it.

A delivery is claimed, sent outside any transaction, then settled by whoever still holds the claim. Whoever dies between
leaves it to the next worker, which sends it again under the same id. So it arrives at least once.
Knows: deliveries, endpoints, alarms. Must not know: HTTP, other endpoints.
"""

from collections.abc import Callable, Sequence

import structlog

from voicebot.domain.webhook import (
    DeliveryState,
    EndpointAnswer,
    WebhookDelivery,
    WebhookEndpoint,
    after_try,
    endpoint_after,
)
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.outbox.alarm import raise_alarm
from voicebot.service.outbox.compose import Template

AT_ONCE = 50
"""Deliveries to one endpoint before it is asked again what is due."""

log = structlog.get_logger(__name__)


def endpoints_due(hotline: Hotline) -> Sequence[str]:
    """Return ids of endpoints that are on, do not want to be left alone, and to which something is due."""
    with hotline.look() as work:
        return work.webhooks.endpoints_due(context_of(hotline, work).now)


def deliver_due(hotline: Hotline, endpoint_id: str, may_go_on: Callable[[], bool] = lambda: True) -> int:
    """Send what is due to one endpoint, and return how much was taken. It ends with the first try in vain."""
    with hotline.look() as work:
        due = work.webhooks.due_to(endpoint_id, context_of(hotline, work).now, AT_ONCE)
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
        delivery = work.webhooks.claim(delivery_id, now)
        endpoint = None if delivery is None else work.webhooks.endpoint(delivery.endpoint_id)
        if delivery is None or endpoint is None or endpoint.off_at is not None:
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
        if changed.off_at is not None and endpoint.off_at is None:
            _tell_of_end(context, changed, delivery.ticket_id)
        work.commit()


def _tell_of_end(context: Context, endpoint: WebhookEndpoint, ticket_id: str | None) -> None:
    """Raise an alarm about an endpoint that was switched off. It stands at the case by which it was noticed."""
    log.error("webhook_switched_off", endpoint=endpoint.id, host=endpoint.host)
    newest = context.work.tickets.newest()
    case = ticket_id or (None if newest is None else newest.id)
    if case is None:
        return
    raise_alarm(
        context,
        name=f"webhook_off_{endpoint.id}",
        ticket_id=case,
        template=Template.STAFF_WEBHOOK_OFF,
        slots={"who": endpoint.host, "why": endpoint.off_reason},
    )
