"""Slows down whoever guesses passwords, and keeps the guessing from taking the machine away from callers.

Only wrong tries count: per address, per e-mail (known or not, so that nothing is told), and all together. Checking a
password is made to be dear, so one is checked at a time and few may wait: a flood of logins holds neither the
processor nor the threads that carry calls.
With `memory://` counts are this process's own; several machines share them by `VOICEBOT_LIMITER_STORAGE`.
Source: OWASP Authentication Cheat Sheet; NIST SP 800-63B 3.2.2 (at most 100 wrong tries on end).
Knows: requests' addresses, the e-mail field. Must not know: who has an account.
"""

import hashlib
import threading
from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address, ip_network
from time import time  # noqa: TID251  the limiter's own clock
from typing import Any

from flask import Flask, Response, abort, current_app, request
from flask_limiter import Limiter
from flask_login import current_user
from limits.errors import ConfigurationError

from voicebot.domain.staff import normal_email
from voicebot.errors import SettingFault

PER_ADDRESS = "30 per 15 minutes"
PER_EMAIL = "8 per 15 minutes"
ALL_TOGETHER = "120 per minute"

WAITING_PLACES = 8
"""Threads that logins may hold at once; the web process keeps more than that beyond its calls."""
PATIENCE_S = 5.0
"""How long a login waits for its turn."""

BUSY = "Many people are logging in at this moment. Try again in a few seconds."

View = Callable[..., Any]


class LoginLimits:
    """Wraps the views that check a password."""

    def __init__(self, storage: str) -> None:
        self._limiter = Limiter(
            key_func=address_key, storage_uri=storage, in_memory_fallback_enabled=not storage.startswith("memory:")
        )
        self._places = threading.BoundedSemaphore(WAITING_PLACES)
        self._turn = threading.Lock()

    def install(self, app: Flask) -> None:
        """Count for this application. Raises: SettingFault when the store of counts cannot be used."""
        try:
            self._limiter.init_app(app)
        except (ConfigurationError, ValueError) as problem:
            raise SettingFault(
                "starting the console: VOICEBOT_LIMITER_STORAGE names no store that this installation can use; take "
                "memory://, or install the client of the store that you name (redis://: `make install-redis`)"
            ) from problem

    def slow_down(self, view: View) -> View:
        """Return the view with its wrong tries counted, and one password checked at a time."""
        limited = self._one_at_a_time(view)
        for limit, key in ((ALL_TOGETHER, lambda: "all"), (PER_ADDRESS, address_key), (PER_EMAIL, person_key)):
            limited = self._limiter.limit(limit, key_func=key, methods=["POST"], deduct_when=_was_wrong)(limited)
        return limited

    def _one_at_a_time(self, view: View) -> View:
        @wraps(view)
        def wait_then_view(**arguments: Any) -> Any:
            if request.method != "POST":
                return view(**arguments)
            if not self._places.acquire(blocking=False):
                abort(503, BUSY)
            try:
                return self._in_turn(view, arguments)
            finally:
                self._places.release()

        return wait_then_view

    def _in_turn(self, view: View, arguments: dict[str, Any]) -> Any:
        if not self._turn.acquire(timeout=PATIENCE_S):
            abort(503, BUSY)
        try:
            return view(**arguments)
        finally:
            self._turn.release()


def wait_s() -> int:
    """Return after how many seconds the limit that refused this request lets another try pass; at least one."""
    (limiter,) = current_app.extensions["limiter"]
    breached = limiter.current_limit
    return 60 if breached is None else max(1, int(breached.reset_at - time()))


def address_key() -> str:
    """Return what stands for an address: for IPv6 its network, since a household has a whole one."""
    written = request.remote_addr or ""
    try:
        address = ip_address(written)
    except ValueError:
        return "address:unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return f"address:{ip_network((address, 64), strict=False)}"
    return f"address:{address}"


def person_key() -> str:
    """Return what stands for whom a password is tried, without the e-mail itself: the store may be shared."""
    tried = normal_email(request.form.get("email", "")) or (current_user.get_id() if current_user else None)
    return f"person:{hashlib.sha256((tried or '').encode()).hexdigest()[:32]}"


def _was_wrong(response: Response) -> bool:
    """Tell a form shown again from one that was taken (a redirect) or never looked at (a refusal)."""
    return response.status_code == 200
