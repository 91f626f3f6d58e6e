"""What staff do on a case's page. Forms go in to a use case, and back to the page, and what is impossible comes back as
a page.

Each form says how many actions its page showed, so that a double click is one action, and what somebody else did
meanwhile is not overwritten (service/staff/decision.py). Words that could not be kept are given back.
Knows: forms, use cases. Must not know: how actions are kept.
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.adjustment import AdjustmentKind, TypedAdjustment
from voicebot.domain.permission import Permission
from voicebot.domain.promise import CallOutcome, Promise
from voicebot.errors import Refused
from voicebot.service.callback.order import order_callback
from voicebot.service.hotline import Hotline
from voicebot.service.queries.lead_case import preview_update
from voicebot.service.staff.decision import act
from voicebot.service.ticket.actions import acknowledge, write_note
from voicebot.service.ticket.adjustments import keep_adjustment, withdraw_adjustment
from voicebot.service.ticket.hand_over import give, take_over
from voicebot.service.ticket.heard import act_heard
from voicebot.service.ticket.lead_case import updating
from voicebot.web.console.case_steps import STEP_FORMS, Filled, StepForm, wrapped_up
from voicebot.web.console.door import current_member
from voicebot.web.console.typed_number import whole_number
from voicebot.web.guard.guards import Guard, guarded

NOT_THERE = frozenset({"case-number", "case-unknown"})


class StaffActionForms:
    """Routes of doing."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        for path, endpoint, view in (
            ("called", "called", self.called),
            ("call", "call", self.call),
            ("acknowledge", "acknowledge", self.acknowledge),
            ("owner", "take", self.take),
            ("given", "give", self.give_away),
            ("notes", "note", self.note),
            ("update", "update", self.update),
            ("adjustments", "adjust", self.adjust),
            ("adjustments/withdrawn", "unadjust", self.unadjust),
        ):
            console.add_url_rule(f"/cases/<case>/{path}", endpoint, view, methods=["POST"])
        for form in STEP_FORMS:
            console.add_url_rule(f"/cases/<case>/{form.path}", form.path, self._decides(form), methods=["POST"])

    @guarded(Guard.STAFF, Permission.SERVE)
    def called(self, case: str) -> ResponseReturnValue:
        """Log a call to the complainant with what comes next, as one action."""

        def log() -> str:
            kept: list[Promise | None] = []
            form = _filled()
            steps = wrapped_up(form, kept=kept.append)
            act_heard(self._hotline, case, *steps)
            return _logged(form.text("outcome"), is_kept=any(kept), is_all=len(steps) == 1)

        return do_for_case(case, log, typed=request.form.get("reason", ""))

    @guarded(Guard.STAFF, Permission.SERVE)
    def call(self, case: str) -> ResponseReturnValue:
        """Let this member's telephone ring, to be connected with the complainant."""

        def order() -> str:
            order_callback(self._hotline, case, actor=current_member().id)
            return "Your telephone rings in a moment: press 1 there to be connected."

        return do_for_case(case, order)

    def _decides(self, form: StepForm) -> Callable[[str], ResponseReturnValue]:
        """Return the view of a form that decides one thing."""

        def decide(case: str) -> ResponseReturnValue:
            def take() -> str:
                act_heard(self._hotline, case, form.read(_filled()))
                return form.said

            return do_for_case(case, take, typed=request.form.get("text", ""))

        return guarded(Guard.STAFF, form.needed)(decide)

    @guarded(Guard.STAFF, Permission.DECIDE)
    def give_away(self, case: str) -> ResponseReturnValue:
        """Give the case to somebody by name."""

        def hand() -> str:
            give(self._hotline, case, to=request.form.get("to", ""), actor=current_member().id, seen=_seen())
            return "The case is theirs now. The promise stands as it was given."

        return do_for_case(case, hand)

    @guarded(Guard.STAFF, Permission.DECIDE)
    def acknowledge(self, case: str) -> ResponseReturnValue:
        """Say that this member has seen the case."""

        def see() -> str:
            acknowledge(self._hotline, case, actor=current_member().id, seen=_seen())
            return "Noted. The ladder rests for a while; only a logged talk ends it."

        return do_for_case(case, see)

    @guarded(Guard.STAFF, Permission.DECIDE)
    def take(self, case: str) -> ResponseReturnValue:
        """Make this member the owner."""

        def take() -> str:
            take_over(self._hotline, case, actor=current_member().id, seen=_seen())
            return "The case is yours now. The promise stands as it was given."

        return do_for_case(case, take)

    @guarded(Guard.STAFF, Permission.DECIDE)
    def note(self, case: str) -> ResponseReturnValue:
        """Keep a note."""

        def write() -> str:
            text = request.form.get("text", "")
            write_note(self._hotline, case, text=text, actor=current_member().id, seen=_seen())
            return "Note kept."

        return do_for_case(case, write, typed=request.form.get("text", ""))

    @guarded(Guard.STAFF, Permission.SERVE)
    def update(self, case: str) -> ResponseReturnValue:
        """Show what all that follow would be told, and send it once it was seen with the count."""
        words, count = request.form.get("text", ""), whole_number(request.form.get("count"))
        if count is not None:
            return do_for_case(case, lambda: self._told(case, words, count), typed=words)
        try:
            preview = preview_update(self._hotline, case, words)
        except Refused as problem:
            return _refused(case, problem, typed=words)
        reached = len(preview.reached)
        seen = request.form.get("seen", "")
        return render_template("console/update_preview.html", case=case, preview=preview, count=reached, seen=seen)

    def _told(self, case: str, words: str, count: int) -> str:
        act(self._hotline, case, updating(words, count=count, actor=current_member().id, seen=_seen()))
        return "On its way, a few a minute and by day."

    @guarded(Guard.STAFF, Permission.SERVE)
    def adjust(self, case: str) -> ResponseReturnValue:
        """Keep what was agreed with whoever has the number."""

        def keep() -> str:
            typed = TypedAdjustment(
                kind=_kind(),
                detail=request.form.get("detail", ""),
                consent_by=request.form.get("consent-by", ""),
                consent_on=request.form.get("consent-on", ""),
            )
            return f"Kept: {keep_adjustment(self._hotline, case, typed, actor=current_member().id).said}."

        return do_for_case(case, keep, typed=request.form.get("detail", ""))

    @guarded(Guard.STAFF, Permission.SERVE)
    def unadjust(self, case: str) -> ResponseReturnValue:
        """Delete what was agreed, because the consent was withdrawn."""

        def withdraw() -> str:
            number = request.form.get("number", "")
            withdraw_adjustment(self._hotline, case, _kind(), actor=current_member().id, number=number)
            return "Deleted."

        return do_for_case(case, withdraw)


