"""Promises are made only as far as the staff can keep all of them, however the windows overlap."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_calendar, always_open, at, window_rules
from voicebot.domain.callback_window import CallbackWindow
from voicebot.domain.window_room import has_room

RULES = window_rules()
"""Eight callbacks in two hours: one in each quarter of an hour."""
QUARTER = timedelta(minutes=15)
CALENDAR = a_calendar()


def window(opens: int, *, wide: int = 2) -> CallbackWindow:
    opens_at = at(f"Wednesday 18 November 2026 {opens:02}:00:00")
    return CallbackWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=wide))


def room(opens: int, promised: list[CallbackWindow]) -> int:
    """Count how many callbacks more a window takes."""
    taken = list(promised)
    while has_room(window(opens), taken, rules=RULES, calendar=CALENDAR):
        taken.append(window(opens))
    return len(taken) - len(promised)


def test_an_empty_window_takes_what_the_staff_make_in_it() -> None:
    assert room(9, []) == 8


@pytest.mark.requirement("S2-21")
def test_a_window_beside_a_full_one_that_it_overlaps_takes_only_what_its_own_hour_adds() -> None:
    full = [window(9)] * 8
    assert room(10, full) == 4
    assert room(11, full) == 8
    assert room(11, full + [window(10)] * 4) == 4, "sixteen in four hours, not twenty-four"


def test_an_earlier_window_is_bound_by_a_later_one_too() -> None:
    assert room(9, [window(10)] * 8) == 4


def test_a_closed_time_divides() -> None:
    assert room(14, [window(11)] * 40) == 8, "what is too much before noon takes nothing from the afternoon"


def test_what_is_promised_beyond_the_room_takes_it_from_all_that_it_touches() -> None:
    assert room(10, [window(11)] * 12) == 0


def test_in_a_house_that_never_closes_a_day_full_of_promises_is_full() -> None:
    hours = [window(9), *(window(opens) for opens in range(9, 21) for _ in range(4)), window(9), window(9), window(9)]
    assert not has_room(window(15), hours, rules=RULES, calendar=always_open())
    assert has_room(window(22, wide=2), hours, rules=RULES, calendar=always_open())


@given(st.lists(st.sampled_from([9, 10, 11, 14, 15, 16]), max_size=60))
def test_all_that_is_taken_in_can_be_kept(wished: list[int]) -> None:
    taken: list[CallbackWindow] = []
    for opens in wished:
        if has_room(window(opens), taken, rules=RULES, calendar=CALENDAR):
            taken.append(window(opens))
    assert all(ended <= promised.closes_at for promised, ended in kept_in_turn(taken))


@given(st.lists(st.sampled_from([9, 10, 11]), max_size=24), st.sampled_from([9, 10, 11]))
def test_nothing_is_refused_that_could_be_kept(wished: list[int], more: int) -> None:
    taken: list[CallbackWindow] = []
    for opens in wished:
        if has_room(window(opens), taken, rules=RULES, calendar=CALENDAR):
            taken.append(window(opens))
    could_be_kept = all(ended <= promised.closes_at for promised, ended in kept_in_turn([*taken, window(more)]))
    assert has_room(window(more), taken, rules=RULES, calendar=CALENDAR) == could_be_kept


def kept_in_turn(promised: list[CallbackWindow]) -> list[tuple[CallbackWindow, datetime]]:
    """Ring everybody, one each quarter of an hour, the one whose window closes first first; say when each was rung."""
    waiting, rung, now = list(promised), [], window(9).opens_at
    while waiting:
        open_now = [each for each in waiting if each.opens_at <= now]
        if open_now:
            first = min(open_now, key=lambda each: each.closes_at)
            waiting.remove(first)
            rung.append((first, now + QUARTER))
        now += QUARTER
    return rung
