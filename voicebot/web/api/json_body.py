"""Reads a body as JSON, and refuses what two readers could take for two things.

A name that stands twice in one object is refused with that name, since some readers take the first value and some the
last. The text is UTF-8 and nothing else, and numbers are those of JSON.
Source: RFC 8259, 4 (names), 6 (numbers), 8.1 (UTF-8); RFC 7493 (I-JSON).
Knows: JSON. Must not know: what is asked for.
"""

import json
from typing import Any, NoReturn

from voicebot.domain.visible import visible
from voicebot.web.api.problems import ApiProblem

LONGEST_NAME = 60
"""Characters of a name that are told."""
UTF_8 = frozenset({"utf-8", "utf8"})


class _Twice(Exception):
    """A name stands twice in one object."""


def read_object(body: bytes, *, charset: str = "utf-8") -> dict[str, Any]:
    """Return an object. Raises: ApiProblem (400 what cannot be read, 415 another charset, 422 what is no object)."""
    if charset.lower() not in UTF_8:
        raise ApiProblem(415, "Send JSON in UTF-8, without another charset in Content-Type.")
    try:
        read = json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse_constant)
    except RecursionError:
        raise ApiProblem(
            400, "The body is nested far deeper than anything that is described at openapi.json."
        ) from None
    except UnicodeDecodeError:
        raise ApiProblem(400, "The body is not UTF-8.") from None
    except _Twice as twice:
        name = visible(str(twice)[:LONGEST_NAME].encode(errors="replace").decode())
        raise ApiProblem(422, "Send each name once.", code="name-twice", errors=(f"{name}: stands twice",)) from None
    except ValueError as problem:
        raise ApiProblem(400, f"The body is no JSON: {_where(problem)}.") from None
    if not isinstance(read, dict):
        raise ApiProblem(422, "Send an object of JSON.", errors=("body: is no object",))
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _where(problem: ValueError) -> str:
    """Return what is wrong, and where, without a word of what was sent."""
    if isinstance(problem, json.JSONDecodeError):
        return f"{problem.msg.lower()}, line {problem.lineno}, column {problem.colno}"
    return "a number in it is none of JSON, or has too many digits"
