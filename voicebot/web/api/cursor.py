"""Where a list goes on, as a text that nobody has to understand.

It holds when the last one that was read began, and its id, and nothing that is secret.
Knows: that pair. Must not know: lists.
"""

import base64
import binascii
from datetime import UTC, datetime

from voicebot.web.api.problems import ApiProblem

Place = tuple[datetime, str]


def cursor_of(place: Place) -> str:
    """Return the text of a place.

    >>> place_of(cursor_of((datetime(2026, 3, 2, 10, tzinfo=UTC), "a1")))[1]
    'a1'
    """
    at, last = place
    return base64.urlsafe_b64encode(f"{at.astimezone(UTC).isoformat()} {last}".encode()).decode().rstrip("=")


def place_of(cursor: str) -> Place:
    """Return the place of a text. Raises: ApiProblem (422) when it is none of ours."""
    try:
        read = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        at, _, last = read.partition(" ")
        began_at = datetime.fromisoformat(at).astimezone(UTC)
    except (ValueError, OverflowError, binascii.Error) as problem:
        raise ApiProblem(
            422, "Take `next` as the last answer gave it.", errors=("cursor: is none of ours",)
        ) from problem
    if not (last.isalnum() and at.endswith("+00:00")):
        raise ApiProblem(422, "Take `next` as the last answer gave it.", errors=("cursor: is none of ours",))
    return began_at, last
