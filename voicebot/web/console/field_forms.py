"""The forms of who complains and of what happened. What could not be kept comes back with what was
typed, beside what stands there now.

Knows: forms, the use case, the panel of a case. Must not know: how a value is kept.
"""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.case_field import CUSTOMER_FIELDS
from voicebot.domain.case_number import written
from voicebot.domain.permission import Permission
from voicebot.domain.typed_field import TypedField
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.fields import keep_fields
from voicebot.web.console.case_forms import NOT_THERE
from voicebot.web.console.case_routes import instants_of
from voicebot.web.console.door import current_member
from voicebot.web.console.panels.field_rows import Shown, fields_panel
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded


class FieldForms:
    """The route of writing down who complains, and what happened."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the route."""
        console.add_url_rule("/cases/<case>/fields", "fields", self.keep, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SERVE)
    def keep(self, case: str) -> ResponseReturnValue:
        """Keep what was changed in the fields."""
        seen = whole_number(request.form.get("fields-seen"))
        known = self._known_fields()
        typed = {name: value for name, value in request.form.items() if name in known}
        try:
            kept = keep_fields(self._hotline, case, typed, actor=current_member().id, seen=seen)
        except Refused as problem:
            if problem.code in NOT_THERE:
                abort(404)
            if problem.code == "field-closed":
                # Their form has no such field.
                abort(403)
            return self._given_back(
                case, Shown(typed=typed, seen=seen, problem=f"{str(problem)[0].upper()}{str(problem)[1:]}.")
            )
        flash(f"Kept: {', '.join(field.said for field in kept)}." if kept else "Nothing was changed.")
        return redirect(url_for("console.case", case=case), code=303)

    def _given_back(self, case: str, shown: Shown) -> ResponseReturnValue:
        """Show what was typed beside what stands there now, on the form that it was typed in."""
        view, known = view_case(self._hotline, case), self._known_fields()
        fields = [known[name] for name in shown.typed]
        panel = fields_panel(fields, view, instants_of(self._hotline), shown=shown)
        number = written(view.ticket.case_number)
        return make_response(render_template("console/fields_page.html", case=number, panel=panel), 409)

    def _known_fields(self) -> Mapping[str, TypedField]:
        """Return all fields that a form may hold, since the kind of a case may change while one is typed in."""
        kinds = self._hotline.flows.current_policy().categories.values()
        return {**CUSTOMER_FIELDS, **{field.id: field for each in kinds for field in each.fields}}
