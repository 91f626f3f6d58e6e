"""Tells staff that the hotline switched an endpoint off by itself.

Knows: endpoints, alarms. Must not know: why it did, HTTP.
"""

import structlog

from voicebot.domain.webhook import WebhookEndpoint
from voicebot.service.hotline import Context
from voicebot.service.outbox.alarm import of_the_house, raise_alarm
from voicebot.service.outbox.compose import Template
from voicebot.service.ticket.house_case import house_case

log = structlog.get_logger(__name__)


def tell_of_end(context: Context, endpoint: WebhookEndpoint, ticket_id: str | None) -> None:
    """Raise an alarm about an endpoint that was switched off. It stands at the case by which it was noticed, if any,
    but is not about it, so its owner is not told.
    """
    log.error("webhook_switched_off", endpoint=endpoint.id, host=endpoint.host)
    raise_alarm(
        context,
        name=f"webhook_off_{endpoint.id}",
        ticket_id=ticket_id or house_case(context).id,
        template=Template.STAFF_WEBHOOK_OFF,
        slots={"who": endpoint.host, "why": endpoint.off_reason},
        tell=of_the_house(context),
    )
