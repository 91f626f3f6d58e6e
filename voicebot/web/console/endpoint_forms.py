"""What an administrator changes about webhooks. An endpoint is added, tried, paused, given a new secret, or removed.

A secret stands in the one answer that made it, and nowhere after. Sent again, that form makes no second one.
Knows: forms under `/console/webhooks`, use cases. Must not know: HTTP to endpoints, how a secret is kept.
"""

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.domain.webhook import Detail
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.webhook.endpoints import (
    add_endpoint,
    remove_endpoint,
    rotate_secret,
    send_trial,
    switch_off,
    switch_on,
)
from voicebot.web.console.door import current_member
from voicebot.web.console.webhook_routes import back_to_webhooks, webhooks_page
from voicebot.web.guard.guards import Guard, guarded


class EndpointForms:
    """Routes of administrators."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/webhooks/added", "webhooks_form", self.add, methods=["POST"])
        console.add_url_rule("/webhooks/secrets", "webhooks_secrets_form", self.renew, methods=["POST"])
        console.add_url_rule("/webhooks/changes", "webhooks_changes_form", self.change, methods=["POST"])

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def add(self) -> ResponseReturnValue:
        """Add an endpoint, and show its secret this once."""
        form = request.form
        url, events, detail = form.get("url", ""), ",".join(form.getlist("event")), form.get("detail", "")
        if detail not in set(Detail):
            abort(400)
        try:
            told = add_endpoint(self._hotline, url, events=events, detail=Detail(detail), actor=current_member().id)
        except Refused as refusal:
            return webhooks_page(self._hotline, problem=f"{refusal}.", typed=form), 422
        return webhooks_page(self._hotline, told=told)

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def renew(self) -> ResponseReturnValue:
        """Give an endpoint a new secret, and show it this once."""
        seen, endpoint_id = request.form.get("seen", ""), request.form.get("id", "")
        try:
            told = rotate_secret(self._hotline, endpoint_id, actor=current_member().id, instead_of=seen)
        except Refused as refusal:
            return back_to_webhooks(f"{refusal}.", "error")
        return webhooks_page(self._hotline, told=told, is_renewed=True)

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def change(self) -> ResponseReturnValue:
        """Try an endpoint, pause it, let it go on, or remove it."""
        wanted, endpoint_id, actor = request.form.get("do", ""), request.form.get("id", ""), current_member().id
        try:
            match wanted:
                case "try":
                    send_trial(self._hotline, endpoint_id)
                    said = "A trial is sent, within seconds. Look below for what came of it."
                case "pause":
                    said = f"Nothing goes to {switch_off(self._hotline, endpoint_id, actor=actor).host} any more."
                case "go on":
                    said = f"What waits for {switch_on(self._hotline, endpoint_id, actor=actor).host} goes out."
                case "remove":
                    said = f"{remove_endpoint(self._hotline, endpoint_id, actor=actor).host} is removed with its log."
                case _:
                    abort(400)
        except Refused as refusal:
            return back_to_webhooks(f"{refusal}.", "error")
        return back_to_webhooks(said, "done")
