"""Where a member's browser learns of their own call. It is a few lines of page, asked for again and again.

When the call is over the browser goes to the wrap-up of its case (`static/own-call.js`). The script alone asks, so
without one no page says anything of an own call, and the case is written up from its page.
Knows: one route under `/console`. Must not know: which page asks.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.service.hotline import Hotline
from voicebot.service.queries.own_call import own_call
from voicebot.web.console.door import current_member
from voicebot.web.guard.guards import Guard, guarded


class OwnCallPages:
    """The route of a member's own call."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the route."""
        console.add_url_rule("/own-call", "own_call", self.show)

    @guarded(Guard.STAFF, Permission.READ_CASES)
    def show(self) -> ResponseReturnValue:
        """Say whether a call of this member goes on, or which case it is to be written up in."""
        return render_template("console/own_call.html", own_call=own_call(self._hotline, current_member().id))
