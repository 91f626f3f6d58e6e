"""What waits for management, as a page.

Knows: routes under `/console/management`, use cases. Must not know: what stands on the list.
Source: complaints.md S1-08.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.service.hotline import Hotline
from voicebot.service.watch.management import view_queue
from voicebot.web.console.case_routes import instants_of
from voicebot.web.guard.guards import Guard, guarded


class ManagementPages:
    """The one route of the list."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the route."""
        console.add_url_rule("/management", "management", self.page)

    @guarded(Guard.STAFF, Permission.SEE_MANAGEMENT)
    def page(self) -> ResponseReturnValue:
        """Show the list as it stands now."""
        queue, broken = view_queue(self._hotline), self._hotline.flows.faults()
        at = instants_of(self._hotline)
        return render_template("console/management.html", queue=queue, at=at, broken=broken)
