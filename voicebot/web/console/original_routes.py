"""The pages on which somebody with the right sees the private numbers of a case, and hears them, after saying why, and
lifts marks that stand for nothing private.

Knows: routes, who is logged in. Must not know: how a private number is recognised, how long it stays open.
"""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.access import AccessKind
from voicebot.domain.permission import Permission
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.queries.answer_voice import voice_of
from voicebot.service.queries.case_view import view_case
from voicebot.service.ticket.original import lift_mask, open_original, original_of, private_numbers
from voicebot.web.console.access_book import AccessBook
from voicebot.web.console.case_routes import send_voice, show_case
from voicebot.web.console.door import current_member
from voicebot.web.guard.guards import Guard, guarded

ORIGINAL_VOICE = "console.original_audio"


class OriginalPages:
    """Routes of seeing what is masked."""

    def __init__(self, hotline: Hotline, accesses: AccessBook) -> None:
        self._hotline = hotline
        self._accesses = accesses

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        case = "/cases/<case>/original"
        console.add_url_rule(case, "original", self.page)
        console.add_url_rule(case, "original_form", self.open, methods=["POST"])
        console.add_url_rule(f"{case}/answers/<answer_id>/audio", "original_audio", self.audio)
        console.add_url_rule(f"{case}/marks", "marks", self.marks)
        console.add_url_rule(f"{case}/marks", "marks_form", self.lift, methods=["POST"])

    @guarded(Guard.STAFF, Permission.SEE_ORIGINAL)
    def page(self, case: str) -> ResponseReturnValue:
        """Show the case without marks to who gave a reason lately, and ask everybody else for one."""
        try:
            view = view_case(self._hotline, case)
            original = original_of(self._hotline, case, actor=current_member().id)
        except Refused as problem:
            return self._ask(case, problem)
        self._accesses.note(case, actor=current_member().id, kind=AccessKind.ORIGINAL)
        return show_case(original, view_case(original, view.ticket.case_number), voice_at=ORIGINAL_VOICE)

    @guarded(Guard.STAFF, Permission.SEE_ORIGINAL)
    def open(self, case: str) -> ResponseReturnValue:
        """Take the reason."""
        try:
            open_original(self._hotline, case, why=request.form.get("why", ""), actor=current_member().id)
        except Refused as problem:
            return self._ask(case, problem)
        return redirect(url_for("console.original", case=case), code=303)

    @guarded(Guard.STAFF, Permission.SEE_ORIGINAL, is_page=False)
    def audio(self, case: str, answer_id: str) -> Response:
        """Send the voice of an answer with all that is said in it."""
        member_id = current_member().id
        try:
            voice = voice_of(original_of(self._hotline, case, actor=member_id), case, answer_id)
        except Refused as problem:
            abort(403 if problem.code == "original-closed" else 404)
        self._accesses.note(case, actor=member_id, kind=AccessKind.ORIGINAL, answer_id=answer_id)
        return send_voice(voice)

    @guarded(Guard.STAFF, Permission.SEE_ORIGINAL)
    def marks(self, case: str) -> ResponseReturnValue:
        """List what is masked in the case, to who gave a reason lately, and ask everybody else for one."""
        return self._marks(case)

    @guarded(Guard.STAFF, Permission.SEE_ORIGINAL)
    def lift(self, case: str) -> ResponseReturnValue:
        """Show a number for good, or mask it again."""
        form, actor = request.form, current_member().id
        is_put_back = form.get("do") == "mask"
        try:
            key, why = form.get("key", ""), form.get("why", "")
            lift_mask(self._hotline, case, key, why=why, actor=actor, is_put_back=is_put_back)
        except Refused as problem:
            return self._ask(case, problem) if problem.code == "original-closed" else self._marks(case, problem)
        return redirect(url_for("console.marks", case=case), code=303)

    def _marks(self, case: str, problem: Refused | None = None) -> ResponseReturnValue:
        try:
            numbers = private_numbers(original_of(self._hotline, case, actor=current_member().id), case)
        except Refused as closed:
            return self._ask(case, closed)
        self._accesses.note(case, actor=current_member().id, kind=AccessKind.ORIGINAL)
        page = render_template("console/marks.html", case=case, numbers=numbers, problem=str(problem or ""))
        return (page, 409) if problem else page

    def _ask(self, case: str, problem: Refused) -> ResponseReturnValue:
        """Ask for the reason, and say what was wrong with the one that was sent."""
        if problem.code not in ("reason-missing", "original-closed"):
            abort(404)
        missing = problem.code == "reason-missing"
        page = render_template("console/original.html", case=case, problem=str(problem) if missing else "")
        return (page, 409) if missing else page
