"""With which tokens other programs ask us, as a page. Tokens are made, shown once, and taken back there.

The text of a token stands in the one answer that made it, and nowhere after. Sent again, that form makes no second one,
since the name is taken.
Knows: routes under `/console/tokens`, use cases. Must not know: what is kept of a token.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from voicebot.domain.instants import read_instant
from voicebot.domain.permission import Permission
from voicebot.domain.staff import Role
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.staff.tokens import NewToken, all_tokens, make_token, revoke_token, tokens_without_maker
from voicebot.web.console.case_routes import instants_of
from voicebot.web.console.door import current_member
from voicebot.web.guard.guards import Guard, guarded


class TokenPages:
    """Routes of tokens."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def register(self, console: Blueprint) -> None:
        """Add the routes."""
        console.add_url_rule("/tokens", "tokens", self.page)
        console.add_url_rule("/tokens/made", "tokens_form", self.make, methods=["POST"])
        console.add_url_rule("/tokens/taken-back", "tokens_taken_back_form", self.take_back, methods=["POST"])

    @guarded(Guard.STAFF, Permission.KEEP_ACCOUNTS)
    def page(self) -> ResponseReturnValue:
        """Show every token, without its text, and the form for a new one."""
        return self._page()

    @guarded(Guard.STAFF, Permission.KEEP_ACCOUNTS)
    def make(self) -> ResponseReturnValue:
        """Make a token, and show it this once."""
        try:
            token, text = make_token(self._hotline, self._wanted())
        except Refused as refusal:
            return self._page(problem=f"{refusal}.", typed=request.form), 422
        return self._page(made=token.name, text=text)

    @guarded(Guard.STAFF, Permission.KEEP_ACCOUNTS)
    def take_back(self) -> ResponseReturnValue:
        """Let a token open nothing any more."""
        try:
            token = revoke_token(self._hotline, request.form.get("name", ""), by=current_member().id)
        except Refused as refusal:
            return _back(f"{refusal}.", "error")
        return _back(f"{token.name} opens nothing any more.", "done")

    def _wanted(self) -> NewToken:
        form, roles = request.form, {role.value: role for role in Role}
        if (role := roles.get(form.get("role", ""))) is None:
            abort(400)
        until = form.get("until", "").strip()
        ends_at = read_instant(until, instants_of(self._hotline).zone) if until else None
        return NewToken(name=form.get("name", ""), role=role, made_by=current_member().id, expires_at=ends_at)

    def _page(self, **shown: object) -> str:
        tokens, at = all_tokens(self._hotline), instants_of(self._hotline)
        gone = tokens_without_maker(self._hotline)
        return render_template(
            "console/tokens.html", tokens=tokens, without_maker=gone, at=at, roles=list(Role), **shown
        )


def _back(told: str, kind: str) -> ResponseReturnValue:
    flash(told, kind)
    return redirect(url_for("console.tokens"), code=303)
