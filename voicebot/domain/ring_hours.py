"""When a complainant may be rung, by the clock of where their number is.

Knows: hours of weekdays, zones of numbers (package `phonenumbers`). Must not know: promises, who rings.
Source: script.md 7 (quiet hours, inside the US and Russian rules for those who sell and collect).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone as number_zones

from voicebot.domain.business_calendar import DaySpan

_MOST_ZONES = 12
"""A number with more zones than any country has (toll-free, satellite) tells nothing about where it is."""
_STEP = timedelta(minutes=15)
_INSTANT = timedelta(microseconds=1)
_NOON_MINUTE = 12 * 60
_LOOK_AHEAD = timedelta(days=8)


@dataclass(frozen=True, kw_only=True, slots=True)
class RingHours:
    """Hours of the seven days, Monday first."""

    week: tuple[tuple[DaySpan, ...], ...]

    def allow(self, at: datetime, zones: Sequence[str]) -> bool:
        """Tell whether the instant lies in the hours by the clock of every zone."""
        return all(self._allows(at.astimezone(ZoneInfo(zone))) for zone in zones)

    @property
    def mornings(self) -> "RingHours":
        """Return what of them lies before noon, for those with whom that was agreed."""
        return RingHours(week=tuple(tuple(_before_noon(day)) for day in self.week))

    def cover(self, begins_at: datetime, ends_at: datetime, zones: Sequence[str]) -> bool:
        """Tell whether a stretch of one day lies in the hours from its first instant to its last."""
        is_one_day = all(
            begins_at.astimezone(ZoneInfo(zone)).date() == (ends_at - _INSTANT).astimezone(ZoneInfo(zone)).date()
            for zone in zones
        )
        return is_one_day and self.allow(begins_at, zones) and self.allow(ends_at - _INSTANT, zones)

    def next_time(self, at: datetime, zones: Sequence[str]) -> datetime | None:
        """Return the first instant from `at` on that is allowed, to the quarter of an hour, or None when there is
        none.
        """
        if self.allow(at, zones):
            return at
        tried = at - timedelta(minutes=at.minute % 15, seconds=at.second, microseconds=at.microsecond)
        while (tried := tried + _STEP) <= at + _LOOK_AHEAD:
            if self.allow(tried, zones):
                return tried
        return None

    def _allows(self, local: datetime) -> bool:
        minute = local.hour * 60 + local.minute
        return any(span.opens_minute <= minute < span.closes_minute for span in self.week[local.weekday()])


def _before_noon(day: Sequence[DaySpan]) -> Iterator[DaySpan]:
    for span in day:
        if span.opens_minute < _NOON_MINUTE:
            yield replace(span, closes_minute=min(span.closes_minute, _NOON_MINUTE))


def is_clock_other(zones: Sequence[str], zone: str, at: datetime) -> bool:
    """Tell whether the clock of every one of these zones shows another time than the one of `zone`."""
    ours = at.astimezone(ZoneInfo(zone)).utcoffset()
    return all(at.astimezone(ZoneInfo(each)).utcoffset() != ours for each in zones)


def zones_of(number: str, *, otherwise: str) -> tuple[str, ...]:
    """Return the zones in which the telephone of an E.164 number may be, or `otherwise` where the number does not
    tell.
    """
    try:
        zones = number_zones.time_zones_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return (otherwise,)
    known = tuple(zone for zone in zones if zone != number_zones.UNKNOWN_TIMEZONE)
    return known if known and len(known) <= _MOST_ZONES else (otherwise,)
