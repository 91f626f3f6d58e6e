"""The web application with an empty Flask route beside it, so that both are asked on one server in one run.

The route is a bare application of its own, so what it takes is what Flask, gunicorn and the machine take. It lies below
the carrier's addresses and is asked with a signature, so that it shares the threads of the webhooks.
Knows: WSGI, the web application by name (roofs do not import one another). Must not know: what is measured.
"""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

from flask import Flask, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

EMPTY_PATH = "/twilio/empty"
SERVED = "voicebot.web.server"


def application() -> Flask:
    """Build what is served, with the empty route. Raises: VoicebotError as the web process does."""
    app: Flask = import_module(SERVED).application()
    app.wsgi_app = Beside(app.wsgi_app, empty_app())  # type: ignore[method-assign]
    return app


def empty_app() -> Flask:
    """Return a Flask application whose one route answers nothing."""
    app = Flask("empty", static_folder=None)
    app.add_url_rule(EMPTY_PATH, "empty", lambda: Response(), methods=["POST"])
    return app


class Beside:
    """Two applications on one server."""

    def __init__(self, ours: "WSGIApplication", empty: "WSGIApplication") -> None:
        self._ours = ours
        self._empty = empty

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer by the one that the address names."""
        chosen = self._empty if environ.get("PATH_INFO") == EMPTY_PATH else self._ours
        return chosen(environ, start_response)
