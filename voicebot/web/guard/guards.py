"""Who may ask for a route. It is stated at each route, refused where nothing is stated.

Knows: signatures (telephony/signature.py), where a request's raw target stands, permissions.
Must not know: what routes do, how staff log in (the console hands in its door).
"""

import hmac
import re
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from flask import Flask, Response, abort, current_app, g, request
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.telephony.addressee import Addressee, why_not_ours
from voicebot.telephony.signature import SETTINGS_HEADER, SIGNATURE_HEADER, SignatureCheck, SignedRequest
from voicebot.web.guard.refusal_log import RefusalLog

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
"""No address of ours holds such a character, and PostgreSQL takes no NUL even in a question."""

View = TypeVar("View", bound=Callable[..., Any])
NOBODY = Addressee()
METRICS_TOKEN = "VOICEBOT_METRICS_TOKEN"
"""Name in `app.config` of the token that opens METRICS routes."""
_ASK_FOR_TOKEN = {"WWW-Authenticate": "Bearer"}


class Guard(StrEnum):
    """How a route is guarded."""

    SIGNATURE = "signature"
    """Signed by the carrier, else 403."""
    SOCKET_SIGNATURE = "socket_signature"
    """The same for a socket's handshake, refused before the upgrade."""
    STATIC_UNLESS_SIGNED = "static_unless_signed"
    """The view asks `is_signed()` and answers strangers with fixed words, because a rotated token must not kill the
    line.
    """
    PUBLIC = "public"
    """Anybody. It holds no personal data and changes nothing."""
    SECRET_ADDRESS = "secret_address"
    """Whoever knows an address that nobody can guess, while the view compares it, and what it shows changes nothing."""
    METRICS = "metrics"
    """Who holds the bearer token of `VOICEBOT_METRICS_TOKEN`, and without that setting nobody, and the answer says
    so.
    """
    LOGIN = "login"
    """Anybody who sends back a token of our own page, as where staff say who they are, or leave."""
    TOKEN = "token"
    """A program with a token whose role may do what the route names (401, 403), where a cookie counts for nothing."""
    STAFF = "staff"
    """Logged in, in a role that may do what the route names (401 or a way to the login, 403), where forms carry the
    token.
    """


class StaffDoor(Protocol):
    """Knows who is logged in, which the console fulfils."""

    def refuse_forged(self) -> None:
        """Refuse a form that does not come from a page of ours. Raises: HTTPException (400)."""
        ...

    def refuse_strangers(self, needed: Permission, *, is_page: bool) -> ResponseReturnValue | None:
        """Return the way to the login for a page, None for who may pass. Raises: HTTPException (401, 403)."""
        ...


class TokenDoor(Protocol):
    """Knows which program asks, which the API fulfils."""

    def refuse_strangers(self, needed: Permission) -> None:
        """Refuse who has no right token for this. Raises: what the application answers (401, 403, 429)."""
        ...


OF_A_ROLE = frozenset({Guard.STAFF, Guard.TOKEN})
"""Guards that ask what a role may do."""


def guarded(guard: Guard, needed: Permission | None = None, *, is_page: bool = True) -> Callable[[View], View]:
    """State how a view is guarded, and for staff and programs also what somebody needs to be permitted.

    `is_page` says whether strangers are shown to the login.
    """
    if (guard in OF_A_ROLE) != (needed is not None):
        raise AssertionError("a route of staff or programs states what it needs, and no other does")

    def state(view: View) -> View:
        view.__dict__.update(guard=guard, needed=needed, is_page=is_page)
        return view

    return state


def guard_of(view: Callable[..., Any]) -> Guard | None:
    """Return what a view states, or None when it states nothing, which means that nobody may ask."""
    return getattr(view, "guard", None)


def needed_for(view: Callable[..., Any]) -> Permission | None:
    """Return what a view states that somebody needs to be permitted. None for views that ask for no role."""
    return getattr(view, "needed", None)


def is_signed() -> bool:
    """Tell a `STATIC_UNLESS_SIGNED` view whether this request is the carrier's."""
    return bool(g.is_signed)