def _kind() -> AdjustmentKind:
    try:
        return AdjustmentKind(request.form.get("kind", ""))
    except ValueError:
        raise Refused("no such adjustment: choose one of the list", code="adjustment-gone") from None


def do_for_case(case: str, action: Callable[[], str], *, typed: str = "") -> ResponseReturnValue:
    """Do something to a case and lead back to its page, or say there why it was not done."""
    try:
        flash(action())
    except Refused as problem:
        return _refused(case, problem, typed=typed)
    goes_on = request.form.get("then") == "next"
    return redirect(url_for("console.next_case" if goes_on else "console.case", case=case), code=303)


def _refused(case: str, problem: Refused, *, typed: str) -> Response:
    if problem.code in NOT_THERE:
        abort(404)
    why = f"{str(problem)[0].upper()}{str(problem)[1:]}."
    if problem.code == "second-talk":
        sent = [(name, value) for name, value in request.form.items() if name != "csrf_token"]
        return make_response(
            render_template("console/second_talk.html", case=case, why=why, sent=sent, typed=typed), 409
        )
    page = render_template("console/refused.html", case=case, why=why, typed=typed.strip())
    return make_response(page, 409)


def _filled() -> Filled:
    return Filled(fields=request.form.to_dict(), actor=current_member().id, seen=_seen())


def _logged(outcome: str, *, is_kept: bool, is_all: bool) -> str:
    """Say what the log of a call changed, where `is_all` means that nothing else was decided with it."""
    if is_kept:
        return "Logged: the promise is kept, and nobody else is told about it."
    if outcome == CallOutcome.REACHED:
        return "Logged, with what comes next."
    return (
        "Logged as a try. The promise still waits for a talk." if is_all else "Logged as a try, with what comes next."
    )


def _seen() -> int | None:
    """Return how many actions the page showed, or None where a form does not say."""
    return whole_number(request.form.get("seen"))
