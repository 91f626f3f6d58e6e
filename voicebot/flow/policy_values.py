"""How policy files spell hours, durations, shares, zones and telephones, where every number is written with its unit.

Knows: spellings. Must not know: files, keys, lines.
"""

import re
from datetime import time, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from voicebot.domain.business_calendar import ALL_DAY, DAY_MINUTES, DaySpan
from voicebot.domain.phone import is_e164
from voicebot.domain.staff import is_mailbox

_SPAN = re.compile(r"^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$")
_DURATION = re.compile(r"^(\d+(?:\.\d+)?) (working )?(second|minute|hour)s?$")
_WORKING_DAYS = re.compile(r"^(\d{1,3}) working days?$")
_CALENDAR_DAYS = re.compile(r"^(\d{1,3}) calendar days?$")
_TIME_OF_DAY = re.compile(r"^(\d{1,2}):(\d{2})$")
_PERCENT = re.compile(r"^(\d{1,3}) ?%$")
_CHAT = re.compile(r"[A-Za-z0-9_-]{1,60}")
_UNIT_S = {"second": 1, "minute": 60, "hour": 3600}

MOST_DAYS = 365
"""Of a term, since a complaint that takes longer has been given up by everybody."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def read_hours(written: object) -> tuple[DaySpan, ...]:
    """Read the hours of a day, such as `closed`, `all day`, or a list of spans like `9:00-13:00`.

    Raises: ValueError with the cure, for pydantic to collect.
    """
    if written == "closed":
        return ()
    if written == "all day":
        return ALL_DAY
    if not isinstance(written, list) or not written:
        raise ValueError("hours are not understood; write `closed`, `all day` or a list like [9:00-13:00, 14:00-18:00]")
    spans = tuple(_read_span(str(span)) for span in written)
    for before, after in pairwise(spans):
        if after.opens_minute < before.closes_minute:
            raise ValueError("spans overlap or are out of order; write them earliest first, each after the other")
    return spans


def read_working_time(written: object) -> timedelta:
    """Read an amount of working time, such as `8 working hours`, `30 working minutes`. Raises: ValueError."""
    amount, is_working = _read_duration(written)
    if not is_working:
        raise ValueError(f"{written!r} is clock time, but working time counts here; write for example 8 working hours")
    return amount


def read_clock_time(written: object) -> timedelta:
    """Read an amount of clock time, such as `2 hours`, `30 minutes`. Raises: ValueError."""
    amount, is_working = _read_duration(written)
    if is_working:
        raise ValueError(f"{written!r} is working time, but clock time counts here; write for example 2 hours")
    return amount


def read_lead(written: object) -> timedelta:
    """Read how far ahead a window opens, such as `none`, or an amount of clock time. Raises: ValueError."""
    return timedelta(0) if written == "none" else read_clock_time(written)


def read_delay(written: object) -> timedelta:
    """Read when a step is due, such as `at once`, or an amount of working time. Raises: ValueError."""
    return timedelta(0) if written == "at once" else read_working_time(written)


def read_working_days(written: object) -> int:
    """Read a number of working days, such as `10 working days`. Raises: ValueError."""
    return _read_days(written, _WORKING_DAYS, example="10 working days")


def read_calendar_days(written: object) -> int:
    """Read a number of calendar days, such as `14 calendar days`. Raises: ValueError."""
    return _read_days(written, _CALENDAR_DAYS, example="14 calendar days")


def read_time_of_day(written: object) -> time:
    """Read a time by the company's clock, such as `8:30`. Raises: ValueError."""
    match = _TIME_OF_DAY.match(str(written))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f"{written!r} is no time of day; write for example 8:30")
    return time(int(match[1]), int(match[2]))


def none_for_never(written: object) -> object:
    """Read `never` as nothing, while anything else is for the part itself to read."""
    return None if written == "never" else written


def read_percent(written: object) -> int:
    """Read a share from `1 %` to `100 %`. Raises: ValueError."""
    match = _PERCENT.match(str(written))
    if match is None or not 1 <= int(match[1]) <= 100:
        raise ValueError(f"{written!r} is not a share; write for example 80 %")
    return int(match[1])


def read_zone(written: object) -> str:
    """Read an IANA zone name. Raises: ValueError."""
    try:
        return ZoneInfo(str(written)).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise ValueError(f"{written!r} is no time zone; write an IANA name like Europe/Zagreb") from fault


def read_phone(written: object) -> str:
    """Read a staff phone, which is empty, or E.164. Raises: ValueError, which does not repeat the number."""
    text = str(written).replace(" ", "").replace("-", "")
    if text and not is_e164(text):
        raise ValueError("this is no telephone number; write it with country code, like +12025550123, or nothing")
    return text


def read_mailbox(written: object) -> str:
    """Read an e-mail address, or nothing. Raises: ValueError, which does not repeat the address."""
    text = "" if written is None else str(written).strip()
    if text and not is_mailbox(text):
        raise ValueError("this is no e-mail address; write one like anna@example.com, or nothing")
    return text


