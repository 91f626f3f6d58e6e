"""When somebody who was not reached is tried next. That is on another day, at another time of day.

Who does not pick up at ten on a Monday seldom picks up at eleven. So the windows of the tries are spread over the
policy's working days, and each is as far as it can be, by the clock, from those in which nobody answered.
Knows: windows, working days. Must not know: which windows have room, who is rung.
Source: script.md 7 (three windows in five working days at other times of day).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.callback_rules import CallbackRules
from voicebot.domain.callback_window import CallbackWindow

_DAY = timedelta(days=1)


def next_try_not_before(rules: CallbackRules, calendar: BusinessCalendar, tried: Sequence[CallbackWindow]) -> datetime:
    """Return the earliest instant at which the next window may open, where `tried` are those in vain, oldest first."""
    between = max(1, (rules.windows_over_days - 1) // max(1, rules.windows - 1))
    return calendar.add_working_days(tried[0].opens_at, between * len(tried) - 1)


def window_of_next_try(
    offered: Sequence[CallbackWindow], tried: Sequence[CallbackWindow], calendar: BusinessCalendar
) -> CallbackWindow | None:
    """Return the window of the first day that is offered whose time of day is farthest from those tried in vain."""
    zone = ZoneInfo(calendar.zone)
    first_day = [window for window in offered if _day(window, zone) == _day(offered[0], zone)]
    return max(first_day, key=lambda window: _apart(window, tried, zone), default=None)


def _apart(window: CallbackWindow, tried: Sequence[CallbackWindow], zone: ZoneInfo) -> timedelta:
    """Return how far a window lies by the clock from the nearest of others."""
    return min((abs(_clock(window, zone) - _clock(other, zone)) for other in tried), default=_DAY)


def _clock(window: CallbackWindow, zone: ZoneInfo) -> timedelta:
    local = window.opens_at.astimezone(zone)
    return timedelta(hours=local.hour, minutes=local.minute)


def _day(window: CallbackWindow, zone: ZoneInfo) -> object:
    return window.opens_at.astimezone(zone).date()
