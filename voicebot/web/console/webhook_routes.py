"""Which other systems are told what happens, and what became of it, as a page. What failed is sent again from there.

Of an address its host is shown, since the rest may be a secret. Nobody reads of a case that is about them.
Knows: routes under `/console/webhooks`, use cases. Must not know: HTTP to endpoints, how a secret is kept.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.domain.webhook import Detail, WebhookEndpoint, WebhookEvent
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.webhook.log import replay, view_deliveries, view_endpoints
from voicebot.web.console.case_routes import instants_of
from voicebot.web.guard.guards import Guard, guarded

EVENTS = tuple(event for event in WebhookEvent if event is not WebhookEvent.TEST)


class WebhookPages:
    """Routes of webhooks that a supervisor may ask for, too."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/webhooks", "webhooks", self.page)
        console.add_url_rule("/webhooks/replays", "webhooks_replays_form", self.again, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SEE_WEBHOOKS)
    def page(self) -> ResponseReturnValue:
        """Show endpoints, and the newest deliveries, those of one endpoint alone where asked."""
        return webhooks_page(self._hotline, endpoint_id=request.args.get("to", ""))

    @guarded(Guard.STAFF, Permission.SEE_WEBHOOKS)
    def again(self) -> ResponseReturnValue:
        """Send a delivery again."""
        try:
            replay(self._hotline, [request.form.get("id", "")])
        except Refused as refusal:
            return back_to_webhooks(f"{refusal}.", "error")
        return back_to_webhooks("It is sent again, within seconds.", "done")


def webhooks_page(
    hotline: Hotline, *, endpoint_id: str = "", told: tuple[WebhookEndpoint, str] | None = None, **shown: object
) -> str:
    """Return the page. `told` is an endpoint with its secret, which nobody sees again."""
    return render_template(
        "console/webhooks.html",
        endpoints=view_endpoints(hotline),
        lines=view_deliveries(hotline, endpoint_id=endpoint_id),
        of=endpoint_id,
        at=instants_of(hotline),
        told=told,
        events=EVENTS,
        details=[detail.value for detail in Detail],
        **shown,
    )


def back_to_webhooks(said: str, kind: str) -> ResponseReturnValue:
    """Lead back to the page, which says what came of a form."""
    flash(said, kind)
    return redirect(url_for("console.webhooks"), code=303)
