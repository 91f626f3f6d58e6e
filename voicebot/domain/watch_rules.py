"""The watch over the watch. It says when management gets its morning list, and when a second way of telling is taken.

A list belongs to a working day of the company. It is sent at the policy's time, or later on that day when the machine
comes back before work ends. After that the day is missed, and the next list says so.
Knows: policy, days, instants. Must not know: what stands on a list, who has which role, channels.
Source: complaints.md D-07 (morning list, 08:30), D-10; script.md 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.canary import CanaryRules
from voicebot.domain.drill import DrillRules

_DAY = timedelta(days=1)
MOST_DAYS_BACK = 31
"""Days that are looked through for a list that was not sent. A longer silence is known to everybody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MorningRules:
    """Policy of the morning list. No rule leaves it out."""

    at: time = time(8, 30)
    """By the company's clock."""
    tell: tuple[str, ...] = ()
    """Roles. Empty means those that the ladder calls management."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondWayRules:
    """Policy of alarms about the watch itself, which do not go by the way that it uses."""

    tell: tuple[str, ...] = ()
    """Roles, told where no address of the operator takes an alarm.

    Empty means those that the ladder calls management.
    """
    worker_silent: timedelta = timedelta(minutes=3)
    """Without a sign of life of any worker for so long somebody is told. A release takes less."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ManyRules:
    """Policy of many cases on one cause."""

    cases: int = 12
    """So many of one kind, or with the same value in a field of their kind, and somebody is told."""
    within: timedelta = timedelta(hours=1)
    """Opened no longer ago than this."""
    tell: tuple[str, ...] = ()
    """Roles. Empty means the first of those that the ladder calls management."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchRules:
    """Policy in `watch.yaml`. The reasons of the defaults stand in `flows/policy/watch.yaml`."""

    morning: MorningRules = MorningRules()
    second_way: SecondWayRules = SecondWayRules()
    drill: DrillRules | None = field(default_factory=DrillRules)
    """None: the policy says that there is none."""
    canary: CanaryRules | None = field(default_factory=CanaryRules)
    """None: the policy says that there is none."""
    many: ManyRules | None = ManyRules()
    """None: nobody is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ListDay:
    """A working day with its list."""

    day: date
    at: datetime
    """When its list is due."""
    ends_at: datetime
    """When work ends. The list is not sent later."""


def list_day(calendar: BusinessCalendar, rules: MorningRules, day: date) -> ListDay | None:
    """Return the list of a local day, or None when nobody works on it."""
    spans = calendar.spans_on(day)
    if not spans:
        return None
    zone = ZoneInfo(calendar.zone)
    at = datetime.combine(day, rules.at, zone).astimezone(UTC)
    midnight = datetime.combine(day + _DAY, time(), zone).astimezone(UTC)
    closes_at = spans[-1].closes_at
    return ListDay(day=day, at=at, ends_at=closes_at if closes_at > at else midnight)


def due_list(calendar: BusinessCalendar, rules: MorningRules, now: datetime) -> ListDay | None:
    """Return the list that is to be sent now, unless it was. That is today's, from its time to the end of work."""
    today = list_day(calendar, rules, now.astimezone(ZoneInfo(calendar.zone)).date())
    return today if today is not None and today.at <= now < today.ends_at else None


def list_before(calendar: BusinessCalendar, rules: MorningRules, day: date) -> ListDay | None:
    """Return the list of the last working day before a day, or None when a month before it has none."""
    return next(_days_before(calendar, rules, day), None)


def missed_lists(calendar: BusinessCalendar, rules: MorningRules, *, last: date, day: date) -> tuple[date, ...]:
    """Return the working days after the last list and before a day, in order, on which nobody got a list."""
    missed = (each.day for each in _days_before(calendar, rules, day) if each.day > last)
    return tuple(sorted(missed))


def _days_before(calendar: BusinessCalendar, rules: MorningRules, day: date) -> Iterator[ListDay]:
    for back in range(1, MOST_DAYS_BACK + 1):
        found = list_day(calendar, rules, day - back * _DAY)
        if found is not None:
            yield found
