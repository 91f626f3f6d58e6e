"""Knows who is logged in, and lets a guarded route be asked only by who may.

A session ends `SESSION_LIFE` after its login whatever happens, so that a cookie taken from a machine is of no use the
next day. It ends at once with the logout, for each copy of its cookie, because the database knows which sessions go on.
And it ends when the account is disabled or gets a new password (its session key changes).
Knows: Flask-Login's current user, the session, the clock, what the policy calls them. Must not know: passwords, pages.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import structlog
from flask import Flask, abort, current_app, g, has_request_context, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, user_logged_in
from flask_security import logout_user
from flask_wtf import CSRFProtect

from voicebot.adapters.store.logins import Logins
from voicebot.domain.about import THE_MACHINE, Reader, closed_to
from voicebot.domain.permission import NOBODY, Permission, granted, who_may
from voicebot.domain.staff import Role, StaffMember
from voicebot.flow.policy import Policy
from voicebot.service.hotline import Hotline
from voicebot.service.staff.members import policy_roles, roles_of_account
from voicebot.web.console.provider_mark import forget_provider, has_provider_second_factor, is_by_provider

SESSION_LIFE = timedelta(hours=12)
"""The longest working day, and then one logs in again."""

FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
"""What our pages send, while anything else comes from elsewhere."""

WITHOUT_SECOND_FACTOR = frozenset(
    {"console.second_factor", "console.second_factor_new", "security.change_password", "security.logout"}
)
"""What who must have a second factor may do before they have one."""

log = structlog.get_logger(__name__)
_LOGGED_IN_AT = "logged_in_at"
LEFT_PROVIDER = "left_provider"
"""In the session of whoever logged out here, and may still be logged in there."""
_SESSION_SECRET = "session"
_POLICY = "voicebot.policy"


class ConsoleDoor:
    """Fulfils `web.guards.StaffDoor`."""

    def __init__(
        self,
        hotline: Hotline,
        logins: Logins,
        *,
        second_factor_for: frozenset[Role] = frozenset(),
        provider_life: timedelta = SESSION_LIFE,
    ) -> None:
        """`second_factor_for` are the roles that see nothing before they have a second factor. After `provider_life`
        the company's own sign-in is asked again whether it still lets somebody in.
        """
        self._provider_life_s = provider_life.total_seconds()
        self._clock = hotline.clock
        self._policy = hotline.flows.current_policy
        self._second_factor_for = second_factor_for
        self._logins = logins
        self._csrf = CSRFProtect()

    def install(self, app: Flask) -> None:
        """Check tokens by guard, not by list of exceptions, and note when each session began."""
        app.config["WTF_CSRF_CHECK_DEFAULT"] = False
        app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session it belongs to
        app.config["WTF_CSRF_SSL_STRICT"] = False  # compares hosts, which a proxy may rewrite; the token is enough
        self._csrf.init_app(app)
        app.extensions[_POLICY] = self._policy
        user_logged_in.connect(self._begin_session, app)
        app.context_processor(lambda: {"member": _member_or_none(), "may": _may_by_name})

    def refuse_forged(self) -> None:
        """Refuse a form that does not carry the session's token. Raises: HTTPException (400, 415)."""
        if request.method in current_app.config["WTF_CSRF_METHODS"]:
            if request.mimetype not in FORM_TYPES:
                abort(415)
            self._csrf.protect()

    def refuse_strangers(self, needed: Permission, *, is_page: bool) -> ResponseReturnValue | None:
        """Send strangers to the login (pages) or refuse them. Raises: HTTPException (401, 403)."""
        if not self._is_logged_in():
            if is_page and request.method in {"GET", "HEAD"}:
                return redirect(url_for("security.login", next=_here()))
            abort(401)
        again = self._to_provider(is_page=is_page)
        if again is not None:
            return again
        policy = self._policy()
        g.permissions = _permissions(policy)
        if needed not in g.permissions:
            log.info("staff_refused", staff=current_user.staff_id, route=request.endpoint, needed=needed.name)
            abort(403, f"This is for {who_may(needed)}; your account is {current_user.role.said}. Ask one of them.")
        return self._to_second_factor(policy, is_page=is_page)

    def _to_provider(self, *, is_page: bool) -> ResponseReturnValue | None:
        """Send whom the company's own sign-in let in there again, after a while. It knows who still works there, and
        in which role. What was typed meanwhile is taken once more as long, so that nobody loses a form.
        """
        age_s = self._age_s()
        if not is_by_provider() or age_s < self._provider_life_s:
            return None
        if is_page and request.method in {"GET", "HEAD"}:
            return redirect(url_for("console.sign_in", next=_here()))
        if age_s >= 2 * self._provider_life_s:
            abort(401)
        return None

    def _to_second_factor(self, policy: Policy, *, is_page: bool) -> ResponseReturnValue | None:
        """Send who must have a second factor and has none to where it is set up."""
        must = bool(self._second_factor_for & roles_of_account(policy, current_user.role, current_user.staff_id))
        has_to = must and current_user.second_factor_at is None
        if not has_to or has_provider_second_factor() or request.endpoint in WITHOUT_SECOND_FACTOR:
            return None
        if not is_page or request.method not in {"GET", "HEAD"}:
            abort(
                403, "Your role logs in with a second factor: set yours up first, under your name in the page's head."
            )
        return redirect(url_for("console.second_factor"))

    def _is_logged_in(self) -> bool:
        if not current_user.is_authenticated:
            return False
        if self._age_s() < SESSION_LIFE.total_seconds() and self._logins.is_session(
            session.get(_SESSION_SECRET, ""), current_user
        ):
            return True
        logout_user()
        return False

    def _age_s(self) -> float:
        """Return how long ago whoever asks has logged in."""
        return float(self._clock.now().timestamp() - session.get(_LOGGED_IN_AT, 0))

    def _begin_session(self, _app: Flask, user: Any, **_details: Any) -> None:
        """Start with nothing of what a stranger's session held, because its token may be known to somebody else."""
        session.pop(current_app.config["WTF_CSRF_FIELD_NAME"], None)
        forget_provider()
        session.pop(LEFT_PROVIDER, None)
        now = self._clock.now()
        session[_LOGGED_IN_AT] = now.timestamp()
        session[_SESSION_SECRET] = secrets.token_urlsafe(24)
        self._logins.begin_session(session[_SESSION_SECRET], user, at=now, sweep_until=now - SESSION_LIFE)
        log.info("logged_in", staff=user.staff_id)


