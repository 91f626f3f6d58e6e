"""What the description says of webhooks is what is sent, as the samples of the documentation have it."""

import json
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator, ValidationError

from tests.service.webhook.test_payload import SAMPLES
from voicebot.domain.webhook import WebhookEvent
from voicebot.web.api.message_shapes import described_webhooks, message_shapes


def validator(event: WebhookEvent) -> Draft202012Validator:
    """Return what a program reads messages of an event by, with its description alone."""
    body = described_webhooks()[event.value]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return Draft202012Validator({"components": {"schemas": message_shapes()}, **body})


def test_each_event_is_described_as_it_is_documented() -> None:
    assert set(described_webhooks()) == set(SAMPLES)
    for event in WebhookEvent:
        validator(event).validate(SAMPLES[event.value])


def test_a_message_of_another_shape_or_event_is_not_described_so() -> None:
    sample: dict[str, Any] = json.loads(json.dumps(SAMPLES["promise.kept"]))
    with pytest.raises(ValidationError):
        validator(WebhookEvent.PROMISE_MADE).validate(sample)
    del sample["data"]["promise"]["state"]
    with pytest.raises(ValidationError):
        validator(WebhookEvent.PROMISE_KEPT).validate(sample)
