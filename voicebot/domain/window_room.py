"""Whether one more callback can be promised in a window, so that all that are promised can be kept.

Windows overlap (two hours wide, one opens each hour), so the count of one window says little: three full ones within
four hours are half as many again as anybody can make. Every promise can be kept just when, in each stretch from one
window's opening to a window's closing, those that lie wholly within it are no more than the staff make in it.

Knows: windows, their rules, working time. Must not know: whose promises they are.
Source: the processor demand criterion (Baruah, Rosier, Howell, 1990), for callbacks that all take equally long.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.callback_window import CallbackWindow, WindowRules

REACH = timedelta(days=1)
"""Promises further than this from a window take no room from it: working time seldom goes on so long unbroken."""


def has_room(
    window: CallbackWindow, promised: Iterable[CallbackWindow], *, rules: WindowRules, calendar: BusinessCalendar
) -> bool:
    """Tell whether a callback in this window can be kept beside those promised; of these, windows within REACH matter.

    A stretch that is not all working time is left out: windows lie on one side of a closed time or the other.
    """
    demand = Counter([window, *promised])
    begins = {each.opens_at for each in demand if each.opens_at <= window.opens_at}
    ends = {each.closes_at for each in demand if each.closes_at >= window.closes_at}
    stretches = ((begin, end) for begin in begins for end in ends)
    return all(
        _demanded(demand, begin, end) * rules.width <= rules.capacity * (end - begin)
        for begin, end in stretches
        if calendar.working_time_between(begin, end) == end - begin
    )


def _demanded(demand: Counter[CallbackWindow], begin: datetime, end: datetime) -> int:
    return sum(count for each, count in demand.items() if begin <= each.opens_at and each.closes_at <= end)
