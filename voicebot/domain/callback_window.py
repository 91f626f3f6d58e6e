"""Which callback window is offered, and why it is that one.

A window is found by walking the grain through the working time that lies ahead, never across a closed span and never
nearer than the lead. Full ones are skipped. Those that end inside the target come first because they come first. When
every window inside the target is full the walk goes on past it and the reason says so, because a late promise that is
kept is better than an early one that is not.

Knows: targets, windows, working time (domain/business_calendar.py). Must not know: who promised what (promise.py).
Source: defaults in script.md 7 and complaints.md section 3 (deadlines that can be explained).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import chain, islice, takewhile
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from voicebot.domain.business_calendar import BusinessCalendar, OpenSpan
from voicebot.domain.instants import exact_instant, written_instant

SEARCH_DAYS = 92
"""How far ahead a window is looked for. A firm with no free window in a quarter has no window to promise."""
SEARCH_WINDOWS = 2000
"""How many windows are looked at, because each costs a question about its room, and a fine grain has very many."""
AGREED_WITHIN = timedelta(days=7)
"""So much later than the first window with room one at an agreed time of day may open. A week has every weekday."""
MOST_SHOWN = 20
"""How many full windows a reason lists by name."""

_MOST_INSTANTS = 4096
"""Instants whose wall clock is remembered, because every search of a day asks about the same windows, and while one
searches everybody else who makes a promise waits.
"""
_SECOND = timedelta(seconds=1)
_UNITS = ((3600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, kw_only=True, slots=True)
class CallbackWindow:
    """Earliest and latest instant (aware, UTC) at which we said we would ring."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceLevelTarget:
    """Policy. It means to ring back within so much working time."""

    name: str
    within: timedelta
    """Working time from the making of the promise to the window's end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WindowRules:
    """Policy. It says what an offered window looks like."""

    width: timedelta
    """From opening to closing."""
    grain: timedelta
    """Windows open when the wall clock shows a multiple of this since midnight, which divides the day."""
    lead: timedelta
    """Clock time that lies at least between the promise and its window's opening."""
    callbacks_per_window: int
    """How many callbacks the staff can make in one window."""
    fill_percent: int = 100
    """How much of that is promised. The rest is slack that keeps promises."""
    silent_percent: int = 10
    """How much of what is promised goes to callers who left neither a word nor a key."""

    @property
    def capacity(self) -> int:
        """Return how many promises one window takes, but at least one."""
        return max(1, self.callbacks_per_window * self.fill_percent // 100)

    @property
    def for_silent(self) -> "WindowRules":
        """Return the rules under which the silent share a window among themselves. One of them has room at least."""
        share = max(1, self.capacity * self.silent_percent // 100)
        return replace(self, callbacks_per_window=share, fill_percent=100)


class ClosedTime(BaseModel):
    """A stretch without work between the promise and its deadline or window, with its reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins_at: datetime
    ends_at: datetime
    why: str


class SkippedWindow(BaseModel):
    """A window that would have come first but was full."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opens_at: datetime
    closes_at: datetime


class WindowReason(BaseModel):
    """How a window was found. It is kept with the promise, told to whoever asks "why this instant"."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str
    made_at: datetime
    target: str
    within: timedelta
    due_by: datetime
    lead: timedelta
    earliest_at: datetime
    """The promise plus the lead, or the earlier window's close when a later one was wished."""
    is_later: bool
    is_chosen: bool = False
    """Somebody chose this window among those with room."""
    is_agreed_time: bool = False
    """It lies at the time of day that was agreed with them, and another one may have come first."""
    windows_in_vain: int = 0
    """In so many windows nobody answered. This one lies at another time of day."""
    grain: timedelta
    width: timedelta
    closed: tuple[ClosedTime, ...] = ()
    full: tuple[SkippedWindow, ...] = ()
    """The first MOST_SHOWN of them."""
    full_count: int = 0
    opens_at: datetime
    closes_at: datetime

    @property
    def is_inside_target(self) -> bool:
        """Tell whether the window ends by the target's deadline."""
        return self.closes_at <= self.due_by

    def lines(self) -> tuple[str, ...]:
        """Return the explanation in plain words, one fact a line, in the calendar's zone."""
        return (
            f"promise made {self._said(self.made_at)}",
            f"target {self.target}: within {_amount(self.within)} of working time",
            *(f"closed {self._said(c.begins_at)} to {self._said(c.ends_at)}: {c.why}" for c in self.closed),
            f"so it is due by {self._said(self.due_by)}",
            self._earliest_line(),
            f"windows are {_amount(self.width)} wide and open every {_amount(self.grain)}",
            *(f"full: {self._said(w.opens_at)} to {self._said(w.closes_at)}" for w in self.full),
            *([f"and {self.full_count - len(self.full)} more full ones"] if self.full_count > len(self.full) else []),
            f"{self._how()}: {self._said(self.opens_at)} to {self._said(self.closes_at)}",
            *([] if self.is_inside_target else [self._late_line()]),
        )

    def _how(self) -> str:
        if self.windows_in_vain:
            return (
                f"on a later day and at another time of day, after {_windows(self.windows_in_vain)} without an answer"
            )
        if self.is_chosen:
            return "chosen among those with room"
        return "first window left" + (" in the morning, as was agreed with them" if self.is_agreed_time else "")

    def _earliest_line(self) -> str:
        if self.is_later:
            return f"a later time was wished: not before {self._said(self.earliest_at)}"
        if not self.lead:
            return f"not before {self._said(self.earliest_at)}"
        return f"not before {self._said(self.earliest_at)}: at least {_amount(self.lead)} ahead"

    def _late_line(self) -> str:
        if self.windows_in_vain:
            return "it ends after the target's deadline: nobody answered before"
        why = "a later time was wished" if self.is_later or self.is_chosen else "no window inside it is left"
        return f"it ends after the target's deadline: {why}"

    def _said(self, at: datetime) -> str:
        return exact_instant(at, self.zone) if at.second else written_instant(at, self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundWindow:
    """A window and how it was found."""

    window: CallbackWindow
    reason: WindowReason


def candidate_windows(
    calendar: BusinessCalendar,
    rules: WindowRules,
    *,
    not_before: datetime,
) -> Iterator[CallbackWindow]:
    """Yield the windows that open at or after an instant, earliest first, until SEARCH_DAYS later.

    Each lies wholly in working time. None holds the moment in which the clock is changed, because its two ends said as
    hours would not be the width apart, and one of them could mean either of two instants.
    Raises: NeverOpens.
    """
    zone = ZoneInfo(calendar.zone)
    last = not_before + timedelta(days=SEARCH_DAYS)
    opens_at = not_before
    spans = calendar.open_spans_from(not_before)
    while True:
        span = next(spans)
        opens_at = _next_on_grain(max(opens_at, span.opens_at), rules.grain, zone)
        while opens_at < span.closes_at and opens_at <= last:
            window = CallbackWindow(opens_at=opens_at, closes_at=opens_at + rules.width)
            if _is_whole(calendar, window, span) and not _is_clock_changed(window.opens_at, window.closes_at, zone):
                yield window
            opens_at = _next_on_grain(opens_at + _SECOND, rules.grain, zone)
        if span.closes_at > last:
            return


def find_window(
    calendar: BusinessCalendar,
    target: ServiceLevelTarget,
    rules: WindowRules,
    *,
    now: datetime,
    is_full: Callable[[CallbackWindow], bool],
    later_than: datetime | None = None,
    is_agreed: Callable[[CallbackWindow], bool] | None = None,
) -> FoundWindow | None:
    """Return the first window with room, and why it is that one, or None when SEARCH_DAYS or SEARCH_WINDOWS hold none.

    With `later_than` it opens no earlier than that, which is when earlier offers have closed. The target sets the
    deadline that the reason states. A window past it is returned only because none inside it is left. With `is_agreed`
    the first that lies at a time of day agreed with the complainant comes before others, if it opens within
    AGREED_WITHIN of them.
    Raises: NeverOpens.
    """
    earliest_at = now + rules.lead if later_than is None else max(now + rules.lead, later_than)
    full: list[CallbackWindow] = []
    windows = islice(candidate_windows(calendar, rules, not_before=earliest_at), SEARCH_WINDOWS)
    window = _first_with_room(windows, is_full, full)
    if window is None:
        return None
    agreed = None if is_agreed is None else _first_agreed(window, windows, is_full=is_full, is_agreed=is_agreed)
    window = agreed or window
    due_by = calendar.add_working_time(now, target.within)
    reason = WindowReason(
        zone=calendar.zone,
        made_at=now,
        target=target.name,
        within=target.within,
        due_by=due_by,
        lead=rules.lead,
        earliest_at=earliest_at,
        is_later=later_than is not None,
        is_agreed_time=agreed is not None,
        grain=rules.grain,
        width=rules.width,
        closed=_closed_between(calendar, now, max(window.opens_at, due_by)),
        full=tuple(SkippedWindow(opens_at=one.opens_at, closes_at=one.closes_at) for one in full[:MOST_SHOWN]),
        full_count=len(full),
        opens_at=window.opens_at,
        closes_at=window.closes_at,
    )
    return FoundWindow(window=window, reason=reason)


def _first_with_room(
    windows: Iterator[CallbackWindow], is_full: Callable[[CallbackWindow], bool], full: list[CallbackWindow]
) -> CallbackWindow | None:
    """Return the first window with room, and note the full ones before it."""
    for window in windows:
        if not is_full(window):
            return window
        full.append(window)
    return None


def _first_agreed(
    first: CallbackWindow,
    following: Iterator[CallbackWindow],
    *,
    is_full: Callable[[CallbackWindow], bool],
    is_agreed: Callable[[CallbackWindow], bool],
) -> CallbackWindow | None:
    """Return the first window with room at an agreed time, the first one of all among them, or None within reach."""
    near = takewhile(lambda window: window.opens_at <= first.opens_at + AGREED_WITHIN, chain((first,), following))
    return next((window for window in near if is_agreed(window) and not is_full(window)), None)


def overlap(one: CallbackWindow, other: CallbackWindow) -> bool:
    """Tell whether two windows have any time in common."""
    return one.opens_at < other.closes_at and other.opens_at < one.closes_at


def windows_with_room(
    calendar: BusinessCalendar,
    rules: WindowRules,
    *,
    not_before: datetime,
    is_full: Callable[[CallbackWindow], bool],
    most: int,
) -> tuple[CallbackWindow, ...]:
    """Return the first windows with room, none of which overlaps another. Raises: NeverOpens."""
    found: list[CallbackWindow] = []
    for window in islice(candidate_windows(calendar, rules, not_before=not_before), SEARCH_WINDOWS):
        if (found and window.opens_at < found[-1].closes_at) or is_full(window):
            continue
        found.append(window)
        if len(found) == most:
            break
    return tuple(found)


def _closed_between(calendar: BusinessCalendar, begins_at: datetime, ends_at: datetime) -> tuple[ClosedTime, ...]:
    stretches = calendar.closed_stretches(begins_at, ends_at)
    return tuple(ClosedTime(begins_at=s.begins_at, ends_at=s.ends_at, why=s.why) for s in stretches)


def _next_on_grain(at: datetime, grain: timedelta, zone: ZoneInfo) -> datetime:
    """Return the first instant from `at` on at which the wall clock stands on the grain.

    Two steps may be needed, because zones shift by half hours too, and a step over the shift lands off the grain.
    """
    while past := _since_midnight(at, zone) % grain:
        at += grain - past
    return at.astimezone(UTC)


@lru_cache(maxsize=_MOST_INSTANTS)
def _since_midnight(at: datetime, zone: ZoneInfo) -> timedelta:
    local = at.astimezone(zone).replace(tzinfo=None)
    return local - datetime.combine(date(local.year, local.month, local.day), time())


def _is_whole(calendar: BusinessCalendar, window: CallbackWindow, span: OpenSpan) -> bool:
    """Tell whether a window that opens within a span lies wholly in working time. The next span may follow at once."""
    if window.closes_at <= span.closes_at:
        return True
    working_time = calendar.working_time_between(window.opens_at, window.closes_at)
    return working_time == window.closes_at - window.opens_at


@lru_cache(maxsize=_MOST_INSTANTS)
def _is_clock_changed(opens_at: datetime, closes_at: datetime, zone: ZoneInfo) -> bool:
    return opens_at.astimezone(zone).utcoffset() != closes_at.astimezone(zone).utcoffset()


def _windows(count: int) -> str:
    return "one window" if count == 1 else f"{count} windows"


def _amount(amount: timedelta) -> str:
    seconds = int(amount.total_seconds())
    size, unit = next((size, unit) for size, unit in _UNITS if seconds % size == 0)
    count = seconds // size
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
