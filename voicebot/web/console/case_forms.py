"""What staff do on a case's page: forms in, use case, back to the page; what is impossible comes back as a page.

Each form says how many actions its page showed, so that a double click is one action, and what somebody else did
meanwhile is not overwritten (service/staff/decision.py). Words that could not be kept are given back.
Knows: forms, use cases. Must not know: how actions are kept.
"""

from collections.abc import Callable

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.promise import CallOutcome, Promise
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.promise.keep import log_callback
from voicebot.service.ticket.actions import acknowledge, write_note
from voicebot.service.ticket.hand_over import take_over
from voicebot.web.console.door import current_member
from voicebot.web.guard.guards import Guard, guarded

_NOT_THERE = frozenset({"case-number", "case-unknown"})


class StaffActionForms:
    """Routes of doing."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        for path, endpoint, view in (
            ("called", "called", self.called),
            ("acknowledge", "acknowledge", self.acknowledge),
            ("owner", "take", self.take),
            ("notes", "note", self.note),
        ):
            console.add_url_rule(f"/cases/<case>/{path}", endpoint, view, methods=["POST"])

    @guarded(Guard.STAFF)
    def called(self, case: str) -> ResponseReturnValue:
        """Log a call to the complainant, or a try."""

        def log() -> str:
            outcome = _outcome()
            kept = log_callback(
                self._hotline,
                case,
                reason=request.form.get("reason", ""),
                actor=current_member().id,
                outcome=outcome,
                seen=_seen(),
            )
            return _logged(outcome, kept)

        return _do(case, log, typed=request.form.get("reason", ""))

    @guarded(Guard.STAFF)
    def acknowledge(self, case: str) -> ResponseReturnValue:
        """Say that this member has seen the case."""

        def see() -> str:
            acknowledge(self._hotline, case, actor=current_member().id, seen=_seen())
            return "Noted. The ladder rests for a while; only a logged talk ends it."

        return _do(case, see)

    @guarded(Guard.STAFF)
    def take(self, case: str) -> ResponseReturnValue:
        """Make this member the owner."""

        def take() -> str:
            take_over(self._hotline, case, actor=current_member().id, seen=_seen())
            return "The case is yours now. The promise stands as it was given."

        return _do(case, take)

    @guarded(Guard.STAFF)
    def note(self, case: str) -> ResponseReturnValue:
        """Keep a note."""

        def write() -> str:
            text = request.form.get("text", "")
            write_note(self._hotline, case, text=text, actor=current_member().id, seen=_seen())
            return "Note kept."

        return _do(case, write, typed=request.form.get("text", ""))


def _do(case: str, action: Callable[[], str], *, typed: str = "") -> ResponseReturnValue:
    try:
        flash(action())
    except Refused as problem:
        return _refused(case, problem, typed=typed)
    return redirect(url_for("console.case", case=case), code=303)


def _refused(case: str, problem: Refused, *, typed: str) -> Response:
    if problem.code in _NOT_THERE:
        abort(404)
    why = str(problem)
    page = render_template("console/refused.html", case=case, why=f"{why[0].upper()}{why[1:]}.", typed=typed.strip())
    return make_response(page, 409)


def _outcome() -> CallOutcome:
    asked = request.form.get("outcome", "")
    if asked not in set(CallOutcome):
        raise Refused("logging a call needs what came of it: choose one of the outcomes", code="outcome-missing")
    return CallOutcome(asked)


def _logged(outcome: CallOutcome, kept: Promise | None) -> str:
    if outcome is not CallOutcome.REACHED:
        return "Logged as a try. The promise still waits for a talk."
    return "Logged." if kept is None else "Logged: the promise is kept, and nobody else is told about it."


def _seen() -> int | None:
    """Return how many actions the page showed; None where a form does not say."""
    said = request.form.get("seen", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else None
