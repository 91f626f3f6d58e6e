"""Where events go. Endpoints are added, switched off and on, given a new secret, tried and removed.

Knows: endpoints. Must not know: HTTP, terminals, pages.
"""

from collections.abc import Callable
from dataclasses import replace

import structlog

from voicebot.domain.webhook import (
    MOST_ENDPOINTS,
    Detail,
    WebhookEndpoint,
    WebhookEvent,
    read_events,
    read_url,
    switched_off,
    with_new_secret,
)
from voicebot.errors import Refused
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.webhook.payload import body_of_trial
from voicebot.service.webhook.spread import new_delivery

BY_HAND = "switched off by hand"

log = structlog.get_logger(__name__)


def add_endpoint(hotline: Hotline, url: str, *, events: str, detail: Detail, actor: str) -> tuple[WebhookEndpoint, str]:
    """Add an endpoint, and return it with its secret, which nobody sees again. Events from now on go there.

    Raises: Refused.
    """
    address, wanted, secret = read_url(url), read_events(events), hotline.webhooks.new_secret()
    with hotline.unit_of_work() as work:
        context, others = context_of(hotline, work), work.webhooks.endpoints()
        if any(each.url == address for each in others):
            raise Refused("an endpoint has this address already; see `voicebot webhooks`", code="webhook-twice")
        if len(others) >= MOST_ENDPOINTS:
            raise Refused(f"there are {MOST_ENDPOINTS} endpoints; remove one first", code="webhook-many")
        endpoint = WebhookEndpoint(
            id=hotline.ids.new_id(),
            url=address,
            events=wanted,
            detail=detail,
            sealed_secret=secret.sealed,
            created_at=context.now,
            created_by=actor,
        )
        work.webhooks.add_endpoint(endpoint)
        work.commit()
    log.info("webhook_added", endpoint=endpoint.id, by=actor, detail=detail)
    return endpoint, secret.text


def switch_off(hotline: Hotline, endpoint_id: str, *, actor: str) -> WebhookEndpoint:
    """Send nothing there any more. What waits, waits. Raises: Refused for an unknown endpoint."""
    return _change(hotline, endpoint_id, actor, lambda at, old: switched_off(old, at.now, f"{BY_HAND} by {actor}"))


def switch_on(hotline: Hotline, endpoint_id: str, *, actor: str) -> WebhookEndpoint:
    """Send what waits, and events from now on. Raises: Refused for an unknown endpoint."""
    return _change(
        hotline,
        endpoint_id,
        actor,
        lambda _, old: replace(old, off_at=None, off_reason="", failing_since=None, failures=0, quiet_until=None),
    )


def rotate_secret(
    hotline: Hotline, endpoint_id: str, *, actor: str, instead_of: str | None = None
) -> tuple[WebhookEndpoint, str]:
    """Give it a new secret, and return that. The one before signs beside it for a day, unless nothing opens it.

    `instead_of` is the mark of the one that whoever asks has seen. Asked twice, only the first makes a new one.
    Raises: Refused for an unknown endpoint, and when somebody replaced that secret already.
    """
    secret = hotline.webhooks.new_secret()

    def renew(at: Context, old: WebhookEndpoint) -> WebhookEndpoint:
        if instead_of not in (None, old.secret_mark):
            raise Refused("this endpoint has a new secret already; look at the page again", code="webhook-renewed")
        return with_new_secret(old, secret.sealed, at.now, is_old_lost=_is_lost(hotline, old.sealed_secret))

    return _change(hotline, endpoint_id, actor, renew), secret.text


def _is_lost(hotline: Hotline, sealed: str) -> bool:
    """Tell whether a secret was sealed under a key that we do not have."""
    try:
        hotline.webhooks.renewed(sealed)
    except Refused:
        return True
    return False


def remove_endpoint(hotline: Hotline, endpoint_id: str, *, actor: str) -> WebhookEndpoint:
    """Remove it with its log. Raises: Refused for an unknown endpoint."""
    with hotline.unit_of_work() as work:
        endpoint = _find(context_of(hotline, work), endpoint_id)
        work.webhooks.remove_endpoint(endpoint.id)
        work.commit()
    log.info("webhook_removed", endpoint=endpoint.id, by=actor)
    return endpoint


def send_trial(hotline: Hotline, endpoint_id: str) -> str:
    """Write a trial for an endpoint, also for one that is left alone, and return the delivery's id.

    Raises: Refused for one unknown or off.
    """
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        endpoint = _find(context, endpoint_id)
        if endpoint.off_at is not None:
            raise Refused("this endpoint is off; switch it on first", code="webhook-off")
        work.webhooks.save_endpoint(replace(endpoint, quiet_until=None))
        trial = new_delivery(
            context,
            endpoint,
            event=WebhookEvent.TEST,
            message_id=f"msg_{hotline.ids.new_id()}",
            body=body_of_trial(context.now),
        )
        work.webhooks.add(trial)
        work.commit()
        return trial.id


def _change(
    hotline: Hotline, endpoint_id: str, actor: str, change: Callable[[Context, WebhookEndpoint], WebhookEndpoint]
) -> WebhookEndpoint:
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        changed = change(context, _find(context, endpoint_id))
        work.webhooks.save_endpoint(changed)
        work.commit()
    log.info("webhook_changed", endpoint=changed.id, by=actor, is_on=changed.off_at is None)
    return changed


def _find(context: Context, endpoint_id: str) -> WebhookEndpoint:
    endpoint = context.work.webhooks.endpoint(endpoint_id)
    if endpoint is None:
        raise Refused("there is no endpoint of this id; see `voicebot webhooks`", code="webhook-unknown")
    return endpoint