def read_chat(written: object) -> str:
    """Read the name of a chat, or nothing.

    Raises: ValueError, which does not repeat an address, because it is a secret.
    """
    text = "" if written is None else str(written).strip()
    if ":" in text or "/" in text:
        raise ValueError(
            "the address of a chat is a secret and does not belong here; "
            "write a name, and name=address into VOICEBOT_CHAT_URLS"
        )
    if text and not _CHAT.fullmatch(text):
        raise ValueError("this is no name for a chat; write one like supervisors (letters, digits, _ and -)")
    return text


def read_shared_number(written: object) -> str:
    """Read a number that has a budget of its own, in E.164. Raises: ValueError, which does not repeat the number."""
    number = read_phone(written)
    if not number:
        raise ValueError("a number is missing; write it with country code, like +12025550123, or take the line away")
    return number


def _read_span(written: str) -> DaySpan:
    match = _SPAN.match(written)
    if match is None:
        raise ValueError(f"{written!r} is not a span of hours; write for example 9:00-13:00")
    from_hour, from_minute, to_hour, to_minute = (int(part) for part in match.groups())
    opens, closes = from_hour * 60 + from_minute, to_hour * 60 + to_minute
    if max(from_minute, to_minute) > 59 or not opens < closes <= DAY_MINUTES:
        raise ValueError(f"{written!r} does not lie within one day, earlier time first; a day ends at 24:00")
    return DaySpan(opens_minute=opens, closes_minute=closes)


def _read_days(written: object, pattern: re.Pattern[str], *, example: str) -> int:
    match = pattern.match(str(written))
    if match is None or not 1 <= int(match[1]) <= MOST_DAYS:
        raise ValueError(f"{written!r} is not understood here; write for example {example}, {MOST_DAYS} at most")
    return int(match[1])


def _read_duration(written: object) -> tuple[timedelta, bool]:
    match = _DURATION.match(str(written))
    if match is None or not float(match[1]):
        raise ValueError(f"{written!r} is not a duration; write a number and its unit, like 30 minutes")
    try:
        return timedelta(seconds=float(match[1]) * _UNIT_S[match[3]]), match[2] is not None
    except OverflowError as fault:
        raise ValueError("this is longer than time can be counted; write a smaller number") from fault


Spec = Annotated[Literal["1"], WithJsonSchema({"enum": [1, "1"]})]
"""The version of a policy file. Our reader takes every value as text, and an editor this one as a number."""


def spelled(pattern: str, *examples: str) -> dict[str, Any]:
    """Return as JSON Schema how editors are to take a value that people spell. The reader looks closer."""
    return {"type": "string", "pattern": pattern, "examples": list(examples)}


_NUMBER = r"^\d+(\.\d+)? "
_CLOCK = spelled(_NUMBER + "(second|minute|hour)s?$", "30 minutes", "2 hours")
_WORKING = spelled(_NUMBER + "working (second|minute|hour)s?$", "8 working hours")
_HOURS = {
    "anyOf": [
        {"enum": ["closed", "all day"]},
        {"type": "array", "items": spelled(_SPAN.pattern, "9:00-13:00"), "minItems": 1},
    ]
}
Hours = Annotated[tuple[DaySpan, ...], BeforeValidator(read_hours), WithJsonSchema(_HOURS)]
WorkingTime = Annotated[timedelta, BeforeValidator(read_working_time), WithJsonSchema(_WORKING)]
ClockTime = Annotated[timedelta, BeforeValidator(read_clock_time), WithJsonSchema(_CLOCK)]
Lead = Annotated[timedelta, BeforeValidator(read_lead), WithJsonSchema({"anyOf": [_CLOCK, {"const": "none"}]})]
Delay = Annotated[timedelta, BeforeValidator(read_delay), WithJsonSchema({"anyOf": [_WORKING, {"const": "at once"}]})]
TimeOfDay = Annotated[time, BeforeValidator(read_time_of_day), WithJsonSchema(spelled(_TIME_OF_DAY.pattern, "8:30"))]
Percent = Annotated[int, BeforeValidator(read_percent), WithJsonSchema(spelled(_PERCENT.pattern, "80 %"))]
WorkingDays = Annotated[
    int, BeforeValidator(read_working_days), WithJsonSchema(spelled(_WORKING_DAYS.pattern, "10 working days"))
]
CalendarDays = Annotated[
    int, BeforeValidator(read_calendar_days), WithJsonSchema(spelled(_CALENDAR_DAYS.pattern, "14 calendar days"))
]
Amount = Annotated[int, Field(ge=1)]
Days = Annotated[int, Field(ge=1, le=36500)]


class FilePart(BaseModel):
    """A part of a policy file, where keys that are not known are refused, and a fault never repeats a value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
