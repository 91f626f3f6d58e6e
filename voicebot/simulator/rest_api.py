"""The carrier's REST API over HTTP on loopback, with basic auth, errors in Twilio's shape, and troubles on demand.

Source: Twilio, api v2010 (its OpenAPI holds the shapes; tests put a validating proxy in front), usage/twilios-response.
Knows: Flask, the ledger. Must not know: the hotline.
"""

import threading
import time

from flask import Flask, Response, g, jsonify, request
from werkzeug.serving import WSGIRequestHandler, make_server

from voicebot.simulator import (
    rest_account,
    rest_calls,
    rest_media,
    rest_messages,
    rest_numbers,
    rest_recordings,
    rest_services,
)
from voicebot.simulator.ledger import Trouble
from voicebot.simulator.rest_answers import ApiError, Switchboard


class _QuietHandler(WSGIRequestHandler):
    """Logs nothing, because request paths carry phone numbers. Its clock may be ahead of this machine's."""

    ahead_s = 0.0

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return the `Date` of an answer."""
        return super().date_time_string((time.time() if timestamp is None else timestamp) + self.ahead_s)

    def log(self, type: str, message: str, *args: object) -> None:
        """Drop the line."""


class ApiServer:
    """The API on its own threads."""

    def __init__(self, carrier: Switchboard, port: int) -> None:
        app = make_api(carrier)
        handler = type("Handler", (_QuietHandler,), {"ahead_s": carrier.options.clock_ahead_s})
        self._server = make_server("127.0.0.1", port, app, threaded=True, request_handler=handler)
        self._server.daemon_threads = True  # type: ignore[attr-defined]
        self._server.block_on_close = False  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="carrier-api", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._thread.join(5.0)
        self._server.server_close()


def make_api(carrier: Switchboard) -> Flask:
    """Return the API as a WSGI application."""
    app = Flask("pretend-carrier")
    app.before_request(lambda: _admit(carrier))
    app.after_request(lambda response: _end_in_trouble(carrier, response))
    app.register_error_handler(ApiError, _refuse)
    app.register_error_handler(404, lambda _: _refuse(ApiError(404, 20404, "The requested resource was not found")))
    for part in (rest_account, rest_messages, rest_media, rest_calls, rest_recordings, rest_numbers, rest_services):
        part.add_routes(app, carrier)
    return app


def _admit(carrier: Switchboard) -> Response | None:
    user = request.authorization
    name, password = (user.username or "", user.password or "") if user else ("", "")
    if not name or carrier.credentials.get(name) != password:
        return _refuse(ApiError(401, 20003, "Authenticate"))
    # The newer resources do not name the account in their path.
    if (request.view_args or {}).get("account", carrier.ledger.account_sid) != carrier.ledger.account_sid:
        return _refuse(ApiError(404, 20404, "The requested resource was not found"))
    trouble = g.trouble = carrier.ledger.next_trouble()
    if trouble is Trouble.BUSY:
        return _refuse(ApiError(429, 20429, "Too Many Requests"))
    if trouble is Trouble.SERVER_ERROR:
        return _refuse(ApiError(500, 20500, "An internal server error has occurred"))
    if trouble is Trouble.HANG:
        time.sleep(carrier.ledger.hang_s)
        return _refuse(ApiError(503, 20503, "Service unavailable"))
    return None


def _end_in_trouble(carrier: Switchboard, response: Response) -> Response:
    trouble = g.get("trouble")
    if trouble is Trouble.SERVER_ERROR_AFTER_ACTION:
        return _refuse(ApiError(500, 20500, "An internal server error has occurred"))
    if trouble is Trouble.HANG_AFTER_ACTION:
        time.sleep(carrier.ledger.hang_s)
    return response


def _refuse(error: ApiError) -> Response:
    response = jsonify(
        code=error.code,
        message=error.message,
        more_info=f"https://www.twilio.com/docs/errors/{error.code}",
        status=error.status,
    )
    response.status_code = error.status
    return response
