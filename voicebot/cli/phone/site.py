"""Serves the phone's page and its socket, on loopback, and to nobody but that page.

Any page of the web may ask a server of this machine for something. So the name that was asked for must be loopback
(a stranger's name that leads here is refused), and the socket must be opened by our own page (its origin). Requests
are not logged at all, since nothing about a caller is to stand in a log.
Source: WHATWG WebSockets, 3.1 (Origin); Content Security Policy Level 3.
Knows: HTTP. Must not know: calls.
"""

from contextlib import suppress
from pathlib import Path
from socket import SHUT_RDWR, create_server
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request, send_from_directory
from flask_sock import Sock
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from voicebot.cli.phone.desk import Desk
from voicebot.errors import SettingFault

HOST = "127.0.0.1"
STATIC_DIR = Path(__file__).parent / "static"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""As the console's. No inline script, no inline style, nothing from another host."""
_HERE = {"127.0.0.1", "localhost", "::1"}
_CLOSING_S = 1.0
_MOST_MESSAGE_BYTES = 64 * 1024


def make_site(desk: Desk) -> Flask:
    """Return the application."""
    app = Flask(__name__, static_folder=None)
    app.config["SOCK_SERVER_OPTIONS"] = {"max_message_size": _MOST_MESSAGE_BYTES, "ping_interval": None}
    app.before_request(_refuse_strangers)
    app.after_request(_protect)
    app.add_url_rule("/", "page", lambda: send_from_directory(STATIC_DIR, "phone.html"))
    app.add_url_rule("/static/<path:name>", "static", lambda name: send_from_directory(STATIC_DIR, name))

    def line(socket: Any) -> None:
        try:
            desk.serve(socket, takes_over=request.args.get("take") == "1")
        finally:
            _end(socket)

    Sock(app).route("/line")(line)
    return app


def _end(socket: Any) -> None:
    """End the connection once the closing frame is out.

    Werkzeug writes an HTTP answer behind it otherwise, which browsers complain of (flask-sock 0.7, tried 2026-12).
    """
    socket.thread.join(_CLOSING_S)
    with suppress(OSError):
        socket.sock.shutdown(SHUT_RDWR)


def make_web_server(app: Flask, port: int) -> BaseWSGIServer:
    """Listen on loopback, where port 0 takes a free one. Raises: SettingFault when the port is taken."""
    try:
        with create_server((HOST, port)) as listener:
            taken = listener.getsockname()[1]
            return make_server(HOST, taken, app, threaded=True, request_handler=_Quiet, fd=listener.fileno())
    except OSError as problem:
        raise SettingFault(
            f"opening the phone's page: port {port} is taken on this machine; choose another with --port"
        ) from problem


def _refuse_strangers() -> None:
    origin = request.headers.get("Origin", "")
    if _name_of(f"http://{request.host}") not in _HERE or (origin and origin != f"http://{request.host}"):
        abort(403, "The phone answers its own page only: open it at the address that voicebot simulate phone shows.")
    if request.path == "/line" and not origin:
        abort(403, "The phone's socket is opened by its page.")


def _name_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _protect(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Permissions-Policy"] = "microphone=(self)"
    response.headers["Cache-Control"] = "no-store"
    return response


class _Quiet(WSGIRequestHandler):
    """Logs no request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Log nothing."""
