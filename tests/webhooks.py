"""Endpoints of webhooks and deliveries with plain defaults, and a sender whose other side is scripted."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from tests.builders import MONDAY_TEN
from voicebot.domain.webhook import (
    DeliveryState,
    Detail,
    EndpointAnswer,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from voicebot.errors import Refused
from voicebot.service.ports import NewSecret


def a_webhook_endpoint(**changes: Any) -> WebhookEndpoint:
    """Build an endpoint that is told of all events in short."""
    endpoint = WebhookEndpoint(
        id="endpoint-1",
        url="https://crm.example.com/hook",
        events=(),
        detail=Detail.THIN,
        sealed_secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
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


Scripted = EndpointAnswer | BaseException | Callable[[], EndpointAnswer]


class FakeWebhookSender:
    """Fulfils `service.ports.WebhookSender`. Each host takes all, unless it has answers left to give."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Scripted]] = {}
        self.sent: list[tuple[str, WebhookDelivery]] = []
        self.kills_before: BaseException | None = None
        self.secrets = 0
        self.key = "first"

    def new_secret(self) -> NewSecret:
        self.secrets += 1
        return NewSecret(text=f"whsec_{self.secrets}", sealed=f"{self.key} {self.secrets}")

    def renewed(self, sealed: str) -> str:
        key, _, secret = sealed.rpartition(" ")
        if key == "lost":
            raise Refused("its key is lost", code="webhook-sealed")
        return f"{self.key} {secret.removeprefix('whsec_')}"

    def count_to(self, host: str) -> int:
        """Return how often a host was sent something."""
        return [to for to, _ in self.sent].count(host)

    def send(self, endpoint: WebhookEndpoint, delivery: WebhookDelivery, at: datetime) -> EndpointAnswer:
        assert at.tzinfo is not None
        if self.kills_before is not None:
            raise self.kills_before
        self.sent.append((endpoint.host, delivery))
        left = self.answers.get(endpoint.host, [])
        answer = left.pop(0) if left else EndpointAnswer(status=200)
        if isinstance(answer, BaseException):
            raise answer
        return answer() if callable(answer) else answer


def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that a thread does."""
    pause = threading.Event()
    for _ in range(400):
        if is_so():
            return
        pause.wait(0.05)
    raise AssertionError("it never came")
