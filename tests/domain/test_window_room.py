"""Promises are made only as far as the staff can keep all of them, however the windows overlap."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.builders import a_calendar, a_person, always_open, at, hours, window_rules
from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.callback_window import CallbackWindow, WindowRules, candidate_windows
from voicebot.domain.rota import Person, Rota
from voicebot.domain.staffing import Staffing
from voicebot.domain.window_room import REACH, SilentRoom, WindowRoom

RULES = window_rules()
"""Eight callbacks in two hours: one in each quarter of an hour."""
QUARTER = timedelta(minutes=15)
CALENDAR = a_calendar()


def window(opens: int, *, wide: int = 2) -> CallbackWindow:
    opens_at = at(f"Wednesday 18 November 2026 {opens:02}:00:00")
    return CallbackWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=wide))


def has_room(
    asked: CallbackWindow, promised: Iterable[CallbackWindow], *, calendar: BusinessCalendar = CALENDAR
) -> bool:
    """Ask about one window alone."""
    return WindowRoom(Counter(promised), rules=RULES, calendar=calendar).has_room(asked)


def room(opens: int, promised: list[CallbackWindow]) -> int:
    """Count how many callbacks more a window takes."""
    taken = list(promised)
    while has_room(window(opens), taken):
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
    assert not has_room(window(15), hours, calendar=always_open())
    assert has_room(window(22, wide=2), hours, calendar=always_open())


@given(st.lists(st.sampled_from([9, 10, 11, 14, 15, 16]), max_size=60))
def test_all_promises_that_are_taken_in_can_be_kept(wished: list[int]) -> None:
    taken: list[CallbackWindow] = []
    for opens in wished:
        if has_room(window(opens), taken):
            taken.append(window(opens))
    assert all(ended <= promised.closes_at for promised, ended in kept_in_turn(taken))


@given(st.lists(st.sampled_from([9, 10, 11]), max_size=24), st.sampled_from([9, 10, 11]))
def test_no_promise_is_refused_that_could_be_kept(wished: list[int], more: int) -> None:
    taken: list[CallbackWindow] = []
    for opens in wished:
        if has_room(window(opens), taken):
            taken.append(window(opens))
    could_be_kept = all(ended <= promised.closes_at for promised, ended in kept_in_turn([*taken, window(more)]))
    assert has_room(window(more), taken) == could_be_kept


NIGHTS = a_calendar(week=(hours("0:00-6:00", "18:00-24:00"),) * 7, country="")
"""Open over midnight: working time goes on from one day's last span into the next day's first."""
FIRST = at("Wednesday 18 November 2026 00:00:00")
A_DAY = int(timedelta(days=1).total_seconds()) // 900


@st.composite
def promised_ahead(draw: st.DrawFn) -> Counter[CallbackWindow]:
    """Draw open promises over five days, most of them on few instants, some of other widths (the policy was edited)."""
    opens = draw(
        st.lists(st.integers(0, 5 * A_DAY).map(lambda quarter: quarter - quarter % 4), min_size=1, max_size=14)
    )
    widths = draw(st.lists(st.sampled_from([1, 2, 2, 2, 5]), min_size=len(opens), max_size=len(opens)))
    counts = draw(st.lists(st.integers(1, 9), min_size=len(opens), max_size=len(opens)))
    promised = Counter[CallbackWindow]()
    for opens_after, wide, count in zip(opens, widths, counts, strict=True):
        opens_at = FIRST + opens_after * QUARTER
        promised[CallbackWindow(opens_at=opens_at, closes_at=opens_at + timedelta(hours=wide))] += count
    return promised


def busy_for_days(busiest_hour: int) -> Counter[CallbackWindow]:
    """Promise four callbacks an hour, as many as are made, and eight in one: felt as far as anybody looks."""
    opens = [FIRST + timedelta(hours=hour) for hour in range(80)]
    promised = Counter({CallbackWindow(opens_at=each, closes_at=each + RULES.width): 4 for each in opens})
    promised[CallbackWindow(opens_at=opens[busiest_hour], closes_at=opens[busiest_hour] + RULES.width)] = 8
    return promised


@example(busy_for_days(0), always_open(), 60, False)
@example(busy_for_days(79), always_open(), 60, True)
@settings(max_examples=60, deadline=None)
@given(promised_ahead(), st.sampled_from([CALENDAR, NIGHTS, always_open()]), st.sampled_from([30, 60]), st.booleans())
def test_a_search_finds_full_just_what_looking_at_every_stretch_finds_full(
    promised: Counter[CallbackWindow], calendar: BusinessCalendar, grain: int, is_backwards: bool
) -> None:
    rules = window_rules(grain=timedelta(minutes=grain))
    asked = list(islice(candidate_windows(calendar, rules, not_before=FIRST), 80))
    room = WindowRoom(promised, rules=rules, calendar=calendar)
    for each in reversed(asked) if is_backwards else asked:
        assert room.has_room(each) == every_stretch_has_room(each, promised, rules=rules, calendar=calendar), each


def every_stretch_has_room(
    asked: CallbackWindow, promised: Counter[CallbackWindow], *, rules: WindowRules, calendar: BusinessCalendar
) -> bool:
    """Look at every stretch by the letter of the criterion: the slow way, by which the quick one is measured."""
    demand = Counter([asked])
    for each, count in promised.items():
        if each.closes_at > asked.opens_at - REACH and each.opens_at < asked.closes_at + REACH:
            demand[each] += count
    begins = {each.opens_at for each in demand if each.opens_at <= asked.opens_at}
    ends = {each.closes_at for each in demand if each.closes_at >= asked.closes_at}
    stretches = ((begin, end) for begin in begins for end in ends)
    return all(
        sum(count for each, count in demand.items() if begin <= each.opens_at and each.closes_at <= end) * rules.width
        <= rules.capacity * (end - begin)
        for begin, end in stretches
        if calendar.working_time_between(begin, end) == end - begin
    )


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


# --- callers who left neither a word nor a key --------------------------------------------------------------


def silent_windows(count: int, rules: WindowRules) -> Counter[CallbackWindow]:
    """Promise so many silent callers a window, each the first that has room in their share."""
    promised: Counter[CallbackWindow] = Counter()
    for _ in range(count):
        share = SilentRoom(promised, rules=rules, calendar=CALENDAR)
        ahead = candidate_windows(CALENDAR, rules, not_before=at("Wednesday 18 November 2026 09:00:00"))
        promised[next(each for each in ahead if share.has_room(each))] += 1
    return promised


@pytest.mark.parametrize(("callbacks", "on_a_day"), [(10, 3), (1, 1), (2, 1), (100, 32)])
def test_the_silent_get_their_share_of_a_day_and_one_at_least(callbacks: int, on_a_day: int) -> None:
    promised = silent_windows(3 * on_a_day, window_rules(callbacks_per_window=callbacks))
    days = Counter(each.opens_at.date() for each in promised.elements())
    assert set(days.values()) == {on_a_day}


def test_however_many_silent_callers_ring_each_window_keeps_its_room_for_words() -> None:
    promised = silent_windows(40, RULES)
    assert max(promised.values()) == 1
    for each in candidate_windows(CALENDAR, RULES, not_before=at("Wednesday 18 November 2026 09:00:00")):
        if each.opens_at > max(window.opens_at for window in promised):
            break
        assert WindowRoom(promised, rules=RULES, calendar=CALENDAR).has_room(each)


def test_a_greater_share_gives_them_more() -> None:
    promised = silent_windows(16, replace(RULES, silent_percent=50))
    assert {each.opens_at.date() for each in promised} == {at("Wednesday 18 November 2026 09:00:00").date()}


# --- people on duty ------------------------------------------------------------------------------------------


def by_people(*people: Person) -> Staffing:
    """Let each make four callbacks an hour, filled to 80 %."""
    return Staffing(rota=Rota(people=people, calendar=CALENDAR), calls_an_hour=4, fill_percent=80)


def room_of(staffing: Staffing, opens: int, promised: Iterable[CallbackWindow] = ()) -> int:
    """Count how many callbacks more a window takes with these people."""
    taken = Counter(promised)
    count = 0
    while WindowRoom(taken, rules=RULES, calendar=CALENDAR, supply=staffing.between).has_room(window(opens)):
        taken[window(opens)] += 1
        count += 1
    return count


ANNA = a_person("anna", "Wednesday 9:00-18:00")
BEN = a_person("ben", "Wednesday 10:00-11:00")


@pytest.mark.requirement("S2-23")
def test_window_takes_what_the_people_on_duty_make_in_it() -> None:
    assert room_of(by_people(ANNA), 9) == 6  # 2 hours x 4 x 80 %
    assert room_of(by_people(ANNA, BEN), 9) == 9  # an hour more
    assert room_of(by_people(ANNA, BEN), 14) == 6
    assert room_of(by_people(BEN), 9) == 3


def test_windows_that_overlap_share_the_people_of_the_hours_they_share() -> None:
    staffing = by_people(ANNA, BEN)
    assert room_of(staffing, 10, [window(9)] * 9) == 3, "twelve from nine to twelve, with Ben for an hour"


def test_window_with_nobody_on_duty_has_no_room_and_one_with_somebody_has_room_for_one() -> None:
    assert room_of(by_people(BEN), 14) == 0
    assert room_of(by_people(a_person("cem", "Wednesday 14:00-14:10")), 14) == 1


def test_silent_callers_get_their_share_of_what_the_people_make() -> None:
    staffing = by_people(ANNA)
    day = Counter({window(9): 1})
    share = SilentRoom(day, rules=RULES, calendar=CALENDAR, supply=staffing.between)
    assert share.has_room(window(14)), "a tenth of eight hours with four calls each, at 80 %, is two"
    full = SilentRoom(day + Counter({window(14): 1}), rules=RULES, calendar=CALENDAR, supply=staffing.between)
    assert not full.has_room(window(16))


PEOPLE = st.lists(
    st.lists(
        st.tuples(st.integers(8, 18), st.integers(1, 8)).map(
            lambda it: f"Wednesday {it[0]}:00-{it[0] + it[1] % 6 + 1}:00"
        ),
        max_size=1,
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=60, deadline=None)
@given(PEOPLE, st.lists(st.sampled_from([9, 10, 11, 14, 15, 16]), max_size=40))
def test_however_windows_are_asked_for_no_stretch_is_promised_more_than_its_people_make(
    shifts: list[list[str]], asked: list[int]
) -> None:
    staffing = by_people(*(a_person(f"person_{number}", *spans) for number, spans in enumerate(shifts)))
    promised: Counter[CallbackWindow] = Counter()
    for opens in asked:
        if WindowRoom(promised, rules=RULES, calendar=CALENDAR, supply=staffing.between).has_room(window(opens)):
            promised[window(opens)] += 1
    edges = [window(opens) for opens in (9, 10, 11, 14, 15, 16)]
    for begin, end in ((one.opens_at, other.closes_at) for one in edges for other in edges):
        if CALENDAR.working_time_between(begin, end) == end - begin > timedelta(0):
            inside = sum(count for each, count in promised.items() if begin <= each.opens_at and each.closes_at <= end)
            assert inside <= max(1, staffing.between(begin, end) + 0.001)
