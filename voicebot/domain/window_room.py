"""Whether one more callback can be promised in a window, so that all that are promised can be kept.

Windows overlap (two hours wide, one opens each hour), so the count of one window says little, because three full ones
within four hours are half as many again as anybody can make. Every promise can be kept just when, in each stretch from
one window's opening to a window's closing, those that lie wholly within it are no more than the staff make in it.

A search for a window asks about many that follow one another, so a stretch that was found full is remembered, since
every window within it is full too. How many they make is the same in every hour by the rules, or what the people on
duty make by the rota. Then a window with nobody on duty has no room, and one with somebody has room for one at least.
Knows: windows, their rules, working time. Must not know: whose promises they are, who is on duty.
Source: the processor demand criterion (Baruah, Rosier, Howell, 1990), for callbacks that all take equally long.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.callback_window import CallbackWindow, WindowRules

REACH = timedelta(days=1)
"""Promises further than this from a window take no room from it, because working time seldom goes on so long
unbroken.
"""

Supply = Callable[[datetime, datetime], float]
"""How many callbacks may be promised between two instants."""

_ROUNDING = 1e-9
"""Hours are summed as floating numbers. This is less than any callback."""

Promised = tuple[CallbackWindow, int]
"""A window, and how many callbacks are promised in it."""


class WindowRoom:
    """The room beside what is promised at one moment."""

    def __init__(
        self,
        promised: Mapping[CallbackWindow, int],
        *,
        rules: WindowRules,
        calendar: BusinessCalendar,
        supply: Supply | None = None,
    ) -> None:
        self._supply = supply
        self._promised: list[Promised] = sorted(
            ((window, count) for window, count in promised.items() if count), key=lambda one: one[0].opens_at
        )
        self._openings = [window.opens_at for window, _ in self._promised]
        self._widest = max((window.closes_at - window.opens_at for window in promised), default=timedelta(0))
        self._rules = rules
        self._calendar = calendar
        self._full: CallbackWindow | None = None
        """The stretch that was found full last."""

    def has_room(self, window: CallbackWindow) -> bool:
        """Tell whether a callback in this window of working time can be kept beside those promised within REACH."""
        if self._full is not None and _is_within_reach(self._full, window):
            return False
        self._full = self._full_stretch(window, self._beside(window))
        return self._full is None

    def _beside(self, window: CallbackWindow) -> list[Promised]:
        """Return what is promised in the same unbroken working time. Windows lie on one side of a closed time."""
        begins_at, ends_at = window.opens_at - REACH, window.closes_at + REACH
        first = bisect_left(self._openings, begins_at - self._widest)
        last = bisect_left(self._openings, ends_at)
        near = [one for one in self._promised[first:last] if one[0].closes_at > begins_at]
        if not near:
            return near
        unbroken = self._calendar.unbroken_around(window.opens_at, reach=REACH + self._widest + self._rules.width)
        return [one for one in near if unbroken.opens_at <= one[0].opens_at and one[0].closes_at <= unbroken.closes_at]

    def _full_stretch(self, window: CallbackWindow, beside: list[Promised]) -> CallbackWindow | None:
        """Return a stretch that holds the window and has no callback to spare, a long one if there are several."""
        by_end = sorted([*beside, (window, 1)], key=lambda one: one[0].closes_at)
        for begin in sorted({each.opens_at for each, _ in by_end if each.opens_at <= window.opens_at}):
            end = self._last_full_end(window, begin, by_end)
            if end is not None:
                return CallbackWindow(opens_at=begin, closes_at=end)
        return None

    def _last_full_end(self, window: CallbackWindow, begin: datetime, by_end: list[Promised]) -> datetime | None:
        demanded, end = 0, None
        for each, count in by_end:
            if each.opens_at < begin:
                continue
            demanded += count
            if each.closes_at >= window.closes_at and self._is_over(demanded, begin, each.closes_at):
                end = each.closes_at
        return end

    def _is_over(self, demanded: int, begin: datetime, end: datetime) -> bool:
        if self._supply is None:
            return demanded * self._rules.width > self._rules.capacity * (end - begin)
        made = self._supply(begin, end)
        return made <= 0 or demanded > max(1.0, made + _ROUNDING)


class SilentRoom:
    """The room for callers who left neither a word nor a key, so that however many ring, those with words have theirs.

    They get a share of each window and the same share of each day, where one has room at least, because few callbacks a
    window would leave no whole one to a share of it.
    """

    def __init__(
        self,
        silent: Mapping[CallbackWindow, int],
        *,
        rules: WindowRules,
        calendar: BusinessCalendar,
        supply: Supply | None = None,
    ) -> None:
        self._supply = None if supply is None else _share_of(supply, rules.silent_percent)
        self._room = WindowRoom(silent, rules=rules.for_silent, calendar=calendar, supply=self._supply)
        self._zone = ZoneInfo(calendar.zone)
        self._rules = rules
        self._calendar = calendar
        self._days: Counter[date] = Counter()
        self._most: dict[date, int] = {}
        for window, count in silent.items():
            self._days[self._day_of(window)] += count

    def has_room(self, window: CallbackWindow) -> bool:
        """Tell whether one more of them can be promised this window."""
        day = self._day_of(window)
        if day not in self._most:  # a day has dozens of windows, and a flood fills a quarter of a year
            self._most[day] = self._most_on(day)
        return self._days[day] < self._most[day] and self._room.has_room(window)

    def _day_of(self, window: CallbackWindow) -> date:
        return window.opens_at.astimezone(self._zone).date()

    def _most_on(self, day: date) -> int:
        begins_at = datetime.combine(day, time(), self._zone)
        ends_at = datetime.combine(day + timedelta(days=1), time(), self._zone)
        if self._supply is not None:
            return max(1, int(self._supply(begins_at, ends_at) + _ROUNDING))
        windows = self._calendar.working_time_between(begins_at, ends_at) / self._rules.width
        return max(1, int(windows * self._rules.capacity * self._rules.silent_percent / 100))


def _share_of(supply: Supply, percent: int) -> Supply:
    return lambda begins_at, ends_at: supply(begins_at, ends_at) * percent / 100


def _is_within_reach(full: CallbackWindow, window: CallbackWindow) -> bool:
    """Tell whether a window lies in a stretch all of whose promises take room from it."""
    return (
        window.opens_at - REACH <= full.opens_at <= window.opens_at
        and window.closes_at <= full.closes_at <= window.closes_at + REACH
    )
