"""The form of who complains. What could not be kept comes back with what was typed, beside what stands there now.

Knows: forms, the use case, the panel of a case. Must not know: how a value is kept.
"""

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.case_field import FieldName
from voicebot.domain.case_number import written
from voicebot.domain.permission import Permission
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.fields import keep_fields
from voicebot.web.console.case_forms import NOT_THERE
from voicebot.web.console.case_routes import instants_of
from voicebot.web.console.door import current_member
from voicebot.web.console.panels.customer import customer_panel
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded


class FieldForms:
    """The route of writing down who complains."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the route."""
        console.add_url_rule("/cases/<case>/fields", "fields", self.keep, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SERVE)
    def keep(self, case: str) -> ResponseReturnValue:
        """Keep what was changed in the fields."""
        typed = {field: request.form[field] for field in FieldName if field in request.form}
        seen = whole_number(request.form.get("fields-seen"))
        try:
            kept = keep_fields(self._hotline, case, typed, actor=current_member().id, seen=seen)
        except Refused as problem:
            if problem.code in NOT_THERE:
                abort(404)
            view, why = view_case(self._hotline, case), f"{str(problem)[0].upper()}{str(problem)[1:]}."
            panel = customer_panel(view, instants_of(self._hotline), typed=typed, seen=seen, problem=why)
            number = written(view.ticket.case_number)
            return make_response(render_template("console/fields_page.html", case=number, customer=panel), 409)
        flash(f"Kept: {', '.join(field.said for field in kept)}." if kept else "Nothing was changed.")
        return redirect(url_for("console.case", case=case), code=303)
