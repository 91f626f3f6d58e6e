"""Logging in by the company's own sign-in: there, back with an account, and out.

Whoever it vouches for is asked for no second factor of ours, because that is the provider's matter.
Knows: the session, Flask-Security's login. Must not know: tokens, how accounts are found.
"""

import structlog
from flask import Blueprint, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import login_user

from voicebot.adapters.passwords import hash_password
from voicebot.adapters.store.logins import Logins
from voicebot.domain.sign_in import SignInRules, signed_in
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.staff.provider_sign_in import account_for
from voicebot.web.console.door import BY_PROVIDER
from voicebot.web.console.login_limits import LoginLimits
from voicebot.web.console.own_page import FIRST_PAGE, own_page
from voicebot.web.console.provider_client import ProviderClient
from voicebot.web.guard.guards import Guard, guarded

log = structlog.get_logger(__name__)


class ProviderPages:
    """Routes of the company's sign-in."""

    def __init__(self, hotline: Hotline, logins: Logins, *, client: ProviderClient, rules: SignInRules) -> None:
        self._hotline = hotline
        self._logins = logins
        self._client = client
        self._rules = rules

    def register(self, console: Blueprint, limits: LoginLimits) -> None:
        """Add the routes."""
        console.app_context_processor(lambda: {"has_provider": True})
        for path, endpoint, view in (
            ("sign-in", "sign_in", self.begin),
            ("sign-in/done", "sign_in_done", self.done),
            ("sign-in/out", "sign_in_out", self.out),
        ):
            console.add_url_rule(f"/{path}", endpoint, guarded(Guard.LOGIN)(limits.few_asked(view)))

    def begin(self) -> ResponseReturnValue:
        """Send the browser to the provider."""
        then = own_page(request.args.get("next")) or FIRST_PAGE
        return redirect(self._client.way_there(back_to=self._ours("console.sign_in_done"), then=then))

    def done(self) -> ResponseReturnValue:
        """Let in whom the provider vouches for."""
        try:
            claims, then = self._client.claims(request.args.get("state", ""))
            person = signed_in(claims, role_claim=self._rules.role_claim)
            unusable = hash_password(self._hotline.ids.new_token()) if self._rules.makes_accounts else ""
            account = account_for(self._hotline, person, self._rules, unusable_hash=unusable)
        except Refused as refusal:
            log.warning("sign_in_refused", code=refusal.code, why=str(refusal))
            raise
        login_user(self._logins.of_account(account.id), authn_via=["provider"])
        session[BY_PROVIDER] = True
        self._logins.commit()
        return redirect(own_page(then) or FIRST_PAGE)

    def out(self) -> ResponseReturnValue:
        """End the session at the provider too, for whoever shares the machine."""
        back = self._ours("security.login")
        way = self._client.way_out(back_to=back)
        if not way:
            flash("The company's sign-in has no page to log out at: close the browser.", "error")
        return redirect(way or url_for("security.login"))

    def _ours(self, endpoint: str) -> str:
        """Return an address of ours as the provider knows it, never by the request's own word for our host."""
        return self._hotline.rules.public_url + url_for(endpoint)
