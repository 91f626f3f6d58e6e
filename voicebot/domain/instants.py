"""Instants as staff read them, in the console and in the terminal. They are on the company's clock, with its zone
named.

One shape everywhere (tests/house/test_one_place.py). Never the browser's zone, since a deadline of the company is read
on the company's clock. What callers hear and read of a window is worded by language instead (flow/prompts.py).
Source: complaints.md 3 (a deadline shown in the browser's zone was red 2.5 hours early).
Knows: zones, words. Must not know: what happens at an instant.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from voicebot.errors import Refused

_NOTHING = timedelta(0)
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_CLOCK_TIME = re.compile(r"\d{1,2}:\d\d", re.ASCII)


def written_day(day: date) -> str:
    """Write a day, such as `Wed 18 Nov 2026`."""
    return f"{_day_of_year(day)} {day:%Y}"


def written_instant(at: datetime, zone: str) -> str:
    """Write an instant to the minute, such as `Wed 18 Nov 2026, 12:00 EST`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{written_day(local)}, {local:%H:%M %Z}"


def exact_instant(at: datetime, zone: str) -> str:
    """Write an instant to the second, such as `Wed 18 Nov 2026, 12:00:05 EST`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{written_day(local)}, {local:%H:%M:%S %Z}"


def written_stretch(begins_at: datetime, ends_at: datetime, zone: str) -> str:
    """Write a stretch of one day, such as `Wed 18 Nov 2026, 11:00–13:00 EST`. Of more days, both ends are whole."""
    begins, ends = begins_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    if begins.date() != ends.date():
        return f"{written_instant(begins_at, zone)} to {written_instant(ends_at, zone)}"
    return f"{written_day(begins)}, {_clock_times(begins, ends)}"


def _clock_times(begins: datetime, ends: datetime) -> str:
    """Say from when to when, with the zone once, and twice where the clock is changed between."""
    zone = "" if begins.utcoffset() == ends.utcoffset() else f" {begins:%Z}"
    return f"{begins:%H:%M}{zone}–{ends:%H:%M %Z}"


def _is_shown_twice(local: datetime) -> bool:
    """Tell whether the clock shows this time once more, an hour earlier or later."""
    first, second = (local.replace(fold=fold).utcoffset() or timedelta(0) for fold in (0, 1))
    return first > second


def _day_of_year(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def read_instant(said: str, zone: str) -> datetime:
    """Read an instant as staff type it, on the company's clock, such as `2026-11-18 12:00`. A day alone is its
    beginning.

    A time that the clock skips is an hour later, one that it shows twice its first. Raises: Refused, also for the first
    and last hours of all that can be written, because no clock says them in every zone.
    """
    company_clock = ZoneInfo(zone)
    try:
        typed = datetime.fromisoformat(said.strip().replace(" ", "T", 1))
        at = (typed if typed.tzinfo else typed.replace(tzinfo=company_clock)).astimezone(UTC)
        at.astimezone(company_clock)
    except (ValueError, OverflowError) as problem:
        raise Refused(
            f"{said.strip()[:40]!r} is no time: write it like 2026-11-18 12:00, on the company's clock", code="instant"
        ) from problem
    return at


def read_until(said: str, zone: str, *, now: datetime) -> datetime:
    """Read until when something lasts, as staff type it. A time alone, such as `14:00`, is the next at which the
    company's clock shows it, also where it shows it twice. Raises: Refused, as `read_instant`.
    """
    if not _CLOCK_TIME.fullmatch(said.strip()):
        return read_instant(said, zone)
    company_clock = ZoneInfo(zone)
    today = now.astimezone(company_clock).date()
    first = [read_instant(f"{day} {said.strip().zfill(5)}", zone) for day in (today, today + _DAY)]
    again = [at.astimezone(company_clock).replace(fold=1).astimezone(UTC) for at in first]
    return min(at for at in (*first, *again) if at > now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Instants:
    """Says instants on one page, all by one zone and one now."""

    zone: str
    now: datetime

    def said(self, at: datetime) -> str:
        """Say weekday, date, time and zone, such as `Wed 18 Nov 2026, 12:00 EST`."""
        return written_instant(at, self.zone)

    def brief(self, at: datetime) -> str:
        """Say the time, with the day unless it is today's, such as `12:00 EST`, `Thu 19 Nov 09:00 EST`."""
        local = self._local(at)
        return f"{local:%H:%M %Z}" if self._is_today(at) else f"{_day_of_year(local)} {local:%H:%M %Z}"

    def bare(self, at: datetime) -> str:
        """Say the same without the zone, for short columns of a page that names it, such as `12:00`.

        A time that the clock shows twice has its zone.
        """
        local = self._local(at)
        if _is_shown_twice(local):
            return self.brief(at)
        return f"{local:%H:%M}" if self._is_today(at) else f"{_day_of_year(local)} {local:%H:%M}"

    def exact(self, at: datetime) -> str:
        """Say an instant to the second, for histories, such as `Wed 18 Nov 2026, 12:00:05 EST`."""
        return exact_instant(at, self.zone)

    def window(self, opens_at: datetime, closes_at: datetime) -> str:
        """Say a window, such as `today 11:00–13:00 EST`, `Thu 19 Nov 09:00–11:00 EST`."""
        opens, closes = self._local(opens_at), self._local(closes_at)
        day = "today" if self._is_today(opens_at) else _day_of_year(opens)
        if opens.date() == closes.date():
            return f"{day} {_clock_times(opens, closes)}"
        return f"{day} {opens:%H:%M}–{_day_of_year(closes)} {closes:%H:%M %Z}"

    def stretch(self, begins_at: datetime, ends_at: datetime) -> str:
        """Say a window by its date, whatever day it is, such as `Wed 18 Nov 2026, 11:00–13:00 EST`."""
        return written_stretch(begins_at, ends_at, self.zone)

    def until(self, at: datetime) -> str:
        """Say how far ahead an instant is (`in 12 min`), or how long it is past (`8 min ago`)."""
        ahead = self._ahead(at)
        return f"in {length(ahead)}" if ahead > _NOTHING else f"{length(-ahead)} ago"

    def left(self, at: datetime) -> str:
        """Say how much time there is until an instant, such as `9 min`, and `none` once it is over."""
        ahead = self._ahead(at)
        return length(ahead) if ahead > _NOTHING else "none"

    def due(self, at: datetime) -> str:
        """Say how far ahead a deadline is, or by how much it is missed, such as `in 12 min`, `8 min overdue`."""
        ahead = self._ahead(at)
        return f"in {length(ahead)}" if ahead > _NOTHING else f"{length(-ahead)} overdue"

    def machine(self, at: datetime) -> str:
        """Return the instant for a `datetime` attribute."""
        return self._local(at).isoformat()

    def _ahead(self, at: datetime) -> timedelta:
        """Return how far ahead an instant is. Of two with one zone Python takes the difference of their wall clocks."""
        return at.astimezone(UTC) - self.now.astimezone(UTC)

    def _is_today(self, at: datetime) -> bool:
        return self._local(at).date() == self._local(self.now).date()

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(ZoneInfo(self.zone))


def length(amount: timedelta) -> str:
    """Say a length roughly, rounded down, such as `less than a minute`, `12 min`, `3 h 20 min`, `2 days`."""
    if amount < _MINUTE:
        return "less than a minute"
    if amount < _HOUR:
        return f"{amount // _MINUTE} min"
    if amount < _DAY:
        hours, minutes = amount // _HOUR, amount % _HOUR // _MINUTE
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days = amount // _DAY
    return "1 day" if days == 1 else f"{days} days"


def clock(seconds: float) -> str:
    """Say a place in a recording, such as `0:07`, `2:45`."""
    whole = int(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02}"
