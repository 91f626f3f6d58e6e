"""Who is refused before the application sees the request is told so in the form that they read."""

import json

import pytest

from voicebot.web.api.problems import Problem
from voicebot.web.transport.refusals import NO_ROOM, TOO_LONG, refusal


def parts(answer: bytes) -> tuple[str, dict[str, str], str]:
    """Return status line, headers and body."""
    head, _, body = answer.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    return first, dict(line.split(": ", 1) for line in lines), body


@pytest.mark.parametrize(
    ("status", "phrase", "cure", "wait"),
    [(TOO_LONG, "Content Too Large", "256 kB", None), (NO_ROOM, "Service Unavailable", "Ask again in 10", "10")],
)
def test_a_program_gets_a_problem_as_the_api_has_it_and_anybody_else_a_word(
    status: int, phrase: str, cure: str, wait: str | None
) -> None:
    """A program that reads JSON alone failed on the text, and never told anybody why."""
    first, headers, body = parts(refusal(status, "/api/v1/cases/482-719-300/notes?a=b"))
    assert first == f"HTTP/1.1 {status} {phrase}"
    assert (headers["Content-Type"], headers["Content-Length"]) == ("application/problem+json", str(len(body)))
    assert (headers["Cache-Control"], headers.get("Retry-After")) == ("no-store", wait)
    problem = Problem.model_validate(json.loads(body))
    assert (problem.status, cure in str(problem.detail)) == (status, True)
    for target in ("/console/cases", "/apiary", ""):
        first, headers, body = parts(refusal(status, target))
        assert (first, headers["Content-Type"], body) == (f"HTTP/1.1 {status} {phrase}", "text/plain", f"{phrase}\n")
