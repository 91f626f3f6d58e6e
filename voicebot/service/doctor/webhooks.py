"""Whether other systems are told what happens. It looks at endpoints of webhooks that fail, or were switched off.

Knows: endpoints. Must not know: SQL, HTTP.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from voicebot.domain.instants import length
from voicebot.domain.webhook import GIVEN_UP_AFTER, WebhookEndpoint
from voicebot.service.doctor.finding import Finding, doubt, fine


def webhooks(endpoints: Iterable[WebhookEndpoint], now: datetime) -> Iterator[Finding]:
    """Look for endpoints that take nothing, or get nothing any more."""
    known = tuple(endpoints)
    found = [finding for each in known if (finding := _trouble(each, now)) is not None]
    yield from found
    if not found:
        yield fine(f"{len(known)} endpoints of webhooks, and none of them fails" if known else "no webhooks are set up")


def _trouble(endpoint: WebhookEndpoint, now: datetime) -> Finding | None:
    if endpoint.off_at is not None:
        return doubt(
            f"the webhook to {endpoint.host} has been off for {length(now - endpoint.off_at)}: {endpoint.off_reason}",
            cure=f"`voicebot webhooks on {endpoint.id}`, or `remove` in place of `on` if nobody wants it",
        )
    if endpoint.failing_since is None:
        return None
    return doubt(
        f"the webhook to {endpoint.host} has failed for {length(now - endpoint.failing_since)}",
        cure=f"look at `voicebot webhooks deliveries`; after {GIVEN_UP_AFTER.days} days it is switched off",
    )
