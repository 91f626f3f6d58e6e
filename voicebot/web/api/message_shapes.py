"""Describes in OpenAPI what we send to other systems by webhooks, so that they can make types of it.

The shapes are read from what is sent itself (service/webhook/payload.py).
Source: OpenAPI 3.1, `webhooks`; Standard Webhooks 1.0.0 (headers).
Knows: messages. Must not know: routes, where messages go.
"""

from typing import Any

from pydantic import TypeAdapter

from voicebot.domain.webhook import WebhookEvent
from voicebot.service.webhook.payload import Message

_PLACE = "#/components/schemas/{model}"
_HEADERS = {
    "webhook-id": "Stays the same however often the event is sent.",
    "webhook-timestamp": "When it was sent, in seconds since 1970.",
    "webhook-signature": "A list with spaces. One of its entries is v1, and the signature (`voicebot docs webhooks`).",
}
_ANSWERS = {
    "2XX": {"description": "Taken."},
    "410": {"description": "Nobody wants it any more. The endpoint is switched off."},
    "default": {"description": "It is sent again, later and later."},
}


def message_shapes() -> dict[str, Any]:
    """Return the shape of a message and of its parts, by their names."""
    whole = TypeAdapter(Message).json_schema(ref_template=_PLACE)
    parts: dict[str, Any] = whole.pop("$defs")
    return parts | {"Message": whole}


def described_webhooks() -> dict[str, Any]:
    """Return what is sent, by event."""
    return {event.value: {"post": _described(event)} for event in WebhookEvent}


def _described(event: WebhookEvent) -> dict[str, Any]:
    of_this = {"properties": {"type": {"const": event.value}}}
    shape = {"allOf": [{"$ref": _PLACE.format(model="Message")}, of_this]}
    headers = [
        {"name": name, "in": "header", "required": True, "description": what, "schema": {"type": "string"}}
        for name, what in _HEADERS.items()
    ]
    return {
        "operationId": event.value.replace(".", "_"),
        "tags": ["webhooks"],
        "security": [],
        "parameters": headers,
        "requestBody": {"required": True, "content": {"application/json": {"schema": shape}}},
        "responses": _ANSWERS,
    }
