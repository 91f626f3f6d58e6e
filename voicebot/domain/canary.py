"""The test call: each working morning the hotline rings itself from a second number and complains.

It is placed at the policy's time, or later on that day when the machine comes back before work ends. It is over when
all that it is to show stands, or when its time is. Whatever is missing then is its result.
Knows: days, states, what a test call is to show. Must not know: cases, the carrier, who is told.
Source: complaints.md section 3 (who watches the watchman must not use his legs).
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import BusinessCalendar

LEAST_UNDERSTOOD = 0.6
"""Share of the words said that must be among the words heard. A voice that is heard well comes to nine in ten."""
MOST_TRIES = 10
"""Orders of one test call to the carrier. None is given again before it is known that the last was not taken."""
LOOKED_UP_AFTER = timedelta(minutes=1)
"""An order without an answer is looked up in the carrier's list so much later."""
AHEAD_AT_MOST = timedelta(days=2)
"""A test call that began so long after now was placed by a clock that was ahead, and tells nothing of today."""
COMES_WITHIN = timedelta(minutes=5)
"""Of its order; a later call from that number is not ours."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class CanaryRules:
    """Policy of the test call."""

    at: time = time(8)
    """By the company's clock."""
    speaks_after: timedelta = timedelta(seconds=18)
    """Clock time from the answer to the complaint: the greeting, the notice and the question are over by then."""
    within: timedelta = timedelta(minutes=10)
    """Clock time; what does not stand by then failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CanarySpeech:
    """What the test call says, and when."""

    words: str
    locale: str
    after: timedelta
    """From the answer on."""


class CanaryResult(StrEnum):
    """What came of a test call."""

    RUNNING = "running"
    PASSED = "passed"
    REFUSED = "refused"
    """The carrier would not place it."""
    NOT_PLACED = "not_placed"
    """The carrier could not be asked, or was too busy, until its time was over."""
    NO_CALL = "no_call"
    """It was placed, and no call arrived."""
    NOTHING_HEARD = "nothing_heard"
    MISHEARD = "misheard"
    """Too few of the words said were among the words heard."""
    NO_NUMBER = "no_number"
    """The case number was not told."""
    NO_TEXT = "no_text"
    """No text was written at its end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Canary:
    """One test call."""

    id: str
    """The local day, as `2026-11-18`: each morning has one. That of one asked for has the time of day behind it."""
    is_daily: bool
    began_at: datetime
    ends_at: datetime
    tries: int = 0
    """Orders to the carrier. The number of the last one tells a claim from those before it."""
    ordered_at: datetime | None = None
    """When the carrier was asked last. None: not yet, or it said that it was too busy."""
    carrier_call_id: str | None = None
    """Of the leg that we ordered."""
    call_id: str | None = None
    """Of the call that came in."""
    result: CanaryResult = CanaryResult.RUNNING
    detail: str = ""
    """What staff read beside the result: an error number, or how much was understood."""
    ended_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Whether its result is still open."""
        return self.result is CanaryResult.RUNNING

    @property
    def has_failed(self) -> bool:
        """Whether it is over and did not show what it was to show."""
        return self.result not in (CanaryResult.RUNNING, CanaryResult.PASSED)

    def ordered(self, now: datetime) -> "Canary":
        """Return it as the carrier is about to be asked."""
        return replace(self, tries=self.tries + 1, ordered_at=now)

    def over(self, result: CanaryResult, now: datetime, detail: str = "") -> "Canary":
        """Return it with its result."""
        return replace(self, result=result, ended_at=now, detail=detail)

    def awaits_call(self, now: datetime) -> bool:
        """Tell whether a call from its number is this one: ordered lately, and none has come."""
        if not self.is_running or self.call_id is not None or self.ordered_at is None:
            return False
        return abs(now - self.ordered_at) <= COMES_WITHIN


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What stands of a test call that came in."""

    said: str
    """What the test call says."""
    transcript: str
    is_number_told: bool
    is_text_written: bool


def due_canary(calendar: BusinessCalendar, rules: CanaryRules | None, now: datetime) -> str:
    """Return the id of the test call that is to be placed now, unless it was; empty when none is. No rules: none is."""
    since = due_since(calendar, rules, now)
    return "" if since is None else since.astimezone(ZoneInfo(calendar.zone)).date().isoformat()


def due_since(calendar: BusinessCalendar, rules: CanaryRules | None, now: datetime) -> datetime | None:
    """Return since when today's test call is due; None when none is."""
    day = now.astimezone(ZoneInfo(calendar.zone)).date()
    spans = calendar.spans_on(day)
    if rules is None or not spans:
        return None
    at = datetime.combine(day, rules.at, ZoneInfo(calendar.zone)).astimezone(UTC)
    return at if at <= now < spans[-1].closes_at else None


def share_understood(said: str, heard: str) -> float:
    """Return which share of the words said is among the words heard.

    >>> share_understood("My parcel is late.", "my parcel was late")
    0.75
    """
    words, found = Counter(_words(said)), Counter(_words(heard))
    return sum((words & found).values()) / max(sum(words.values()), 1)


def result_of(heard: Heard | None) -> tuple[CanaryResult, str]:
    """Judge a test call that was placed, and say in staff's words what the result rests on. None: no call came in."""
    if heard is None:
        return CanaryResult.NO_CALL, ""
    if not heard.transcript.strip():
        return CanaryResult.NOTHING_HEARD, ""
    share = share_understood(heard.said, heard.transcript)
    detail = f"{share:.0%} of its words were understood"
    if share < LEAST_UNDERSTOOD:
        return CanaryResult.MISHEARD, detail
    if not heard.is_number_told:
        return CanaryResult.NO_NUMBER, detail
    return (CanaryResult.PASSED if heard.is_text_written else CanaryResult.NO_TEXT), detail


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
