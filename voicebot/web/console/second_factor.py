"""The second step of a login: whoever gave the right password is asked for a code, and only then logged in.

Between the two steps nobody is logged in. The session says whose password was right, and when. A known device is asked
too, because a stolen laptop is one. Wrong codes count with wrong passwords, and against a limit of their own.
Knows: the session, Flask-Security's login. Must not know: passwords, how a code is checked.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue, ResponseValue
from flask_security import login_user
from flask_security.tf_plugin import TfPlugin

from voicebot.adapters.store.logins import Login, Logins
from voicebot.service.ports import Clock
from voicebot.service.staff.second_factor import Answer, SecondFactorDesk
from voicebot.web.console.login_limits import LoginLimits
from voicebot.web.console.own_page import FIRST_PAGE, own_page
from voicebot.web.console.provider_mark import remember_provider
from voicebot.web.guard.guards import Guard, guarded

WAIT_FOR_CODE = timedelta(minutes=10)
"""From the password to the code, enough to fetch a telephone from the coat."""
LONGEST_CODE = 40
"""Characters. A recovery code has 19."""
WRONG_CODE = "This code does not count. Take the one that is shown now: each counts once, and its clock must be right."
_SESSION = "second_step"


class SecondFactorStep(TfPlugin):
    """Fulfils what Flask-Security's login asks after the password, and answers the page of the code."""

    def __init__(self, desk: SecondFactorDesk, logins: Logins, *, clock: Clock) -> None:
        super().__init__()
        self._desk = desk
        self._logins = logins
        self._clock = clock

    def register(self, console: Blueprint, limits: LoginLimits) -> None:
        """Add the route."""
        view = guarded(Guard.LOGIN)(limits.slow_down_codes(self.page, email_of=self._email))
        console.add_url_rule("/second-factor/code", "second_factor_code", view, methods=["GET", "POST"])

    def tf_enter(self, user: Any, *_details: Any, **_more: Any) -> ResponseValue | None:
        """Return the way to the code, or None for whom the password is enough."""
        return redirect(url_for("console.second_factor_code")) if self.is_asked(user) else None

    def is_asked(self, user: Any, *, by_provider: bool = False) -> bool:
        """Tell whether a code is asked for before somebody is logged in, and remember whom it is asked of."""
        session.pop(_SESSION, None)
        if user.second_factor_at is None:
            return False
        now = self._clock.now().timestamp()
        session[_SESSION] = {"who": user.fs_uniquifier, "at": now, "by_provider": by_provider}
        return True

    def way_to(self, page: str) -> str:
        """Return where a login that was right leads, by the code if one is asked for."""
        return url_for("console.second_factor_code", next=page) if _SESSION in session else page

    def page(self) -> ResponseReturnValue:
        """Ask for the code, and let in whoever writes it."""
        login, then = self._waiting(), own_page(request.values.get("next"))
        if login is None:
            session.pop(_SESSION, None)
            return redirect(url_for("security.login", next=then or None))
        if request.method == "GET":
            return render_template("security/second_factor_code.html", next=then, problem="")
        checked = self._desk.check(str(login.id), request.form.get("code", "")[:LONGEST_CODE])
        if not checked.is_right:
            return render_template("security/second_factor_code.html", next=then, problem=WRONG_CODE)
        by_provider = session.pop(_SESSION).get("by_provider", False)
        login_user(login, authn_via=["provider" if by_provider else "password", "authenticator"])
        if by_provider:
            remember_provider()
        self._logins.commit()
        if checked.answer is Answer.RECOVERY:
            flash(f"This recovery code is used up; {checked.codes_left} are left. New ones: set it up anew.", "done")
        return redirect(then or FIRST_PAGE)

    def _waiting(self) -> Login | None:
        """Return whose password was right a moment ago, in this browser."""
        told = session.get(_SESSION)
        if told is None or self._clock.now().timestamp() - told["at"] > WAIT_FOR_CODE.total_seconds():
            return None
        login = self._logins.find_user(fs_uniquifier=told["who"])
        return login if login is not None and login.is_active else None

    def _email(self) -> str:
        login = self._waiting()
        return "" if login is None else str(login.email)
