"""Hangs what other programs may ask into the application, under `/api/v1`.

Routes are there from the start, with their guards. What checks and describes requests is loaded when the first one
comes, so that a web process for callers alone starts as fast as before.
Knows: every part of this package. Must not know: what cases are.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask.typing import ResponseReturnValue

from voicebot.domain.permission import Permission
from voicebot.service.hotline import Hotline
from voicebot.service.staff.readers import seen_by_token
from voicebot.web.api.door import ApiDoor, asking_token
from voicebot.web.api.operations import Operation
from voicebot.web.api.reading import reading_operations
from voicebot.web.api.writing import writing_operations
from voicebot.web.guard.guards import Guard, guarded
from voicebot.web.transport.budgets import is_api_path

PREFIX = "/api/v1"


def install_api(app: Flask, hotline: Hotline, door: ApiDoor) -> None:
    """Add the routes, each with its guard."""
    # Nobody gets by a token that they made at what they may not see themselves.
    own = seen_by_token(hotline, asking_token)
    operations = (*reading_operations(own, app), *writing_operations(own))
    document = LazyDocument(operations)
    api = Blueprint("api", __name__, url_prefix=PREFIX)
    for operation in operations:
        view = guarded(Guard.TOKEN, operation.needed)(document.view(operation))
        api.add_url_rule(operation.rule, operation.name, view, methods=[operation.method])
    api.add_url_rule("/openapi.json", "document", guarded(Guard.TOKEN, Permission.READ_CASES)(document.show))
    app.register_blueprint(api)
    app.after_request(_protect)
    app.after_request(door.say_limits)


class LazyDocument:
    """What checks requests, made when the first one comes."""

    def __init__(self, operations: tuple[Operation, ...]) -> None:
        self._operations = operations
        self._made: Any = None

    def view(self, operation: Operation) -> Callable[..., ResponseReturnValue]:
        """Return the view of an operation, whose request is checked first."""

        def ask(**path: str) -> ResponseReturnValue:
            answer: ResponseReturnValue = self._document().answer(operation, **path)
            return answer

        ask.__doc__ = operation.view.__doc__
        return ask

    def show(self) -> ResponseReturnValue:
        """Send the description. It needs a token as all else does, so that strangers learn nothing of who runs what."""
        answer: ResponseReturnValue = self._document().described()
        return answer

    def _document(self) -> Any:
        if self._made is None:
            self._made = import_module("voicebot.web.api.document").ApiDocument(self._operations)
        return self._made


def _protect(response: Response) -> Response:
    """Let nobody on the way keep an answer, and no browser take it for a page."""
    if is_api_path(request.path):
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response
