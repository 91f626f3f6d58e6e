"""When the company works. It has opening spans, holidays, special days, and arithmetic in working time.

Everything is summed on instants (UTC), because wall-clock arithmetic gives wrong answers in the two nights of the year
in which a local day has 23 or 25 hours. A repeated opening or closing time means its first occurrence, and one that the
clock skips means the first instant after the gap.

Knows: zones, spans, public holidays (package `holidays`, official and observed days).
Must not know: promises, staff, who reads the files.
Source: complaints.md 3 (split shifts, lunch, time zones, explainable deadlines), read November 2026.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from voicebot.domain.instants import written_day
from voicebot.errors import FlowFault

DAY_MINUTES = 24 * 60
LONGEST_CLOSURE_DAYS = 400
"""A calendar that stays closed for longer is a mistake in the policy, not a holiday, and it also ends every search."""

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

OUTSIDE_HOURS = "outside opening hours"
"""Why nobody works in a stretch that holds no whole closed day, such as a night, a lunch."""

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


class NeverOpens(FlowFault):
    """The calendar has no opening within the days that a search may take."""

    code = "calendar-never-opens"


@dataclass(frozen=True, kw_only=True, slots=True)
class DaySpan:
    """One stretch of a local day.

    It is in minutes since its midnight, from 0 to 1440, and the closing minute is not part of it.
    """

    opens_minute: int
    closes_minute: int

    def __post_init__(self) -> None:
        if not (0 <= self.opens_minute < self.closes_minute <= DAY_MINUTES):
            raise AssertionError("a span lies within one day")


ALL_DAY = (DaySpan(opens_minute=0, closes_minute=DAY_MINUTES),)
"""Open for the whole of a day, and seven of these are a calendar that never closes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialDay:
    """A day whose hours the company sets itself, which beats weekday and public holiday. No spans means closed."""

    on: date
    spans: tuple[DaySpan, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSpan:
    """Two instants (aware, UTC) between which the company works, of which the second is not part."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosedStretch:
    """A stretch without work, and why. It is for people who ask how an instant was found."""

    begins_at: datetime
    ends_at: datetime
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BusinessCalendar:
    """Opening hours of one company in one zone.

    All instants given and returned are aware, and returned ones are UTC.
    """

    zone: str
    """IANA name, for example `Europe/Zagreb`."""
    week: tuple[tuple[DaySpan, ...], ...]
    """Seven entries, Monday first. Each is sorted and without overlap. An empty one means closed."""
    country: str = ""
    """ISO 3166 code whose public holidays are kept. Empty for none."""
    subdivision: str = ""
    """State or province within the country, as the package `holidays` spells it."""
    special_days: tuple[SpecialDay, ...] = ()
    _known: dict[date, tuple[OpenSpan, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )
    """Spans by day. A search for a window asks for a day some two hundred times, and a calendar as the key of a cache
    would be hashed whole each time."""

    def __post_init__(self) -> None:
        if len(self.week) != len(WEEKDAYS):
            raise AssertionError("a week has seven days")

    def spans_on(self, day: date) -> tuple[OpenSpan, ...]:
        """Return the open spans of a local day in order, or none when it is closed."""
        if day not in self._known:
            self._known[day] = _open_spans(self, day)
        return self._known[day]

    def closed_because(self, day: date) -> str | None:
        """Return why nobody works on a whole local day, in plain words, or None when somebody does."""
        # The company's own word comes before the state's: it may open on a public holiday.
        special = self._special(day)
        if special is not None:
            return None if special.spans else f"closed: {special.note or 'special day'}"
        holiday = _holidays(self.country, self.subdivision, day.year).get(day)
        if holiday is not None:
            return f"public holiday: {holiday}"
        return None if self.week[day.weekday()] else f"no opening hours on a {WEEKDAYS[day.weekday()]}"

    def local_spans(self, day: date) -> tuple[DaySpan, ...]:
        """Return the spans of a local day by the wall clock.

        A special day comes first, then a holiday, then the weekday.
        """
        special = self.special_day(day)
        return self.week[day.weekday()] if special is None else special.spans

    def special_day(self, day: date) -> SpecialDay | None:
        """Return what the company set for a local day, or a public holiday as a closed day, or None on a usual one."""
        special = self._special(day)
        if special is not None:
            return special
        holiday = _holidays(self.country, self.subdivision, day.year).get(day)
        return None if holiday is None else SpecialDay(on=day, note=holiday)

    def holidays_in(self, year: int) -> Mapping[date, str]:
        """Return the public holidays kept in a year, by day, and none when no country is named or known for that
        year.
        """
        return _holidays(self.country, self.subdivision, year)

    def is_open(self, at: datetime) -> bool:
        """Tell whether somebody works at an instant, where opening instants are open, closing ones are not."""
        return any(span.opens_at <= at < span.closes_at for span in self._spans_between(at, at))

    def next_opening(self, at: datetime) -> datetime:
        """Return `at` itself when open, else the next opening instant.

        Raises: NeverOpens when none lies within LONGEST_CLOSURE_DAYS.
        """
        return max(at.astimezone(UTC), next(self.open_spans_from(at)).opens_at)

    def add_working_time(self, at: datetime, amount: timedelta) -> datetime:
        """Return the first instant by which so much working time has passed since `at`. Nothing added is `at`.

        Raises: NeverOpens.
        """
        if amount < timedelta(0):
            raise AssertionError("working time is added, never taken away")
        at = at.astimezone(UTC)
        # Nothing added outside opening hours must not become the next opening.
        if not amount:
            return at
        spans, left = self.open_spans_from(at), amount
        while True:
            span = next(spans)
            begins_at = max(at, span.opens_at)
            # `>=`: eight hours that end with the day end at closing time, not at the next opening.
            if span.closes_at - begins_at >= left:
                return begins_at + left
            left -= span.closes_at - begins_at

    def add_working_days(self, at: datetime, days: int) -> datetime:
        """Return when work ends on the last of so many working days, where the day of `at` itself does not count.

        A day counts when somebody works on it at all. Raises: NeverOpens.
        """
        today, seen, closes_at = self.local_day(at), set[date](), at
        for span in self.open_spans_from(at):
            day = self.local_day(span.opens_at)
            # People count "within two working days" from the day after. A day with two spans is one day.
            if day > today:
                seen.add(day)
            if len(seen) > days:
                return closes_at
            closes_at = span.closes_at
        raise AssertionError("open spans go on without an end")

    def working_time_between(self, begins_at: datetime, ends_at: datetime) -> timedelta:
        """Return how much working time lies between two instants, which is zero when the second is not the later
        one.
        """
        # Of two instants with one zone Python takes the difference of their wall clocks.
        begins_at, ends_at = begins_at.astimezone(UTC), ends_at.astimezone(UTC)
        worked = (
            min(ends_at, span.closes_at) - max(begins_at, span.opens_at)
            for span in self._spans_between(begins_at, ends_at)
        )
        return sum((stretch for stretch in worked if stretch > timedelta(0)), timedelta(0))

    def open_spans_from(self, at: datetime) -> Iterator[OpenSpan]:
        """Yield, without end, the open spans that close after an instant, of which the first may have begun before it.

        Raises: NeverOpens when LONGEST_CLOSURE_DAYS pass without one.
        """
        day = self.local_day(at)
        closed_days = 0
        while closed_days <= LONGEST_CLOSURE_DAYS:
            spans = [span for span in self.spans_on(day) if span.closes_at > at]
            closed_days = 0 if spans else closed_days + 1
            yield from spans
            day += _DAY
        raise NeverOpens(
            f"looking for opening hours: the calendar has none in {LONGEST_CLOSURE_DAYS} days; "
            "give at least one weekday hours in calendar.yaml, or remove special days"
        )

    def unbroken_around(self, at: datetime, *, reach: timedelta) -> OpenSpan:
        """Return the working time around an open instant in which nobody goes home, looking at most `reach` each way.

        Days that never close join one another, so there must be a limit.
        """
        joined = joined_spans(self._spans_between(at - reach, at + reach))
        return next(span for span in joined if span.closes_at > at)

    def closed_stretches(self, begins_at: datetime, ends_at: datetime) -> tuple[ClosedStretch, ...]:
        """Return the stretches without work between two instants, each with its reason, in order."""
        stretches: list[ClosedStretch] = []
        spans, closed_from = self.open_spans_from(begins_at), begins_at
        while closed_from < ends_at:
            span = next(spans)
            opens_at = min(span.opens_at, ends_at)
            if opens_at > closed_from:
                stretches.append(self._closed_stretch(closed_from, opens_at))
            closed_from = span.closes_at
        return tuple(stretches)

    def _closed_stretch(self, begins_at: datetime, ends_at: datetime) -> ClosedStretch:
        day, last = self.local_day(begins_at), self.local_day(ends_at - _MINUTE)
        reasons = []
        while day <= last:
            why = self.closed_because(day)
            if why is not None:
                reasons.append(f"{written_day(day)} {why}")
            day += _DAY
        return ClosedStretch(begins_at=begins_at, ends_at=ends_at, why="; ".join(reasons) or OUTSIDE_HOURS)

    def _special(self, day: date) -> SpecialDay | None:
        return next((special for special in self.special_days if special.on == day), None)

    def local_day(self, at: datetime) -> date:
        """Return the day that it is where the company is."""
        return at.astimezone(ZoneInfo(self.zone)).date()

    def _spans_between(self, begins_at: datetime, ends_at: datetime) -> Iterator[OpenSpan]:
        """Yield the spans of every local day that two instants touch, and of the day after."""
        # A clock set back over midnight (St. John's until 2011) gives the date of the day before to instants at which
        # the next day has begun already.
        day, last = self.local_day(begins_at), self.local_day(ends_at) + _DAY
        while day <= last:
            yield from self.spans_on(day)
            day += _DAY


def _open_spans(calendar: BusinessCalendar, day: date) -> tuple[OpenSpan, ...]:
    return spans_of_day(day, calendar.local_spans(day), ZoneInfo(calendar.zone))


def spans_of_day(day: date, spans: Iterable[DaySpan], zone: ZoneInfo) -> tuple[OpenSpan, ...]:
    """Return stretches of a local day as instants. One that lies wholly in the hour which the clock skips is none."""
    dated = (
        OpenSpan(opens_at=_instant(day, span.opens_minute, zone), closes_at=_instant(day, span.closes_minute, zone))
        for span in spans
    )
    return tuple(span for span in dated if span.opens_at < span.closes_at)


def joined_spans(spans: Iterable[OpenSpan]) -> list[OpenSpan]:
    """Return spans in order, those that follow one another without a gap as one."""
    joined: list[OpenSpan] = []
    for span in spans:
        if joined and span.opens_at <= joined[-1].closes_at:
            joined[-1] = OpenSpan(opens_at=joined[-1].opens_at, closes_at=span.closes_at)
        else:
            joined.append(span)
    return joined


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the first instant at which the local clock shows this minute of this day, or a later one."""
    midnight = datetime.combine(day + _DAY * (minute // DAY_MINUTES), time())
    wall = midnight + _MINUTE * (minute % DAY_MINUTES)
    # fold=0: of a time that the clock shows twice this is the first.
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    # Skipped by the clock: fold=1 takes the offset after the gap and so lies before it; walk to its end.
    at = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while at.astimezone(zone).replace(tzinfo=None) < wall:
        at += _MINUTE
    return at


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str, year: int) -> Mapping[date, str]:
    if not country:
        return MappingProxyType({})
    # The package's default is public holidays only: a bank's or a school's holiday closes no office by itself.
    return MappingProxyType(dict(holidays.country_holidays(country, subdiv=subdivision or None, years=year)))


def is_known_country(country: str, subdivision: str = "") -> bool:
    """Tell whether the package `holidays` knows a country, and the subdivision when one is named."""
    # With aliases: settings may say `US` or `USA`, and the package takes both.
    known = holidays.list_supported_countries(include_aliases=True)
    return country in known and (not subdivision or subdivision in known[country])
