"""Writes what each endpoint is to be sent, from lines of the history that nobody was told of.

Lines and deliveries change in one transaction, so no endpoint misses an event or gets it under two ids.
Knows: endpoints, what an event holds. Must not know: HTTP, when a try comes again.
"""

from collections.abc import Sequence
from datetime import timedelta

from voicebot.domain.ticket import HistoryEntry
from voicebot.domain.webhook import (
    MOST_WAITING,
    DeliveryState,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    after_cut_off,
    switched_off,
)
from voicebot.service.hotline import Context, Hotline, context_of
from voicebot.service.ports import UnitOfWork
from voicebot.service.webhook.payload import body_of, events_of, message_id
from voicebot.service.webhook.switched_off import tell_of_end

AT_ONCE = 50
"""Lines in one transaction, because SQLite lets nobody write meanwhile."""
STUCK_AFTER = timedelta(minutes=2)
"""Longer than a try takes. Who claimed a delivery so long ago is dead."""


def spread(hotline: Hotline, *, most_waiting: int = MOST_WAITING) -> int:
    """Write deliveries for lines that nobody was told of, and let what a dead worker held go again.

    An endpoint for which too much waits is switched off. It only looks where there is nothing to do. Returns how many
    lines it was.
    """
    with hotline.look() as work:
        now = context_of(hotline, work).now
        if not work.webhooks.has_work(now, now - STUCK_AFTER):
            return 0
    _free_what_is_stuck(hotline)
    with hotline.unit_of_work() as work:
        context = context_of(hotline, work)
        lines = work.webhooks.untold(context.now, AT_ONCE)
        endpoints = _held_that_are_on(work) if lines else ()
        for row, entry in lines if endpoints else ():
            _write(context, entry, row, endpoints=endpoints)
        work.webhooks.mark_told([row for row, _ in lines])
        for endpoint in endpoints:
            _end_if_too_much_waits(context, endpoint, most_waiting)
        work.commit()
        return len(lines)


def _free_what_is_stuck(hotline: Hotline) -> None:
    """Let what a dead worker held go again. It ends before an endpoint is held, as whoever sends holds that first."""
    with hotline.unit_of_work() as work:
        now = context_of(hotline, work).now
        for delivery in work.webhooks.cut_off(now - STUCK_AFTER):
            work.webhooks.save(after_cut_off(delivery, now))
        work.commit()


def _held_that_are_on(work: UnitOfWork) -> Sequence[WebhookEndpoint]:
    """Return the endpoints that are told of something. Held, none is removed before its deliveries are written."""
    held = work.webhooks.hold_endpoints([each.id for each in work.webhooks.endpoints() if each.off_at is None])
    return [each for each in held if each.off_at is None]


def _end_if_too_much_waits(context: Context, endpoint: WebhookEndpoint, most: int) -> None:
    waiting = context.work.webhooks.count_waiting(endpoint.id)
    if waiting < endpoint.most_waiting(most):
        return
    off = switched_off(endpoint, context.now, f"{waiting} events waited for it, and more were to come")
    context.work.webhooks.save_endpoint(off)
    tell_of_end(context, off, None)


def _write(context: Context, entry: HistoryEntry, row: int, *, endpoints: Sequence[WebhookEndpoint]) -> None:
    for event in events_of(context.work, entry):
        for endpoint in (each for each in endpoints if each.wants(event)):
            context.work.webhooks.add(
                new_delivery(
                    context,
                    endpoint,
                    event=event,
                    message_id=message_id(entry, row, event),
                    sequence=row,
                    ticket_id=entry.ticket_id,
                    body=body_of(context, entry, row, event=event, detail=endpoint.detail),
                )
            )


def new_delivery(
    context: Context,
    endpoint: WebhookEndpoint,
    *,
    event: WebhookEvent,
    message_id: str,
    body: str,
    sequence: int = 0,
    ticket_id: str | None = None,
) -> WebhookDelivery:
    """Return a delivery that is due at once."""
    return WebhookDelivery(
        id=context.hotline.ids.new_id(),
        endpoint_id=endpoint.id,
        message_id=message_id,
        sequence=sequence,
        ticket_id=ticket_id,
        event=event,
        body=body,
        state=DeliveryState.WAITING,
        at=context.now,
        not_before=context.now,
        state_at=context.now,
    )
