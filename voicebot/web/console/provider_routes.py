"""Logging in by the company's own sign-in: there, back with an account, and out.

Whoever it vouches for is asked for no second factor of ours where it says that they gave two. It is asked again after a
while, and whom it lets in no more is out in this browser, too.
Knows: the session, Flask-Security's login. Must not know: tokens, how accounts are found.
"""

import structlog
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import login_user

from voicebot.adapters.passwords import hash_password
from voicebot.adapters.store.logins import Logins
from voicebot.domain.sign_in import SignInRules, signed_in
from voicebot.errors import Refused
from voicebot.service.hotline import Hotline
from voicebot.service.staff.provider_sign_in import account_for
from voicebot.web.console.door import end_present_session
from voicebot.web.console.login_limits import LoginLimits
from voicebot.web.console.own_page import FIRST_PAGE, own_page
from voicebot.web.console.provider_client import ProviderClient
from voicebot.web.console.provider_mark import remember_provider
from voicebot.web.console.second_factor import SecondFactorStep
from voicebot.web.guard.guards import Guard, guarded

NOT_LET_IN = frozenset({"sign-in-role", "sign-in-disabled"})
"""Codes of refusals by which somebody is known, and let in no more."""

log = structlog.get_logger(__name__)


class ProviderPages:
    """Routes of the company's sign-in."""

    def __init__(
        self, hotline: Hotline, logins: Logins, *, client: ProviderClient, rules: SignInRules, step: SecondFactorStep
    ) -> None:
        self._hotline = hotline
        self._logins = logins
        self._client = client
        self._rules = rules
        self._step = step

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
            person = signed_in(claims, self._rules)
            unusable = hash_password(self._hotline.ids.new_token()) if self._rules.makes_accounts else ""
            account = account_for(self._hotline, person, self._rules, unusable_hash=unusable)
        except Refused as refusal:
            log.warning("sign_in_refused", code=refusal.code, why=str(refusal))
            if refusal.code in NOT_LET_IN:
                end_present_session(self._logins)
            raise
        page, login = own_page(then) or FIRST_PAGE, self._logins.of_account(account.id)
        if not person.has_second_factor and self._step.is_asked(login, by_provider=True):
            return redirect(self._step.way_to(page))
        login_user(login, authn_via=["provider"])
        remember_provider(has_second_factor=person.has_second_factor)
        self._logins.commit()
        return redirect(page)

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
