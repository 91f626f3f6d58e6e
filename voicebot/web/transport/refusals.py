"""What is answered where a request is refused before the application sees it.

A program that asks the API reads problems in JSON and nothing else, so it gets one here, too, in the words that the API
itself has for them (api/problems.py). Everybody else gets a word in plain text.
Source: RFC 9457 (problem details); RFC 9112 (the answer).
Knows: paths, bytes. Must not know: sockets, routes, why it is refused.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from voicebot.web.transport.budgets import is_api_path
from voicebot.web.transport.request_reader import MAX_BODY_BYTES

PROBLEM_JSON = "application/problem+json"
RETRY_AFTER_S = 10
TOO_LONG = 413
NO_ROOM = 503
TITLES: Mapping[int, str] = MappingProxyType({TOO_LONG: "The request is too long", NO_ROOM: "This cannot be done now"})
AT_MOST = f"At most {MAX_BODY_BYTES // 1024} kB are read."
_DETAILS: Mapping[int, str] = MappingProxyType(
    {TOO_LONG: AT_MOST, NO_ROOM: f"Too much is asked at once. Ask again in {RETRY_AFTER_S} seconds."}
)
_PHRASES: Mapping[int, str] = MappingProxyType({TOO_LONG: "Content Too Large", NO_ROOM: "Service Unavailable"})


def refusal(status: int, target: str) -> bytes:
    """Return the whole answer to who asked for `target` (path and query, empty when nobody knows), and is cut off."""
    if is_api_path(target):
        headers, body = _for_programs(status)
    else:
        headers, body = {"Content-Type": "text/plain"}, f"{_PHRASES[status]}\n"
    headers |= {"Connection": "close", "Content-Length": str(len(body))}
    lines = [f"HTTP/1.1 {status} {_PHRASES[status]}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _for_programs(status: int) -> tuple[dict[str, str], str]:
    headers = {"Content-Type": PROBLEM_JSON, "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status == NO_ROOM:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    problem = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": _DETAILS[status]}
    return headers, json.dumps(problem)
