"""What went wrong, in JSON that programs can read, with the code of `voicebot docs errors` where the error is ours.

Source: RFC 9457 (problem details), RFC 9110.
Knows: our errors, HTTP's. Must not know: what was asked for.
"""

from collections.abc import Mapping
from types import MappingProxyType

from flask import Response
from pydantic import Field
from werkzeug.exceptions import HTTPException

from voicebot.errors import Refused, Unavailable
from voicebot.web.api.operations import Shape
from voicebot.web.resilience.faults import log_fault
from voicebot.web.transport.refusals import AT_MOST, PROBLEM_JSON, RETRY_AFTER_S, TITLES, TOO_LONG

_STATUS_OF: Mapping[str, int] = MappingProxyType(
    {
        "case-number": 404,
        "case-unknown": 404,
        "field-closed": 403,
        "case-changed": 412,
        "field-changed": 412,
        "key-used": 422,
    }
)
"""Of all other refusals it is 409."""
_TITLES: Mapping[int, str] = MappingProxyType(
    {
        400: "The request cannot be read",
        401: "The token opens nothing",
        403: "The token's role may not ask for this",
        404: "There is no such thing",
        405: "This cannot be asked for like this",
        409: "This cannot be done",
        412: "It has changed since you read it",
        415: "The body must be JSON",
        422: "The request does not fit",
        428: "Say which version you have read",
        429: "Too many requests",
        500: "Something went wrong on our side",
        **TITLES,
    }
)


class Problem(Shape):
    """What went wrong."""

    type: str = Field("about:blank", description="Always about:blank; `code` tells errors apart.")
    title: str = Field(description="What went wrong, in a few words that stay the same.")
    status: int = Field(description="The status of HTTP.")
    detail: str | None = Field(None, description="What was found, and what would put it right.")
    code: str | None = Field(None, description="Our stable code of the error, as the page of errors lists it.")
    errors: list[str] = Field([], description="Each part of the request that does not fit, and why.")


class ApiProblem(Exception):
    """Ends a request with a problem."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        errors: tuple[str, ...] = (),
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.errors = status, code, errors
        self.headers = dict(headers)


def problem_json(error: Exception) -> Response:
    """Answer with what went wrong, and never raise."""
    return answered(as_problem(error))


def as_problem(error: Exception) -> ApiProblem:
    """Return the problem that an error is for who asked."""
    if isinstance(error, ApiProblem):
        return error
    if isinstance(error, HTTPException):
        detail = AT_MOST if error.code == TOO_LONG else ""
        allowed = {name: value for name, value in error.get_headers() if name == "Allow"}
        return ApiProblem(error.code or 500, detail, headers=allowed)
    if isinstance(error, Refused):
        return ApiProblem(_STATUS_OF.get(error.code, 409), _sentence(str(error)), code=error.code)
    log_fault(error)
    if isinstance(error, Unavailable):
        return ApiProblem(503, _sentence(str(error)), code=error.code, headers={"Retry-After": str(RETRY_AFTER_S)})
    return ApiProblem(500, "Nothing may have been done. Try again; if it stays, tell whoever runs this service.")


def answered(problem: ApiProblem) -> Response:
    """Return a problem as an answer."""
    shown = Problem(
        title=_TITLES.get(problem.status, "The request was refused"),
        status=problem.status,
        detail=str(problem) or None,
        code=problem.code,
        errors=list(problem.errors),
    )
    body = shown.model_dump_json(exclude_none=True)
    return Response(body, problem.status, problem.headers, mimetype=PROBLEM_JSON)


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}."
