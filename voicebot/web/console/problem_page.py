"""What goes wrong in the console, as a page that says what happened and what to do.

Words that could not be kept are given back, as on case_forms.py's pages.
A fault of ours is logged by kind and place only (web/resilience/faults.py) and the page says nothing of it.
Knows: our errors, HTTP's. Must not know: which page was asked for.
"""

import re
from dataclasses import dataclass

from flask import Response, render_template, request
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from voicebot.errors import Refused, Unavailable
from voicebot.web.console.login_limits import wait_s
from voicebot.web.counters import LOGINS
from voicebot.web.resilience.faults import log_fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """What is told to the person."""

    status: int
    title: str
    cure: str
    retry_after_s: int | None = None


_OF_STATUS = {
    401: ("You are not logged in", "Your session has ended. Log in, then do it again."),
    403: ("This is not for you", "Ask a colleague with another role to do it."),
    404: ("There is no such page", "Go to the list of cases and look for it there."),
    405: ("This cannot be asked for like this", "Go to the list of cases and start from there."),
    413: ("That is too long", "Shorten what you wrote and send it again."),
    415: ("This form is not ours", "Go back, reload the page and send it again."),
}
_ON_A_CASE = re.compile(r"(/console/cases/\d[\d-]*)/")
_FORGED = ("This page was too old", "Nothing was changed. Go back, reload the page and send it again.")
_FAULT = (
    "Something went wrong on our side",
    "Nothing of your entry may have been kept. Try again; if it stays, tell "
    "whoever runs this service, with the time it happened.",
)


def problem_page(error: Exception) -> Response:
    """Answer with a page, and never raise, also when the page itself cannot be made."""
    problem = _problem(error)
    try:
        body = render_template("console/problem.html", problem=problem, typed=_typed(), case=_case_page())
    except Exception as fault:  # noqa: BLE001  the database that failed the page may fail its frame
        log_fault(fault)
        response = Response(f"{problem.title}. {problem.cure}\n", mimetype="text/plain")
    else:
        response = Response(body, mimetype="text/html")
    response.status_code = problem.status
    if problem.retry_after_s is not None:
        response.headers["Retry-After"] = str(problem.retry_after_s)
    return response


def _typed() -> str:
    """Return what was written on a page of ours, while of a form that another site sent nothing is shown.

    Source: Fetch Metadata Request Headers (W3C): `Sec-Fetch-Site` is the browser's own word.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") != "same-origin":
        return ""
    try:
        return (request.form.get("reason") or request.form.get("text") or "").strip()
    except HTTPException:  # too long to be read
        return ""


def _case_page() -> str | None:
    """Return the page of the case on which a form was sent, to lead back there."""
    found = _ON_A_CASE.match(request.path)
    return found[1] if request.method == "POST" and found is not None else None


def _problem(error: Exception) -> Problem:
    if isinstance(error, RateLimitExceeded):
        LOGINS.labels("refused", "new").inc()
        return _too_many(wait_s())
    if isinstance(error, CSRFError):
        return Problem(status=400, title=_FORGED[0], cure=_FORGED[1])
    if isinstance(error, HTTPException):
        return _of_http(error)
    log_fault(error)
    if isinstance(error, Refused):
        return Problem(status=409, title="This cannot be done", cure=_sentence(str(error)))
    if isinstance(error, Unavailable):
        return Problem(status=503, title="This cannot be done now", cure=_sentence(str(error)), retry_after_s=10)
    return Problem(status=500, title=_FAULT[0], cure=_FAULT[1])


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    title, cure = _OF_STATUS.get(status, (error.name, "Go to the list of cases and start from there."))
    is_ours = status in {403, 503} and error.description != type(error).description
    return Problem(status=status, title=title, cure=str(error.description) if is_ours else cure)


def _too_many(wait: int) -> Problem:
    minutes = -(-wait // 60)
    when = "in a minute" if minutes <= 1 else f"in {minutes} minutes"
    return Problem(
        status=429,
        title="Too many wrong tries",
        cure=f"Try again {when}. If you have forgotten the password, the administrator can give you a new one.",
        retry_after_s=wait,
    )


def _sentence(message: str) -> str:
    return f"{message[0].upper()}{message[1:]}."
