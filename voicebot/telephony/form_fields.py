"""Single fields of the carrier's webhooks: identifiers, numbers, instants, text that can be stored.

Knows: how the carrier writes values. Must not know: which webhook has which field.
Source: Twilio, usage/webhooks, voice/api/call-resource (twilio.md 1.1).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from voicebot.errors import CarrierFault

Form = Mapping[str, str]

LONGEST_WORD = 40
OLDEST_REPORT = timedelta(days=1)

_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_KINDS = {"RecordingSid": "RE"}
"""What an identifier begins with that goes on into an address of the API: another kind would name another thing."""


def is_stale(told_at: datetime | None, now: datetime) -> bool:
    """Tell whether a report is so old that it opens nothing: its signature stays right for ever, and may be repeated.

    Ours is not the carrier's clock, and a report may wait for us for hours, so only a whole day is too old.
    """
    return told_at is not None and now - told_at > OLDEST_REPORT


def number_of(form: Form, field: str) -> int | None:
    """Return a number of the carrier's; None where there is none, or one so long that no column would hold it."""
    digits = form.get(field, "")
    return int(digits) if re.fullmatch(r"[0-9]{1,6}", digits) else None


def instant_of(form: Form, field: str) -> datetime | None:
    """Return an instant written as in mail (RFC 2822) or in ISO 8601; without a zone it is UTC."""
    text = form.get(field, "")[:LONGEST_WORD]
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def stored_text(form: Form, field: str, *, most: int) -> str:
    """Return a text that can be stored: PostgreSQL takes no NUL, and no more than a column holds."""
    return form.get(field, "").replace("\0", "")[:most]


def sid_of(form: Form, field: str) -> str:
    """Return an identifier of the carrier, checked by shape: it goes on into addresses of its API.

    Raises: CarrierFault when it is missing, or of another kind.
    """
    sid = form.get(field, "")
    if not _SID.fullmatch(sid) or not sid.startswith(_KINDS.get(field, "")):
        raise CarrierFault(f"reading a webhook: field {field} is missing or is no identifier of the carrier")
    return sid
