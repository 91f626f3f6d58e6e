"""Who may ask for a route: stated at each route, refused where nothing is stated.

Knows: signatures (telephony/signature.py), where a request's raw target stands. Must not know: what routes do.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

import structlog
from flask import Flask, Response, abort, current_app, g, request

from voicebot.telephony.signature import SETTINGS_HEADER, SIGNATURE_HEADER, SignatureCheck, SignedRequest
from voicebot.web.counters import BAD_SIGNATURES

View = TypeVar("View", bound=Callable[..., Any])
log = structlog.get_logger(__name__)


class Guard(StrEnum):
    """How a route is guarded."""

    SIGNATURE = "signature"
    """Signed by the carrier, else 403."""
    SOCKET_SIGNATURE = "socket_signature"
    """The same for a socket's handshake, refused before the upgrade."""
    STATIC_UNLESS_SIGNED = "static_unless_signed"
    """The view asks `is_signed()` and answers strangers with fixed words: a rotated token must not kill the line."""
    PUBLIC = "public"
    """Anybody: holds no personal data and changes nothing."""


def guarded(guard: Guard) -> Callable[[View], View]:
    """State how a view is guarded."""

    def state(view: View) -> View:
        view.__dict__["guard"] = guard
        return view

    return state


def guard_of(view: Callable[..., Any]) -> Guard | None:
    """Return what a view states; None when it states nothing, which means that nobody may ask."""
    return getattr(view, "guard", None)


def is_signed() -> bool:
    """Tell a `STATIC_UNLESS_SIGNED` view whether this request is the carrier's."""
    return bool(g.is_signed)


def install_guards(app: Flask, signatures: SignatureCheck) -> None:
    """Check every request before its view runs, sockets included."""

    def check() -> Response | None:
        view = current_app.view_functions.get(request.endpoint or "")
        if view is not None:
            _check(guard_of(view), signatures)
        return None

    app.before_request(check)


def _check(guard: Guard | None, signatures: SignatureCheck) -> None:
    if guard is Guard.PUBLIC:
        return
    if guard is None:
        abort(403)
    is_socket = guard is Guard.SOCKET_SIGNATURE
    signed = _signed_request()
    g.is_signed = signatures.is_socket_signed(signed) if is_socket else signatures.is_webhook_signed(signed)
    if not g.is_signed:
        _refuse(guard)


def _refuse(guard: Guard) -> None:
    route = request.url_rule.rule if request.url_rule else ""
    BAD_SIGNATURES.labels(route).inc()
    log.warning("bad_signature", route=route)
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
    """Return path and query as they came: Flask's own are decoded and would no longer match the signature."""
    environ = request.environ
    raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or request.full_path
    return str(raw)
