"""Words of strangers on a terminal. What would move the cursor, hide text or turn a line around is made visible.

A caller's words come from a recogniser, but a text message, a staff note or a carrier's field is whatever somebody
sent, and a terminal obeys the control characters in it, rich the square brackets.
What that is says domain/visible.py.
Knows: characters. Must not know: what is shown.
"""

import json
import re
from datetime import datetime

from rich.markup import escape

from voicebot.domain.visible import visible


def harmless(text: str) -> str:
    """Return the text with a mark for every character that a terminal would obey instead of showing it.

    >>> harmless("broken\\x1b[2Jlamp")
    'broken[U+001B][2Jlamp'
    """
    return visible(text)


def shown(text: str) -> str:
    """Return the text as rich prints it letter by letter, so that nothing in it is taken for markup."""
    return escape(harmless(text))


def json_text(value: object) -> str:
    """Return JSON for people and programs, with letters of every script as they are, what a terminal obeys escaped."""
    written = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", lambda it: f"\\u{ord(it[0]):04x}", written)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