def ending_session(view: Callable[..., Any], logins: Logins) -> Callable[..., Any]:
    """Return the logout, ending the session for every copy of its cookie first."""

    @wraps(view)
    def end(**arguments: Any) -> Any:
        end_present_session(logins)
        was_by_provider = is_by_provider()
        answer = view(**arguments)
        session[LEFT_PROVIDER] = was_by_provider
        return answer

    return end


def end_present_session(logins: Logins) -> None:
    """End the session of whoever asks, for every copy of its cookie."""
    logins.end_session(session.get(_SESSION_SECRET, ""))


def current_member() -> StaffMember:
    """Return who asks for the present page, but only in routes guarded by STAFF."""
    member = _member_or_none()
    if member is None:
        raise AssertionError("only a route guarded by STAFF has a member")
    return member


def current_reader() -> Reader:
    """Return who asks for the present page as a reader of cases, or the machine where nobody asks for one."""
    member = _member_or_none() if has_request_context() else None
    if member is None:
        return THE_MACHINE
    policy: Policy = current_app.extensions[_POLICY]()
    return Reader(member.id, closed_to(roles_of_account(policy, current_user.role, member.id), policy.categories))


def current_permissions() -> frozenset[Permission]:
    """Return what whoever asks for the present page may do. Nothing where nobody is known to be logged in."""
    permissions: frozenset[Permission] = g.get("permissions", NOBODY)
    return permissions


def may(permission: Permission) -> bool:
    """Tell whether whoever asks for the present page may do something."""
    return permission in current_permissions()


def _may_by_name(name: str) -> bool:
    return may(Permission[name])


def _permissions(policy: Policy) -> frozenset[Permission]:
    named = policy_roles(policy, current_user.staff_id)
    return granted(current_user.role, in_policy=named, management=policy.ladder.management_roles)


def _member_or_none() -> StaffMember | None:
    if not current_user or not current_user.is_authenticated:
        return None
    member: StaffMember = current_user.as_member()
    return member


def _here() -> str:
    return request.full_path.removesuffix("?")