def may_measure() -> bool:
    """Tell whether this request carries the token of METRICS routes, but where none is set, no request does."""
    token = current_app.config.get(METRICS_TOKEN, "")
    kind, _, shown = request.headers.get("Authorization", "").partition(" ")
    return bool(token) and kind.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode())


def install_guards(
    app: Flask,
    signatures: SignatureCheck,
    door: StaffDoor | None = None,
    *,
    refusals: RefusalLog | None = None,
    addressee: Addressee = NOBODY,
    tokens: TokenDoor | None = None,
) -> None:
    """Check every request before its view runs, sockets included, where without a door nobody is staff.

    Without `tokens` no program may ask.

    What the carrier signed must be for the addressee, too.
    """
    refusals = refusals or RefusalLog()

    def check() -> ResponseReturnValue | None:
        view = current_app.view_functions.get(request.endpoint or "")
        if view is None:
            return None
        if _CONTROL.search(request.path):
            abort(404)
        if guard_of(view) in {Guard.LOGIN, Guard.STAFF}:
            return _check_person(view, door)
        if guard_of(view) is Guard.TOKEN:
            _check_program(view, tokens)
            return None
        if guard_of(view) is Guard.METRICS:
            return _check_token(current_app.config.get(METRICS_TOKEN, ""))
        _check(guard_of(view), signatures, refusals)
        _check_addressee(guard_of(view), addressee, refusals)
        return None

    app.before_request(check)


def _check_token(token: str) -> ResponseReturnValue | None:
    """Return why the bearer may not pass, or None when the token is the right one."""
    if not token:
        return Response(
            "set VOICEBOT_METRICS_TOKEN to a long random word, and send it as a bearer token\n",
            403,
            mimetype="text/plain",
        )
    if may_measure():
        return None
    why_not = "the bearer token is not the one in VOICEBOT_METRICS_TOKEN\n"
    return Response(why_not, 401, _ASK_FOR_TOKEN, mimetype="text/plain")


def _check_person(view: Any, door: StaffDoor | None) -> ResponseReturnValue | None:
    """Ask who it is before asking for the token, because whose session ran out is told so, not that a form was
    forged.
    """
    if door is None:
        abort(403)
    if guard_of(view) is Guard.STAFF:
        answer = door.refuse_strangers(view.needed, is_page=view.is_page)
        if answer is not None:
            return answer
    door.refuse_forged()
    return None


def _check_program(view: Any, tokens: TokenDoor | None) -> None:
    if tokens is None:
        abort(403)
    tokens.refuse_strangers(view.needed)


def _check(guard: Guard | None, signatures: SignatureCheck, refusals: RefusalLog) -> None:
    if guard in {Guard.PUBLIC, Guard.SECRET_ADDRESS}:
        return
    if guard is None:
        abort(403)
    is_socket = guard is Guard.SOCKET_SIGNATURE
    signed = _signed_request()
    g.is_signed = signatures.is_socket_signed(signed) if is_socket else signatures.is_webhook_signed(signed)
    if not g.is_signed:
        _refuse(guard, refusals)


def _check_addressee(guard: Guard | None, addressee: Addressee, refusals: RefusalLog) -> None:
    """Refuse what was signed for another account or number, as if nobody had signed it."""
    if not g.get("is_signed", False):
        return
    field = why_not_ours(request.form, addressee)
    if not field:
        return
    g.is_signed = False
    refusals.note_stray(request.url_rule.rule if request.url_rule else "", field)
    if guard is not Guard.STATIC_UNLESS_SIGNED:
        abort(403)


def _refuse(guard: Guard, refusals: RefusalLog) -> None:
    route = request.url_rule.rule if request.url_rule else ""
    refusals.note(route)
    if guard is not Guard.STATIC_UNLESS_SIGNED:
        abort(403)


def _signed_request() -> SignedRequest:
    return SignedRequest(
        target=_raw_target(),
        form=request.form,
        signature=request.headers.get(SIGNATURE_HEADER, ""),
        settings=request.headers.get(SETTINGS_HEADER, ""),
    )


def _raw_target() -> str:
    """Return path and query as they came, because Flask's own are decoded and would no longer match the signature."""
    environ = request.environ
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path
    return str(raw)
