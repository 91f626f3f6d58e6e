"""The way back from a case to the list that somebody came from, with its filter, its page and their place.

The address of the list goes along in the address of the case, and of every form on it. So it works without a script,
in each tab for itself, and after a form was sent. A place in the list is the case's own row.
Knows: addresses of the console. Must not know: lists, cases.
"""

from flask import Blueprint, has_request_context, request, url_for

BACK = "back"
LONGEST = 500
"""Characters of an address that are carried along. None of ours is longer."""

_NOT_CARRIED = frozenset({"console.audio", "console.original_audio", "console.picture"})
"""A voice is asked for in many stretches, and its address is to stay the same."""


def carry_way_back(console: Blueprint) -> None:
    """Let each address of a case carry the way back of the request under way."""

    def carry(endpoint: str, values: dict[str, object]) -> None:
        if "case" in values and endpoint not in _NOT_CARRIED and has_request_context() and came_from():
            values.setdefault(BACK, came_from())

    console.url_defaults(carry)
    console.app_context_processor(lambda: {"here": here, "way_back": way_back, "came_from": came_from})


def here() -> str:
    """Return the address of the page that is being made, for its links to cases."""
    return request.full_path.rstrip("?")[:LONGEST]


def came_from() -> str:
    """Return the list that somebody came from, empty where none is known. Only pages of ours are."""
    asked = request.args.get(BACK, "")
    is_ours = asked.startswith("/console/") and asked.isprintable() and "\\" not in asked and "#" not in asked
    return asked if is_ours and len(asked) <= LONGEST else ""


def way_back(case: str) -> str:
    """Return the address that leads back to the row of a case, or to the first screen."""
    return f"{came_from() or url_for('console.today')}#case-{case}"
