"""Checks each request by the shape that its view takes, and describes all of them in OpenAPI.

spectree reads both from the views' annotations. What it cannot say is added here: that what goes wrong comes as
`application/problem+json`, headers, and who may ask.
Knows: operations, spectree. Must not know: what a case is. It is loaded when the first program asks (site.py).
Source: OpenAPI 3.1.
"""

from collections.abc import Callable
from copy import deepcopy
from functools import wraps
from typing import Any

from flask import Response, current_app, jsonify, make_response, request, stream_with_context
from flask.typing import ResponseReturnValue
from spectree import Response as Answers
from spectree import SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from voicebot.domain.permission import who_may
from voicebot.web.api.json_body import read_object
from voicebot.web.api.message_shapes import described_webhooks, message_shapes
from voicebot.web.api.operations import Operation
from voicebot.web.api.problems import ApiProblem, Problem
from voicebot.web.transport.refusals import PROBLEM_JSON

CSV = "text/csv; charset=utf-8"
OF_EVERY_ONE = (401, 403, 422, 429, 503)
DESCRIPTION = (
    "Cases and calls of the hotline for other programs. Instants are RFC 3339 in UTC. A list goes on at `next`; what "
    "comes meanwhile stands at its end."
)
_HEADERS = {
    "RateLimit": "How much the token may still ask for, and in how many seconds all of it again.",
    "RateLimit-Policy": "How much a token may ask for.",
}
_TEXT = {"type": "string"}


class ApiDocument:
    """Every operation, with its request checked."""

    def __init__(self, operations: tuple[Operation, ...]) -> None:
        how = "voicebot tokens create NAME --role ROLE"
        token = SecuritySchemeData(type=SecureType.HTTP, scheme="bearer", description=how)
        self._spec: Any = SpecTree(
            "flask",
            mode="strict",
            title="voicebot",
            version="1",
            description=DESCRIPTION,
            page_templates={},
            before=_refuse_misfits,
            validation_error_model=Problem,
            naming_strategy=lambda shape: shape.__name__,
            nested_naming_strategy=lambda _parent, child: child,
            security_schemes=[SecurityScheme(name="token", data=token)],
            security={"token": []},
        )
        self._operations = {operation.name: operation for operation in operations}
        self._views = {operation.name: self._checked(operation) for operation in operations}

    def answer(self, operation: Operation, **path: str) -> ResponseReturnValue:
        """Check the request, and answer it."""
        if operation.has_body:
            _refuse_unread()
        answer: Response = make_response(self._views[operation.name](**path))
        if operation.is_versioned:
            answer.add_etag()
            answer.make_conditional(request)
        return answer

    def described(self) -> Response:
        """Return the description."""
        return jsonify(self.described_data())

    def described_data(self) -> dict[str, Any]:
        """Return the description as data, in which nothing depends on the machine."""
        # A copy, since spectree keeps its own for whoever asks next.
        described: dict[str, Any] = deepcopy(self._spec.spec)
        for path in described["paths"].values():
            for method in path.values():
                self._complete(method)
        described["webhooks"] = described_webhooks()
        described["components"]["schemas"] |= message_shapes()
        described["components"]["headers"] = {name: _header(what) for name, what in _HEADERS.items()}
        return described

    def _checked(self, operation: Operation) -> Callable[..., Any]:
        refusals = {f"HTTP_{status}": Problem for status in (*OF_EVERY_ONE, *operation.refusals)}
        answers = Answers(**{f"HTTP_{operation.status}": operation.answer}, **refusals)

        @wraps(operation.view)
        def with_status(**path: Any) -> tuple[Any, int, dict[str, str]]:
            answer = operation.view(**path)
            if operation.answer is None:
                # While it streams it is still this token that reads, which may not see all cases.
                return stream_with_context(answer), operation.status, {"Content-Type": CSV}
            return answer, operation.status, {}

        view: Callable[..., Any] = self._spec.validate(
            resp=answers,
            tags=[operation.tag],
            operation_id=operation.name,
            path_parameter_descriptions={"case": "The case number, with or without hyphens."},
        )(with_status)
        # By this spectree knows the route again, which was registered before it was loaded.
        current_app.view_functions[f"api.{operation.name}"].__dict__["__wrapped__"] = view
        return view

    def _complete(self, described: dict[str, Any]) -> None:
        operation = self._operations[described["operationId"]]
        described["description"] = f"Takes a token of {who_may(operation.needed)}."
        for status, answer in described["responses"].items():
            if int(status) >= 400:
                answer["content"] = {PROBLEM_JSON: answer["content"].pop("application/json")}
            if int(status) not in (401, 503):
                answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in _HEADERS}
        if operation.answer is None:
            described["responses"]["200"]["content"] = {CSV.partition(";")[0]: {"schema": _TEXT}}
        if operation.is_versioned:
            described["responses"]["200"]["headers"]["ETag"] = _header("The version of what was read.")
            described["responses"]["304"] = {"description": "It is as it was in the version that If-None-Match names."}
            described["parameters"].append(_asked("If-None-Match", "The version that is known already."))
        if operation.method == "POST":
            described["parameters"].append(_asked("Idempotency-Key", "Sent again under the same key, it is done once."))
            what = "The ETag of the case as it was read."
            described["parameters"].append(_asked("If-Match", what, is_required=operation.must_match))


def _asked(name: str, what: str, *, is_required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": is_required, "description": what, "schema": _TEXT}


def _header(what: str) -> dict[str, Any]:
    return {"description": what, "schema": _TEXT}


def _refuse_unread() -> None:
    """Refuse a body that is no JSON object, which spectree would take for an empty one, or one of two readings."""
    if request.mimetype != "application/json":
        raise ApiProblem(415, "Send JSON, with Content-Type: application/json.")
    read_object(request.get_data(), charset=request.mimetype_params.get("charset", "utf-8"))


def _refuse_misfits(_request: Any, _answer: Any, error: Any, _instance: Any, adapter: Any) -> None:
    if error is not None:
        faults = tuple(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in adapter.validation_errors(error))
        raise ApiProblem(422, "Compare the request with the description at openapi.json.", errors=faults)
