"""Words of strangers on a terminal. What would move the cursor, hide text or turn a line around is made visible.

A caller's words come from a recogniser, but a text message, a staff note or a carrier's field is whatever somebody
sent, and a terminal obeys the control characters in it, rich the square brackets.
Source: ECMA-48 (C0 and C1 control functions); Unicode Technical Report 36, 2.10 (bidirectional text spoofing).
Knows: characters. Must not know: what is shown.
"""

import json
import re
from datetime import datetime

from rich.markup import escape

_HARMFUL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters but tab and line feed, line separators, and what overrides or embeds a direction."""

SHOWN_INSTEAD = "\ufffd"


def harmless(text: str) -> str:
    """Return the text with every character replaced that a terminal would obey instead of showing it.

    >>> harmless("broken\\x1b[2Jlamp")
    'broken\ufffd[2Jlamp'
    """
    return _HARMFUL.sub(SHOWN_INSTEAD, text)


def shown(text: str) -> str:
    """Return the text as rich prints it letter by letter, so that nothing in it is taken for markup."""
    return escape(harmless(text))


def json_text(value: object) -> str:
    """Return JSON for people and programs, with letters of every script as they are, what a terminal obeys escaped."""
    written = json.dumps(value, ensure_ascii=False, indent=2, default=_plain)
    return re.sub(r"[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", lambda it: f"\\u{ord(it[0]):04x}", written)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
