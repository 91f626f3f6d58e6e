"""How staff are reached. It has each person's channels, why one does not reach them, and a button that rings it now.

Everybody may ring themselves, a supervisor anybody. No address stands on the page.
Knows: routes under `/console/channels`, use cases. Must not know: what a channel is.
Source: complaints.md D-10.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission, who_may
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.outbox.try_out import reach_of_staff, try_out
from voicebot.web.console.door import current_member, may
from voicebot.web.guard.guards import Guard, guarded


class ChannelPages:
    """Routes of the channels to staff."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/channels", "channels", self.page)
        console.add_url_rule("/channels/trials", "channels_trials_form", self.ring, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SEE_ROTA)
    def page(self) -> ResponseReturnValue:
        """Show everybody with their channels."""
        people = [(member, reach, _may_ring(member.id)) for member, reach in reach_of_staff(self._hotline)]
        return render_template("console/channels.html", people=people)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def ring(self) -> ResponseReturnValue:
        """Send a trial, and say what came of it."""
        person, channel = request.form.get("person", ""), request.form.get("channel", "")
        if not _may_ring(person):
            abort(403, f"To try a channel of somebody else is for {who_may(Permission.PLAN_ROTA)}.")
        try:
            trials = try_out(self._hotline, person, channel)
        except Refused as refusal:
            flash(f"{refusal}.", "error")
        else:
            for trial in trials:
                flash(f"{trial.person}, {trial.channel}: {trial.said}.", "done" if trial.is_sent else "error")
        return redirect(url_for("console.channels"), code=303)


def _may_ring(person: str) -> bool:
    return may(Permission.PLAN_ROTA) or (may(Permission.KEEP_OWN_DUTY) and person == current_member().id)
