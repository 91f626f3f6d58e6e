"""The drill as a page. It says how the last one went, and a button by which somebody says that they were reached.

Knows: routes under `/console/drill`, use cases. Must not know: when one begins, who is told.
Source: complaints.md D-10.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.watch.drill import answer_running, said_drill, view_drill
from voicebot.web.console.door import current_member
from voicebot.web.guard.guards import Guard, guarded


class DrillPages:
    """Routes of the drill."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/drill", "drill", self.page)
        console.add_url_rule("/drill/answers", "drill_answers_form", self.answer, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SEE_ROTA)
    def page(self) -> ResponseReturnValue:
        """Show the last drill."""
        drill = view_drill(self._hotline)
        is_running = drill is not None and drill.ended_at is None
        return render_template("console/drill.html", said=said_drill(self._hotline), is_running=is_running)

    @guarded(Guard.STAFF, Permission.KEEP_OWN_DUTY)
    def answer(self) -> ResponseReturnValue:
        """Note that whoever is logged in was reached."""
        try:
            answer_running(self._hotline, member_id=current_member().id)
        except Refused as refusal:
            flash(f"{refusal}.", "error")
        else:
            flash("Thank you: you were reached, and the drill is over.", "done")
        return redirect(url_for("console.drill"), code=303)
