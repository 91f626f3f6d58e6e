"""The morning list to management as a page. It is always there, whoever was told of it and by what.

Knows: routes under `/console/morning`, use cases. Must not know: what stands on the list, how it is sent.
Source: complaints.md D-07.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from voicebot.domain.instants import written_day
from voicebot.domain.permission import Permission
from voicebot.service.hotline import Hotline
from voicebot.service.watch.morning import said_not_sent, view_morning
from voicebot.service.watch.morning_post import delivery_lines, view_deliveries
from voicebot.web.console.case_routes import instants_of
from voicebot.web.guard.guards import Guard, guarded


class MorningPages:
    """The one route of the morning list."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the route."""
        console.add_url_rule("/morning", "morning", self.page)

    @guarded(Guard.STAFF, Permission.SEE_MANAGEMENT)
    def page(self) -> ResponseReturnValue:
        """Show the list as it stands now, and what became of the one that was sent."""
        made = view_morning(self._hotline)
        return render_template(
            "console/morning.html",
            made=made,
            at=instants_of(self._hotline),
            day=written_day(made.day),
            not_sent=said_not_sent(made),
            sent=delivery_lines(view_deliveries(self._hotline)),
        )
