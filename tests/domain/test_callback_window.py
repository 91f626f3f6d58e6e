"""Which window is offered: tables with weekdays in words."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_calendar, always_open, at, hours, window_rules
from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.callback_window import (
    MOST_SHOWN,
    SEARCH_WINDOWS,
    CallbackWindow,
    FoundWindow,
    ServiceLevelTarget,
    WindowReason,
    WindowRules,
    candidate_windows,
    find_window,
    overlap,
    windows_with_room,
)

STANDARD = ServiceLevelTarget(name="standard", within=timedelta(hours=8))
SUPERVISOR = ServiceLevelTarget(name="supervisor", within=timedelta(hours=4))
MINUTE_RULES = window_rules(width=timedelta(minutes=1), grain=timedelta(minutes=1), lead=timedelta(0))


def has_room(_window: CallbackWindow) -> bool:
    return False


def full(*openings: str) -> Callable[[CallbackWindow], bool]:
    """Say that the windows which open at these times are full."""
    instants = {at(opening) for opening in openings}
    return lambda window: window.opens_at in instants


def full_before(then: datetime) -> Callable[[CallbackWindow], bool]:
    """Say that the windows which open before an instant are full."""
    return lambda window: window.opens_at < then


def find(now: str, **changes: object) -> FoundWindow:
    """Find a window in the plain calendar."""
    asked: dict[str, object] = {"now": at(now), "is_full": has_room, **changes}
    found = find_window(a_calendar(), STANDARD, window_rules(), **asked)  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.requirement("S2-21")
@pytest.mark.parametrize(
    ("now", "opens", "closes"),
    [
        ("Monday 23 November 2026 03:00:00", "Monday 23 November 2026 09:00:00", "Monday 23 November 2026 11:00:00"),
        ("Monday 23 November 2026 08:30:00", "Monday 23 November 2026 09:00:00", "Monday 23 November 2026 11:00:00"),
        ("Monday 23 November 2026 08:30:01", "Monday 23 November 2026 10:00:00", "Monday 23 November 2026 12:00:00"),
        ("Monday 23 November 2026 10:30:00", "Monday 23 November 2026 11:00:00", "Monday 23 November 2026 13:00:00"),
        # 12 to 14 would cross lunch.
        ("Monday 23 November 2026 10:30:01", "Monday 23 November 2026 14:00:00", "Monday 23 November 2026 16:00:00"),
        ("Monday 23 November 2026 15:30:00", "Monday 23 November 2026 16:00:00", "Monday 23 November 2026 18:00:00"),
        ("Monday 23 November 2026 15:30:01", "Tuesday 24 November 2026 09:00:00", "Tuesday 24 November 2026 11:00:00"),
        ("Friday 20 November 2026 17:00:00", "Monday 23 November 2026 09:00:00", "Monday 23 November 2026 11:00:00"),
        # Over Thanksgiving.
        ("Wednesday 25 November 2026 17:00:00", "Friday 27 November 2026 09:00:00", "Friday 27 November 2026 11:00:00"),
        # Over the nights in which the clock changes.
        ("Friday 06 March 2026 17:00:00", "Monday 09 March 2026 09:00:00", "Monday 09 March 2026 11:00:00"),
        ("Friday 30 October 2026 17:00:00", "Monday 02 November 2026 09:00:00", "Monday 02 November 2026 11:00:00"),
    ],
)
def test_the_first_window_ahead_lies_inside_working_time(now: str, opens: str, closes: str) -> None:
    found = find(now)
    assert found.window == CallbackWindow(opens_at=at(opens), closes_at=at(closes))
    assert found.reason.is_inside_target


def test_windows_open_on_the_grain_and_never_cross_lunch_or_night() -> None:
    windows = candidate_windows(a_calendar(), window_rules(), not_before=at("Monday 23 November 2026 08:00:00"))
    assert [window.opens_at for window in islice(windows, 7)] == [
        at(f"Monday 23 November 2026 {hour}:00:00") for hour in ("09", "10", "11", "14", "15", "16")
    ] + [at("Tuesday 24 November 2026 09:00:00")]


def test_a_span_that_opens_off_the_grain_is_entered_on_the_next_one() -> None:
    calendar = a_calendar(week=(hours("9:30-13:00"),) * 7)
    windows = candidate_windows(calendar, window_rules(), not_before=at("Monday 23 November 2026 08:00:00"))
    assert next(windows).opens_at == at("Monday 23 November 2026 10:00:00")


def test_the_grain_is_that_of_the_wall_clock_where_zones_differ_by_half_hours() -> None:
    calendar = always_open("Asia/Kolkata")
    windows = candidate_windows(calendar, window_rules(), not_before=datetime(2026, 11, 23, 0, 10, tzinfo=UTC))
    assert next(windows).opens_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "not_before", "openings"),
    [
        # 1:00 comes twice: a window over the change would say one hour and mean two.
        (
            "America/New_York",
            datetime(2026, 11, 1, 3, tzinfo=UTC),
            ["23:00 EDT", "01:00 EST", "02:00 EST"],
        ),
        # 2:00 never comes.
        ("America/New_York", datetime(2026, 3, 8, 4, tzinfo=UTC), ["23:00 EST", "03:00 EDT", "04:00 EDT"]),
        # A shift by half an hour leaves the grid of hours; the next window is on it again.
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 12, tzinfo=UTC), ["23:00 +11", "02:00 +1030", "03:00 +1030"]),
    ],
)
def test_no_window_holds_the_moment_in_which_the_clock_changes(
    zone: str, not_before: datetime, openings: list[str]
) -> None:
    calendar = always_open(zone)
    found = list(islice(candidate_windows(calendar, window_rules(), not_before=not_before), 3))
    assert [window.opens_at.astimezone(ZoneInfo(zone)).strftime("%H:%M %Z") for window in found] == openings


@pytest.mark.parametrize("zone", ["Europe/Zagreb", "America/New_York"])
@pytest.mark.parametrize("last_day", ["Friday 6 March 2026", "Friday 27 March 2026", "Friday 23 October 2026"])
def test_over_a_weekend_in_which_the_clock_changes_windows_and_deadlines_keep_their_time_of_day(
    zone: str, last_day: str
) -> None:
    """Promised at four on the Friday: due after eight working hours, and the window is that of any other week."""
    calendar, now = a_calendar(zone=zone, country=""), at(f"{last_day} 16:00:00", zone)
    found = find_window(calendar, STANDARD, window_rules(), now=now, is_full=full_before(now + timedelta(days=1)))
    assert found is not None
    opens, due = (each.astimezone(ZoneInfo(zone)) for each in (found.window.opens_at, found.reason.due_by))
    assert (f"{opens:%A %H:%M}", f"{due:%A %H:%M}") == ("Monday 09:00", "Monday 16:00")
    assert f"first window left: {opens:%a} {opens.day} {opens:%b %Y, %H:%M %Z}" in found.reason.lines()[-1]


@pytest.mark.requirement("V-05")
def test_a_time_of_day_that_was_agreed_comes_before_earlier_windows_within_a_week() -> None:
    noon, monday = "Monday 23 November 2026 12:00:00", "Monday 23 November 2026 14:00:00"
    tuesday = [f"Tuesday 24 November 2026 {hour}:00:00" for hour in ("09", "10")]
    assert find(noon).window.opens_at == at(monday)
    agreed = find(noon, is_agreed=full(*tuesday))
    assert (agreed.window.opens_at, agreed.reason.is_agreed_time) == (at(tuesday[0]), True)
    assert agreed.reason.lines()[-1].startswith("first window left in the morning, as was agreed with them: ")
    chosen = agreed.reason.model_copy(update={"is_chosen": True})
    assert chosen.lines()[-1].startswith("chosen among those with room: ")
    assert find(noon, is_agreed=full(*tuesday), is_full=full(tuesday[0])).window.opens_at == at(tuesday[1])
    for openings in (["Tuesday 1 December 2026 09:00:00"], []):
        none = find(noon, is_agreed=full(*openings))
        assert (none.window.opens_at, none.reason.is_agreed_time) == (at(monday), False), "a week later is too late"


def test_minutes_serve_as_grain_where_the_company_never_closes() -> None:
    now = datetime(2026, 11, 23, 23, 59, 10, tzinfo=UTC)
    target = ServiceLevelTarget(name="standard", within=timedelta(minutes=3))
    found = find_window(always_open(), target, MINUTE_RULES, now=now, is_full=has_room)
    assert found is not None
    assert found.window.opens_at == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert found.window.closes_at == datetime(2026, 11, 24, 0, 1, tzinfo=UTC)
    assert "not before Mon 23 Nov 2026, 23:59:10 UTC" in found.reason.lines()
    assert "windows are 1 minute wide and open every 1 minute" in found.reason.lines()


def test_a_full_window_is_skipped_and_the_reason_names_it() -> None:
    found = find(
        "Monday 23 November 2026 08:00:00",
        is_full=full("Monday 23 November 2026 09:00:00", "Monday 23 November 2026 10:00:00"),
    )
    assert found.window.opens_at == at("Monday 23 November 2026 11:00:00")
    assert [skipped.opens_at for skipped in found.reason.full] == [
        at("Monday 23 November 2026 09:00:00"),
        at("Monday 23 November 2026 10:00:00"),
    ]
    assert "full: Mon 23 Nov 2026, 09:00 EST to Mon 23 Nov 2026, 11:00 EST" in found.reason.lines()


def test_when_all_inside_the_target_are_full_the_next_one_is_promised_and_the_reason_says_so() -> None:
    calendar, now = a_calendar(), at("Monday 23 November 2026 08:00:00")
    tomorrow = at("Tuesday 24 November 2026 00:00:00")
    found = find_window(
        calendar, SUPERVISOR, window_rules(), now=now, is_full=lambda window: window.opens_at < tomorrow
    )
    assert found is not None
    assert found.window.opens_at == at("Tuesday 24 November 2026 09:00:00")
    assert not found.reason.is_inside_target
    assert found.reason.lines()[-1] == "it ends after the target's deadline: no window inside it is left"


def test_a_window_that_only_begins_inside_the_target_is_not_inside_it() -> None:
    target = ServiceLevelTarget(name="short", within=timedelta(hours=3))
    found = find_window(
        a_calendar(),
        target,
        window_rules(),
        now=at("Monday 23 November 2026 09:00:00"),
        is_full=full("Monday 23 November 2026 10:00:00"),
    )
    assert found is not None
    assert found.window.opens_at == at("Monday 23 November 2026 11:00:00") < found.reason.due_by
    assert not found.reason.is_inside_target


def test_a_later_window_opens_when_the_earlier_one_closes() -> None:
    earlier = find("Monday 23 November 2026 08:00:00").window
    later = find("Monday 23 November 2026 08:00:00", later_than=earlier.closes_at)
    assert later.window.opens_at == at("Monday 23 November 2026 11:00:00") == earlier.closes_at
    after = find("Monday 23 November 2026 08:00:00", later_than=later.window.closes_at)
    assert after.window.opens_at == at("Monday 23 November 2026 14:00:00")
    assert "a later time was wished: not before Mon 23 Nov 2026, 13:00 EST" in after.reason.lines()


def test_a_later_window_past_the_target_is_the_caller_s_own_request() -> None:
    last = CallbackWindow(
        opens_at=at("Monday 23 November 2026 16:00:00"), closes_at=at("Monday 23 November 2026 18:00:00")
    )
    found = find("Monday 23 November 2026 08:00:00", later_than=last.closes_at)
    assert not found.reason.is_inside_target
    assert found.reason.lines()[-1] == "it ends after the target's deadline: a later time was wished"


def test_the_lead_counts_for_a_later_window_too() -> None:
    closed_long_ago = CallbackWindow(
        opens_at=at("Friday 20 November 2026 09:00:00"), closes_at=at("Friday 20 November 2026 11:00:00")
    )
    found = find("Monday 23 November 2026 09:45:00", later_than=closed_long_ago.closes_at)
    assert found.window.opens_at == at("Monday 23 November 2026 11:00:00")


def test_nothing_is_promised_when_every_window_is_full() -> None:
    asked = []

    def is_full(window: CallbackWindow) -> bool:
        asked.append(window)
        return True

    now = at("Monday 23 November 2026 08:00:00")
    assert find_window(a_calendar(), STANDARD, window_rules(), now=now, is_full=is_full) is None
    assert asked[-1].opens_at <= now + timedelta(days=93)
    asked.clear()
    assert find_window(always_open(), STANDARD, MINUTE_RULES, now=now, is_full=is_full) is None
    assert len(asked) == SEARCH_WINDOWS


def test_the_reason_explains_the_instant_line_by_line() -> None:
    reason = find("Wednesday 25 November 2026 17:10:00").reason
    assert reason.lines() == (
        "promise made Wed 25 Nov 2026, 17:10 EST",
        "target standard: within 8 hours of working time",
        "closed Wed 25 Nov 2026, 18:00 EST to Fri 27 Nov 2026, 09:00 EST: "
        "Thu 26 Nov 2026 public holiday: Thanksgiving Day",
        "closed Fri 27 Nov 2026, 13:00 EST to Fri 27 Nov 2026, 14:00 EST: outside opening hours",
        "so it is due by Fri 27 Nov 2026, 17:10 EST",
        "not before Wed 25 Nov 2026, 17:40 EST: at least 30 minutes ahead",
        "windows are 2 hours wide and open every 1 hour",
        "first window left: Fri 27 Nov 2026, 09:00 EST to Fri 27 Nov 2026, 11:00 EST",
    )


def test_the_reason_survives_being_stored_as_json() -> None:
    reason = find("Wednesday 25 November 2026 17:10:00", is_full=full("Friday 27 November 2026 09:00:00")).reason
    assert WindowReason.model_validate_json(reason.model_dump_json()) == reason


def test_a_reason_lists_only_the_first_of_very_many_full_windows() -> None:
    now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    free_from = now + timedelta(minutes=MOST_SHOWN + 5)
    found = find_window(
        always_open(), STANDARD, MINUTE_RULES, now=now, is_full=lambda window: window.opens_at < free_from
    )
    assert found is not None
    assert len(found.reason.full) == MOST_SHOWN
    assert "and 5 more full ones" in found.reason.lines()


def test_an_odd_amount_of_time_is_said_in_seconds() -> None:
    rules = window_rules(width=timedelta(minutes=1), grain=timedelta(minutes=1), lead=timedelta(seconds=90))
    found = find_window(always_open(), STANDARD, rules, now=datetime(2026, 11, 23, 10, 0, tzinfo=UTC), is_full=has_room)
    assert found is not None
    assert "not before Mon 23 Nov 2026, 10:01:30 UTC: at least 90 seconds ahead" in found.reason.lines()


@pytest.mark.parametrize(
    ("callbacks", "percent", "capacity"), [(10, 80, 8), (10, 100, 10), (1, 80, 1), (3, 80, 2), (6, 80, 4)]
)
def test_capacity_leaves_slack_but_never_falls_below_one(callbacks: int, percent: int, capacity: int) -> None:
    assert window_rules(callbacks_per_window=callbacks, fill_percent=percent).capacity == capacity


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["America/New_York", "Asia/Jerusalem", "Europe/Berlin"]),
    st.sampled_from(
        [datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 3, 26, tzinfo=UTC), datetime(2026, 10, 23, tzinfo=UTC)]
    ),
    st.integers(0, 10 * 24 * 60 * 60),
    st.sampled_from([30, 60, 120]),
    st.sampled_from([15, 30, 60]),
)
def test_every_window_offered_is_whole_on_the_grain_ahead_and_in_order(
    zone: str, begun: datetime, seconds: int, width: int, grain: int
) -> None:
    calendar: BusinessCalendar = a_calendar(zone=zone)
    rules = window_rules(width=timedelta(minutes=width), grain=timedelta(minutes=grain))
    not_before = begun + timedelta(seconds=seconds)
    windows = list(islice(candidate_windows(calendar, rules, not_before=not_before), 40))
    assert [window.opens_at for window in windows] == sorted({window.opens_at for window in windows})
    for window in windows:
        assert window.opens_at >= not_before
        assert calendar.working_time_between(window.opens_at, window.closes_at) == rules.width
        assert window.closes_at - window.opens_at == rules.width
        local = window.opens_at.astimezone(ZoneInfo(zone))
        assert (local.hour * 60 + local.minute) % grain == local.second == 0


@pytest.mark.parametrize(
    ("callbacks", "fill", "silent", "capacity", "for_silent"),
    [(10, 80, 10, 8, 1), (100, 80, 10, 80, 8), (100, 80, 0, 80, 1), (1, 50, 10, 1, 1), (10, 100, 100, 10, 10)],
)
def test_silent_callers_share_a_part_of_a_window_and_at_least_one_place(
    callbacks: int, fill: int, silent: int, capacity: int, for_silent: int
) -> None:
    rules = window_rules(callbacks_per_window=callbacks, fill_percent=fill, silent_percent=silent)
    assert (rules.capacity, rules.for_silent.capacity) == (capacity, for_silent)
    assert (rules.for_silent.width, rules.for_silent.grain) == (rules.width, rules.grain)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            a_calendar(),
            a_calendar(zone="Australia/Lord_Howe"),
            a_calendar(week=(hours("0:00-2:10", "2:40-6:00", "18:00-24:00"),) * 7, country=""),
            a_calendar(week=(hours("9:30-10:10", "10:20-13:00"), (), (), (), (), (), ())),
            always_open("America/New_York"),
        ]
    ),
    st.sampled_from(
        [datetime(2026, 3, 6, tzinfo=UTC), datetime(2026, 4, 3, tzinfo=UTC), datetime(2026, 10, 30, tzinfo=UTC)]
    ),
    st.integers(0, 5 * 24 * 60 * 60),
    st.sampled_from([30, 60, 120]),
    st.sampled_from([15, 30, 60]),
)
def test_walking_span_by_span_finds_the_windows_that_walking_instant_by_instant_finds(
    calendar: BusinessCalendar, begun: datetime, seconds: int, width: int, grain: int
) -> None:
    rules = window_rules(width=timedelta(minutes=width), grain=timedelta(minutes=grain))
    not_before = begun + timedelta(seconds=seconds)
    found = candidate_windows(calendar, rules, not_before=not_before)
    windows = list(takewhile(lambda window: window.opens_at < begun + LOOKED_AT, found))
    quarters = (begun + timedelta(minutes=past) for past in range(0, LOOKED_AT // timedelta(minutes=1), 15))
    assert windows == [
        CallbackWindow(opens_at=opens_at, closes_at=opens_at + rules.width)
        for opens_at in quarters
        if opens_at >= not_before and is_offered(calendar, rules, opens_at)
    ]


LOOKED_AT = timedelta(days=12)


def is_offered(calendar: BusinessCalendar, rules: WindowRules, opens_at: datetime) -> bool:
    """Say of one instant, by the letter of the rules, whether a window opens at it."""
    zone = ZoneInfo(calendar.zone)
    opens, closes = opens_at.astimezone(zone), (opens_at + rules.width).astimezone(zone)
    is_on_grain = timedelta(hours=opens.hour, minutes=opens.minute) % rules.grain == timedelta(0)
    is_whole = calendar.working_time_between(opens_at, opens_at + rules.width) == rules.width
    return is_on_grain and is_whole and opens.utcoffset() == closes.utcoffset()


@pytest.mark.requirement("D-03")
def test_windows_to_choose_from_have_room_and_none_overlaps_another() -> None:
    found = windows_with_room(
        a_calendar(),
        window_rules(),
        not_before=at("Monday 23 November 2026 08:00:00"),
        is_full=full("Monday 23 November 2026 11:00:00"),
        most=3,
    )
    assert [window.opens_at for window in found] == [
        at(f"Monday 23 November 2026 {hour}:00:00") for hour in ("09", "14", "16")
    ]
    assert [overlap(found[0], each) for each in found] == [True, False, False]


def test_where_every_window_is_full_there_is_none_to_choose() -> None:
    not_before = at("Monday 23 November 2026 08:00:00")
    rules = window_rules()
    assert windows_with_room(a_calendar(), rules, not_before=not_before, is_full=lambda _window: True, most=3) == ()


@pytest.mark.requirement("S1-08")
@pytest.mark.parametrize(("count", "said"), [(1, "one window"), (2, "2 windows")])
def test_the_reason_of_a_next_try_says_how_many_windows_were_in_vain(count: int, said: str) -> None:
    found = find("Monday 23 November 2026 08:00:00").reason
    tried = found.model_copy(update={"windows_in_vain": count, "closes_at": found.due_by + timedelta(hours=1)})
    assert any(f"at another time of day, after {said} without an answer" in line for line in tried.lines())
    assert tried.lines()[-1] == "it ends after the target's deadline: nobody answered before"
