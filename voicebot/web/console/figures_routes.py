"""The page of figures, and the same as CSV and JSON.

Knows: routes under `/console/figures`. Must not know: how figures are counted, worded or drawn.
"""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.ports import GroupBy
from voicebot.service.queries.figures import (
    WEEKS,
    FiguresView,
    csv_text,
    exported,
    exported_loads,
    view_figures,
)
from voicebot.web.console.case_routes import instants_of
from voicebot.web.console.figures_page import CHOICES, figures_page
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded


class FiguresPages:
    """Routes of the figures."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/figures", "figures", self.page)
        console.add_url_rule("/figures.csv", "figures_csv", self.as_csv)
        console.add_url_rule("/figures.json", "figures_json", self.as_json)

    @guarded(Guard.STAFF, Permission.SEE_FIGURES)
    def page(self) -> ResponseReturnValue:
        """Show the figures."""
        return render_template("console/figures.html", page=figures_page(self._view(), instants_of(self._hotline)))

    @guarded(Guard.STAFF, Permission.SEE_FIGURES)
    def as_csv(self) -> Response:
        """Send the figures for a spreadsheet."""
        answer = Response(csv_text(exported(self._view())), mimetype="text/csv")
        answer.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
        return answer

    @guarded(Guard.STAFF, Permission.SEE_FIGURES)
    def as_json(self) -> ResponseReturnValue:
        """Send the figures for a program."""
        view = self._view()
        return {"figures": exported(view), "steps": dict(view.steps), "load": exported_loads(view)}

    def _view(self) -> FiguresView:
        try:
            return view_figures(self._hotline, weeks=_weeks(), by=_by())
        except Refused:
            abort(404)


def _by() -> GroupBy:
    asked = request.args.get("by", GroupBy.WEEK)
    return GroupBy(asked) if asked in set(CHOICES) else GroupBy.WEEK


def _weeks() -> int:
    asked = whole_number(request.args.get("weeks"))
    return WEEKS if asked is None else asked
