"""The doctor names each endpoint of webhooks that fails or is off."""

from datetime import timedelta

from tests.builders import MONDAY_TEN
from tests.webhooks import a_webhook_endpoint
from voicebot.service.doctor.finding import Verdict, fine
from voicebot.service.doctor.webhooks import webhooks

HOUR = timedelta(hours=1)


def test_endpoints_that_fail_or_are_off_are_named_with_what_to_do() -> None:
    good = a_webhook_endpoint()
    failing = a_webhook_endpoint(id="e2", url="https://bi.example.com/s3cret", failing_since=MONDAY_TEN - 3 * HOUR)
    off = a_webhook_endpoint(id="e3", off_at=MONDAY_TEN - HOUR, off_reason="it answered 410 Gone")
    first, second = webhooks([good, failing, off], MONDAY_TEN)
    assert first.verdict is second.verdict is Verdict.DOUBT
    assert first.found == "the webhook to bi.example.com has failed for 3 h"
    assert second.found == "the webhook to crm.example.com has been off for 1 h: it answered 410 Gone"
    assert "voicebot webhooks on e3" in second.cure


def test_all_is_well_without_webhooks_and_with_good_ones() -> None:
    assert list(webhooks([], MONDAY_TEN)) == [fine("no webhooks are set up")]
    assert list(webhooks([a_webhook_endpoint()], MONDAY_TEN)) == [
        fine("1 endpoints of webhooks, and none of them fails")
    ]
