"""Single fields of the carrier's webhooks, such as identifiers, numbers, instants and text that can be stored.

Knows: how the carrier writes values. Must not know: which webhook has which field.
Source: Twilio, usage/webhooks, voice/api/call-resource (twilio.md 1.1): reports of calls and recordings have their
instant in RFC 2822, those of streams in ISO 8601. Other carriers of the same interface write `Etc/UTC` or Unix time.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from voicebot.errors import CarrierFault

Form = Mapping[str, str]

LONGEST_WORD = 40
OLDEST_REPORT = timedelta(days=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
MILLISECOND_DIGITS = 13
"""Of Unix time from 2001 to 2286. In seconds it has ten."""

_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_UNIX_TIME = re.compile(r"([0-9]{10}|[0-9]{13})(\.[0-9]{1,9})?")
_KINDS = {"RecordingSid": "RE"}
"""What an identifier begins with that goes on into an address of the API, because another kind would name another
thing.
"""


def is_stale(told_at: datetime | None, now: datetime) -> bool:
    """Tell whether a report is so old that it opens nothing. Its signature stays right for ever."""
    # Ours is not the carrier's clock, and a report may wait for us for hours: only a whole day is too old.
    return told_at is not None and now - told_at > OLDEST_REPORT


def number_of(form: Form, field: str) -> int | None:
    """Return a number of the carrier's. None where there is none, or one so long that no column would hold it."""
    # `int` alone would take "1_000", " 7 " and thousands of digits.
    digits = form.get(field, "")
    return int(digits) if re.fullmatch(r"[0-9]{1,6}", digits) else None


def told_at(form: Form, *fields: str) -> datetime | None:
    """Return the first instant of these fields that can be read, or None when the carrier gives none at all.

    An instant that is there and cannot be read counts as long ago, because a signed request of last year must not open
    anything because its time is written in another way. What is lost by that is found in the carrier's list.
    """
    written = [text for field in fields if (text := form.get(field, "").strip())]
    instants = (at for text in written if (at := _read_instant(text)) is not None)
    return next(instants, LONG_AGO if written else None)


def _read_instant(text: str) -> datetime | None:
    """Read an instant as in mail (RFC 2822), in ISO 8601 or in Unix time. Without a zone it is UTC."""
    for read in (_from_unix_time, parsedate_to_datetime, datetime.fromisoformat):
        try:
            at = read(text[:LONGEST_WORD].removesuffix(" UTC"))
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    return None


def _from_unix_time(text: str) -> datetime:
    """Read seconds or, where there are thirteen digits, milliseconds. Raises: ValueError when it is neither."""
    if not (number := _UNIX_TIME.fullmatch(text)):
        raise ValueError("no Unix time")
    return datetime.fromtimestamp(float(text) / (1000 if len(number[1]) == MILLISECOND_DIGITS else 1), UTC)


def stored_text(form: Form, field: str, *, most: int) -> str:
    """Return a text that can be stored, because PostgreSQL takes no NUL, and no more than a column holds."""
    return form.get(field, "").replace("\0", "")[:most]


def sid_of(form: Form, field: str) -> str:
    """Return an identifier of the carrier, checked by shape, because it goes on into addresses of its API.

    Raises: CarrierFault when it is missing, or of another kind.
    """
    sid = form.get(field, "")
    if not _SID.fullmatch(sid) or not sid.startswith(_KINDS.get(field, "")):
        raise CarrierFault(f"reading a webhook: field {field} is missing or is no identifier of the carrier")
    return sid
