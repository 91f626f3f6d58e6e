"""What became of deliveries, and sending one again.

Knows: endpoints, deliveries. Must not know: HTTP, terminals, pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voicebot.domain.about import may_see
from voicebot.domain.case_number import written
from voicebot.domain.ticket import Ticket
from voicebot.domain.webhook import WebhookDelivery, WebhookEndpoint, sent_again
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline, context_of
from voicebot.service.lookup import ticket_of
from voicebot.service.ports import UnitOfWork

MOST_LISTED = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class EndpointLine:
    """An endpoint with what waits for it."""

    endpoint: WebhookEndpoint
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryLine:
    """A delivery, where it goes, and of which case it tells."""

    delivery: WebhookDelivery
    host: str
    case: str
    """Case number as people write it, empty for a trial."""


def view_endpoints(hotline: Hotline) -> tuple[EndpointLine, ...]:
    """Return every endpoint, oldest first."""
    with hotline.look() as work:
        return tuple(
            EndpointLine(endpoint=each, waiting=work.webhooks.count_waiting(each.id))
            for each in work.webhooks.endpoints()
        )


def view_deliveries(
    hotline: Hotline,
    *,
    endpoint_id: str = "",
    only_failed: bool = False,
    limit: int = MOST_LISTED,
) -> tuple[DeliveryLine, ...]:
    """Return the newest deliveries, without those of a case that is about who reads."""
    with hotline.look() as work:
        hosts = {each.id: each.host for each in work.webhooks.endpoints()}
        found = work.webhooks.latest(limit, endpoint_id=endpoint_id, only_failed=only_failed)
        of_cases = [(each, _case_of(work, each)) for each in found if _is_shown(work, each)]
        return tuple(
            DeliveryLine(
                delivery=each,
                host=hosts[each.endpoint_id],
                case="" if ticket is None else written(ticket.case_number),
            )
            for each, ticket in of_cases
        )


def _case_of(work: UnitOfWork, delivery: WebhookDelivery) -> Ticket | None:
    return None if delivery.ticket_id is None else ticket_of(work, delivery.ticket_id)


def _is_shown(work: UnitOfWork, delivery: WebhookDelivery) -> bool:
    ticket = _case_of(work, delivery)
    return ticket is None or may_see(ticket, work.reader)


def _wake(work: UnitOfWork, delivery_ids: Sequence[str]) -> None:
    """Leave the endpoints of deliveries no longer alone, since somebody asks for a try now."""
    for endpoint in work.webhooks.hold_endpoints_of(delivery_ids):
        work.webhooks.save_endpoint(replace(endpoint, quiet_until=None))


def replay(hotline: Hotline, delivery_ids: Sequence[str]) -> int:
    """Send deliveries again under their ids, also to an endpoint that is left alone, and return how many.

    Raises: Refused for one unknown or being sent.
    """
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        # Before the deliveries, as whoever sends holds them.
        _wake(work, delivery_ids)
        for delivery_id in sorted(delivery_ids):
            delivery = work.webhooks.get(delivery_id)
            if delivery is None or not delivery.body or not _is_shown(work, delivery):
                raise Refused(
                    "no delivery has this id, or what it told of was erased; see `voicebot webhooks deliveries`",
                    code="webhook-no-delivery",
                )
            work.webhooks.save(sent_again(delivery, now))
        work.commit()
        return len(delivery_ids)
