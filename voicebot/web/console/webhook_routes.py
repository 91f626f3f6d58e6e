"""Which other systems are told what happens, and what became of it, as a page. What failed is sent again from there.

Of an address its host is shown, since the rest may be a secret. Nobody reads of a case that is about them.
Knows: routes under `/console/webhooks`, use cases. Must not know: HTTP to endpoints, secrets.
"""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.webhook.log import replay, view_deliveries, view_endpoints
from voicebot.web.console.case_routes import instants_of
from voicebot.web.guard.guards import Guard, guarded


class WebhookPages:
    """Routes of webhooks."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/webhooks", "webhooks", self.page)
        console.add_url_rule("/webhooks/replays", "webhooks_replays_form", self.again, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SEE_WEBHOOKS)
    def page(self) -> ResponseReturnValue:
        """Show endpoints, and the newest deliveries."""
        lines = view_deliveries(self._hotline)
        return render_template(
            "console/webhooks.html", endpoints=view_endpoints(self._hotline), lines=lines, at=instants_of(self._hotline)
        )

    @guarded(Guard.STAFF, Permission.SEE_WEBHOOKS)
    def again(self) -> ResponseReturnValue:
        """Send a delivery again."""
        try:
            replay(self._hotline, [request.form.get("id", "")])
        except Refused as refusal:
            flash(f"{refusal}.", "error")
        else:
            flash("It is sent again, within seconds.", "done")
        return redirect(url_for("console.webhooks"), code=303)
