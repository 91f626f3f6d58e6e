"""All that is kept of one person, as a page. An administrator saves it for them, or erases it because they asked.

The number stands in forms alone, never in an address, since addresses are kept in logs.
Knows: routes under `/console/persons`, use cases. Must not know: what is kept of a person, how it is packed.
"""

from io import BytesIO

from flask import Blueprint, Response, render_template, request, send_file
from flask.typing import ResponseReturnValue

from voicebot.adapters.person_files import zip_person
from voicebot.domain.permission import Permission
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.upkeep.person import PersonView, erase_person, export_person, read_person_number, view_person
from voicebot.web.console.door import current_member
from voicebot.web.guard.guards import Guard, guarded


class PersonPages:
    """Routes of one person."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/persons", "persons", self.page)
        console.add_url_rule("/persons/found", "persons_found_form", self.find, methods=["POST"])
        console.add_url_rule("/persons/exports", "persons_exports_form", self.export, methods=["POST"])
        console.add_url_rule("/persons/erasures", "persons_erasures_form", self.erase, methods=["POST"])

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def page(self) -> ResponseReturnValue:
        """Ask for a number."""
        return _page()

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def find(self) -> ResponseReturnValue:
        """Show what there is of a number."""
        try:
            return _page(view=self._view())
        except Refused as problem:
            return _page(problem=problem), 409

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def export(self) -> ResponseReturnValue:
        """Send all of it that this member may see as one file."""
        try:
            export = export_person(
                self._hotline,
                _typed(),
                reason=request.form.get("reason", ""),
                by=current_member().id,
                is_as_said=request.form.get("as_said") == "on",
            )
        except Refused as problem:
            return self._again(problem)
        return _sent(zip_person(export, self._hotline.audio))

    @guarded(Guard.STAFF, Permission.RUN_HOTLINE)
    def erase(self) -> ResponseReturnValue:
        """Erase all of it, where the number was typed once more."""
        form, rules = request.form, self._hotline.rules
        try:
            if read_person_number(rules, form.get("again", "")) != read_person_number(rules, _typed()):
                raise Refused("that is another number: type the same once more, to erase it", code="person-unconfirmed")
            receipt = erase_person(
                self._hotline,
                _typed(),
                reason=form.get("reason", ""),
                actor=current_member().id,
                also_open=form.get("also_open") == "on",
            )
        except Refused as problem:
            return self._again(problem)
        return _page(receipt=receipt)

    def _view(self) -> PersonView:
        return view_person(self._hotline, _typed(), by=current_member().id)

    def _again(self, problem: Refused) -> ResponseReturnValue:
        """Say what was wrong, above what there is."""
        try:
            return _page(view=self._view(), problem=problem), 409
        except Refused:
            return _page(problem=problem), 409


def _typed() -> str:
    return request.form.get("number", "")


def _page(**shown: object) -> str:
    return render_template("console/persons.html", **shown)


def _sent(pack: BytesIO) -> Response:
    # Its name tells nobody whose it is.
    return send_file(pack, mimetype="application/zip", as_attachment=True, download_name="person.zip")
