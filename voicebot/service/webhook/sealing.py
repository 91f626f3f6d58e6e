"""Seals the secrets of endpoints under the newest key, those from before there was a seal as well.

It runs when a worker starts, so a new key is in use once every worker was started with it, and the key of before is
needed no longer. A secret that nothing opens stays as it is, and the log of its deliveries says what to do.
Knows: endpoints, the seal by its port. Must not know: keys, ciphers.
"""

from contextlib import suppress
from dataclasses import replace

import structlog

from voicebot.domain.webhook import WebhookEndpoint
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline

log = structlog.get_logger(__name__)


def seal_anew(hotline: Hotline) -> int:
    """Seal what is not sealed under the newest key, and return how many endpoints it was."""
    with hotline.look() as work:
        stale = [each.id for each in work.webhooks.endpoints() if _sealed_anew(hotline, each) != each]
    if not stale:
        return 0
    with hotline.unit_of_work() as work:
        held = work.webhooks.hold_endpoints(stale)
        for endpoint in held:
            work.webhooks.save_endpoint(_sealed_anew(hotline, endpoint))
        work.commit()
    return len(held)


def _sealed_anew(hotline: Hotline, endpoint: WebhookEndpoint) -> WebhookEndpoint:
    try:
        renewed = replace(endpoint, sealed_secret=hotline.webhooks.renewed(endpoint.sealed_secret))
    except Refused as refusal:
        log.error("webhook_secret_lost", endpoint=endpoint.id, host=endpoint.host, code=refusal.code)
        return endpoint
    old = endpoint.old_sealed_secret
    # One of before that is lost has its cure already.
    with suppress(Refused):
        return replace(renewed, old_sealed_secret=old and hotline.webhooks.renewed(old))
    return renewed
