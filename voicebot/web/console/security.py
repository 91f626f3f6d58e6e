"""Sets up Flask-Security for logging in and out, and changing one's password. Nothing else of it is switched on.

The library's own second factor is off too. It keeps recovery codes that can be read again, counts no wrong codes, and
asks everybody or nobody. Its login hands over to ours (second_factor.py).
No registration and no recovery by e-mail, because the administrator makes accounts and new passwords on the command
line. An unknown e-mail, a wrong password and a disabled account answer alike and cost alike (one argon2 check each).
The library's JSON answers, tokens and "remember me" are off, because a session is a cookie of this browser and nothing
else.
Source: Flask-Security 5.9, "Configuration" and its views (read November 2026).
Knows: Flask-Security's names. Must not know: pages of cases.
"""

import hashlib
import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_security import LoginForm, PasswordUtil, Security
from wtforms import EmailField, Field, PasswordField, SubmitField, ValidationError
from wtforms.validators import Length

from voicebot.adapters.passwords import LANES, MEMORY_COST_KIB, TIME_COST
from voicebot.adapters.store.logins import Logins
from voicebot.domain.permission import Permission
from voicebot.domain.staff import MOST_PASSWORD_LENGTH, normal_email, password_fault
from voicebot.service.ports import Clock
from voicebot.web.console.door import SESSION_LIFE, ending_session
from voicebot.web.console.login_limits import LoginLimits
from voicebot.web.console.own_page import FIRST_PAGE, own_page
from voicebot.web.console.second_factor import SecondFactorStep
from voicebot.web.guard.guards import Guard, guarded

View = Callable[..., Any]

PASSWORDS_FOR = "VOICEBOT_PASSWORDS_FOR"
"""Name in `app.config` of the roles that may log in by a password."""
BY_PROVIDER_ONLY = "Your account logs in by your company account: take the button above."
WRONG = "The e-mail or the password is wrong, or the account is disabled."
_WORDS = {
    "GENERIC_AUTHN_FAILED": WRONG,
    "INVALID_PASSWORD": "This is not your present password.",
    "PASSWORD_NOT_PROVIDED": "Write the password.",
    "PASSWORD_IS_THE_SAME": "The new password is the present one: choose another.",
    "RETYPE_PASSWORD_MISMATCH": "The two new passwords differ.",
    "PASSWORD_CHANGE": "Your password is changed. Every other session of yours has ended.",
}


class ConsoleLoginForm(LoginForm):
    """E-mail and password, while nothing is remembered beyond the session."""

    email = EmailField("E-mail", render_kw={"autocomplete": "username", "autofocus": True})
    password = PasswordField(
        "Password",
        render_kw={"autocomplete": "current-password"},
        validators=[Length(min=1, max=MOST_PASSWORD_LENGTH)],
    )
    remember = None
    submit = SubmitField("Log in")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.next.data = own_page(self.next.data)

    def validate(self, **given: Any) -> bool:
        """Check the password, and whether this account may log in by one."""
        if not super().validate(**given):
            return False
        if getattr(self.user, "role", None) in current_app.config[PASSWORDS_FOR]:
            return True
        self.form_errors.append(BY_PROVIDER_ONLY)
        return False

    def validate_email(self, field: Field) -> None:
        """Bring the e-mail into the form in which accounts are kept."""
        field.data = normal_email(field.data or "")
        if field.data is None:
            raise ValidationError(WRONG)


class HousePasswords(PasswordUtil):
    """Holds a new password to the rule of the house, the same as on the command line."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        """Return what is wrong with it (None means nothing) and its normal form."""
        normal: str = self.normalize(password)
        fault = password_fault(normal)
        return ([f"{fault[0].upper()}{fault[1:]}."] if fault else None), normal


def install_security(
    app: Flask, logins: Logins, *, clock: Clock, limits: LoginLimits, second_step: SecondFactorStep
) -> None:
    """Add the routes of login, logout and password, each with its guard."""
    app.config.update(_configuration(app.config["SECRET_KEY"]), SECURITY_DATETIME_FACTORY=clock.now)
    security = Security(app, logins, login_form=ConsoleLoginForm, password_util_cls=HousePasswords)
    security.two_factor_plugins = second_step
    security.want_json(_never_json)
    app.login_manager.request_loader(_nobody_by_token)  # type: ignore[attr-defined]
    app.teardown_appcontext(lambda _problem: logins.close())
    views = app.view_functions
    views["security.login"] = guarded(Guard.LOGIN)(
        limits.slow_down(_leading_back(views["security.login"], second_step))
    )
    change = limits.slow_down_session(views["security.change_password"])
    views["security.change_password"] = guarded(Guard.STAFF, Permission.OWN_ACCOUNT)(change)
    views["security.logout"] = guarded(Guard.STAFF, Permission.OWN_ACCOUNT)(
        ending_session(views["security.logout"], logins)
    )


def install_sessions(app: Flask, *, secret_key: str, is_https: bool) -> None:
    """Sign the session, and let nothing but this site's own requests carry it."""
    app.config.update(
        SECRET_KEY=secret_key,
        # A cookie of this prefix is taken by browsers from this very host only, over https and for the whole of it.
        SESSION_COOKIE_NAME="__Host-voicebot" if is_https else "voicebot",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=SESSION_LIFE,
    )


def _configuration(secret_key: str) -> dict[str, Any]:
    names: dict[str, Any] = {
        "URL_PREFIX": "/console",
        "STATIC_FOLDER": None,
        "LOGIN_URL": "/login",
        "LOGOUT_URL": "/logout",
        "CHANGE_URL": "/password",
        "POST_LOGIN_VIEW": FIRST_PAGE,
        "POST_LOGOUT_VIEW": "/console/login",
        "POST_CHANGE_VIEW": FIRST_PAGE,
        "LOGIN_USER_TEMPLATE": "security/login.html",
        "CHANGE_PASSWORD_TEMPLATE": "security/password.html",
        "CHANGEABLE": True,
        "TRACKABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "RETURN_GENERIC_RESPONSES": True,
        "FRESHNESS": -SESSION_LIFE,
        "API_ENABLED_METHODS": ["session"],
        "JOIN_USER_ROLES": False,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": {"argon2"},
        "PASSWORD_SALT": hmac.new(secret_key.encode(), b"password salt", hashlib.sha256).hexdigest(),
        "PASSWORD_HASH_PASSLIB_OPTIONS": {
            "argon2__type": "ID",
            "argon2__time_cost": TIME_COST,
            "argon2__memory_cost": MEMORY_COST_KIB,
            "argon2__parallelism": LANES,
        },
    }
    words = {f"MSG_{name}": (text, "error") for name, text in _WORDS.items()}
    words["MSG_PASSWORD_CHANGE"] = (_WORDS["PASSWORD_CHANGE"], "success")
    return {f"SECURITY_{name}": value for name, value in (names | words).items()}


def _leading_back(login: View, second_step: SecondFactorStep) -> View:
    """Return the login, leading to nothing but our own pages, because the library would take any address of this
    site. Who has a second factor is asked for it first.
    """

    @wraps(login)
    def lead_back() -> ResponseReturnValue:
        answer: ResponseReturnValue = login()
        if isinstance(answer, Response) and answer.location:
            answer.location = second_step.way_to(own_page(request.values.get("next")) or FIRST_PAGE)
        return answer

    return lead_back


def _never_json(_request: Request) -> bool:
    return False


def _nobody_by_token(_request: Request) -> None:
    return None
