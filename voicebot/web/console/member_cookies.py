"""Tells by a request's cookies alone whether somebody of staff sends it, so that strangers share no threads with them.

Two cookies of ours prove it. They are the session of who has logged in, and the mark of a browser in which somebody has
(so a login from there passes those of strangers). Both are signed, so nobody makes one up. Neither opens anything,
because the guard of each route asks the database whether that session still goes on. Asked by the one thread that reads
for all, it takes 0.1 ms.
Source: flask.sessions.SecureCookieSessionInterface; Flask-Login keeps who is logged in under `_user_id`.
Knows: signed cookies. Must not know: accounts, budgets.
"""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature
from werkzeug.http import parse_cookie

from voicebot.web.console.door import SESSION_LIFE
from voicebot.web.console.known_devices import KnownDevices

MEMBER_COOKIES = "voicebot.member_cookies"
"""Where the application keeps its `MemberCookies`."""
_USER = "_user_id"


class MemberCookies:
    """Reads cookies as they stand in a request."""

    def __init__(self, app: Flask, devices: KnownDevices) -> None:
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        if serializer is None:
            raise AssertionError("sessions are signed (security.py)")
        self._sessions = serializer
        self._session_name = str(app.config["SESSION_COOKIE_NAME"])
        self._devices = devices

    def are_members(self, header: str) -> bool:
        """Tell whether the header `Cookie` has the session of a member of staff, or a browser's mark."""
        try:
            cookies = parse_cookie(header)
        except UnicodeDecodeError:  # the library takes it for UTF-8, and a stranger may send any byte
            return False
        return self._is_session(cookies.get(self._session_name, "")) or self._devices.is_mark(
            cookies.get(self._devices.cookie_name, "")
        )

    def _is_session(self, written: str) -> bool:
        try:
            session = self._sessions.loads(written, max_age=int(SESSION_LIFE.total_seconds()))
        except BadSignature:
            return False
        return isinstance(session, dict) and _USER in session
