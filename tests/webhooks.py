"""Endpoints of webhooks and deliveries, with plain defaults."""

from dataclasses import replace
from typing import Any

from tests.builders import MONDAY_TEN
from voicebot.domain.webhook import DeliveryState, Detail, WebhookDelivery, WebhookEndpoint, WebhookEvent


def a_webhook_endpoint(**changes: Any) -> WebhookEndpoint:
    """Build an endpoint that is told of all events in short."""
    endpoint = WebhookEndpoint(
        id="endpoint-1",
        url="https://crm.example.com/hook",
        events=(),
        detail=Detail.THIN,
        secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        created_at=MONDAY_TEN,
        created_by="admin",
    )
    return replace(endpoint, **changes)


def a_webhook_delivery(**changes: Any) -> WebhookDelivery:
    """Build the event that ticket-1 was opened, waiting and due."""
    delivery = WebhookDelivery(
        id="delivery-1",
        endpoint_id="endpoint-1",
        message_id="msg_1",
        sequence=1,
        ticket_id="ticket-1",
        event=WebhookEvent.CASE_OPENED,
        body='{"type":"case.opened"}',
        state=DeliveryState.WAITING,
        at=MONDAY_TEN,
        not_before=MONDAY_TEN,
        state_at=MONDAY_TEN,
    )
    return replace(delivery, **changes)
