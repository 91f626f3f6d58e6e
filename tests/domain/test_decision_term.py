"""By when a complaint is decided: working days, ceiling, hard stop, and pauses that no change loses."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_calendar, a_decision_term, always_open, at
from voicebot.domain.decision_term import (
    AFTER_LATE,
    CURRENT_STATES,
    TERM_TRANSITIONS,
    DecisionReason,
    DecisionRules,
    Pause,
    TermState,
    find_due,
    is_term_over,
    kept_rules,
    pauses_in,
    run_again,
    settle_term,
    share_passed,
    wait,
)
from voicebot.errors import Refused

RULES = DecisionRules(targets={"standard": 10, "safety": 1, "billing": 5})
START = at("Wednesday 4 November 2026 10:00:00")


def due(*pauses: Pause, target: str = "standard", started_at: datetime = START) -> DecisionReason:
    return find_due(a_calendar(), RULES, target=target, started_at=started_at, pauses=pauses)


def paused(begins: str, ends: str) -> Pause:
    return Pause(begins_at=at(begins), ends_at=at(ends))


@pytest.mark.requirement("S0-12")
@pytest.mark.parametrize(
    ("started", "target", "expected"),
    [
        ("Wednesday 4 November 2026 10:00:00", "safety", "Thursday 5 November 2026 18:00:00"),
        ("Friday 6 November 2026 17:59:59", "safety", "Monday 9 November 2026 18:00:00"),
        ("Saturday 7 November 2026 12:00:00", "safety", "Monday 9 November 2026 18:00:00"),
        ("Friday 6 November 2026 03:00:00", "safety", "Monday 9 November 2026 18:00:00"),
        # Veterans Day, Wednesday 11 November, is no working day.
        ("Wednesday 4 November 2026 10:00:00", "billing", "Thursday 12 November 2026 18:00:00"),
        # Thanksgiving and the weekends push ten working days beyond the ceiling of 14 days.
        ("Monday 16 November 2026 10:00:00", "standard", "Monday 30 November 2026 10:00:00"),
        ("Monday 2 March 2026 10:00:00", "standard", "Monday 16 March 2026 11:00:00"),
    ],
)
def test_a_decision_is_due_at_the_end_of_its_last_working_day_or_at_the_ceiling(
    started: str, target: str, expected: str
) -> None:
    assert due(started_at=at(started), target=target).due_at == at(expected)


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Zagreb", "America/St_Johns", "Australia/Lord_Howe"])
@pytest.mark.parametrize("start", ["Monday 2 March 2026 10:00:00", "Monday 26 October 2026 10:00:00"])
def test_the_days_in_which_the_clock_changes_count_like_others(zone: str, start: str) -> None:
    """Working days end at closing time by the wall clock, whatever was summed across the change."""
    calendar = replace(a_calendar(country=""), zone=zone)
    found = find_due(calendar, replace(RULES, ceiling=20), target="standard", started_at=at(start, zone))
    assert found.due_at.astimezone(ZoneInfo(zone)).time() == time(18)
    assert found.by_ceiling - found.started_at == timedelta(days=20)


@pytest.mark.requirement("S0-12")
def test_a_pause_gives_back_its_own_working_time_and_nothing_else() -> None:
    by_night = paused("Wednesday 4 November 2026 18:00:00", "Thursday 5 November 2026 09:00:00")
    assert due(by_night, target="billing").due_at == due(target="billing").due_at
    two_hours = paused("Thursday 5 November 2026 09:30:00", "Thursday 5 November 2026 11:30:00")
    assert due(two_hours, target="billing").due_at == at("Friday 13 November 2026 11:00:00")


def test_a_pause_after_the_due_instant_and_one_before_the_start_change_nothing() -> None:
    late = paused("Monday 14 December 2026 10:00:00", "Tuesday 15 December 2026 10:00:00")
    early = paused("Monday 2 November 2026 10:00:00", "Tuesday 3 November 2026 10:00:00")
    assert due(early, late, target="billing").due_at == due(target="billing").due_at
    across = paused("Monday 2 November 2026 10:00:00", "Wednesday 4 November 2026 11:00:00")
    assert due(across, target="safety").due_at == at("Friday 6 November 2026 10:00:00")


def test_no_pause_moves_the_hard_stop() -> None:
    long = paused("Thursday 5 November 2026 10:00:00", "Thursday 3 December 2026 10:00:00")
    found = due(long)
    assert found.due_at == found.by_hard_stop == START + timedelta(days=30)
    assert found.by_ceiling > found.by_hard_stop


def test_a_pause_that_lasts_is_not_summed_yet() -> None:
    assert due(Pause(begins_at=START + timedelta(hours=1)), target="billing").due_at == due(target="billing").due_at


def test_who_asks_why_this_instant_reads_every_cause() -> None:
    lines = due(
        paused("Thursday 5 November 2026 09:30:00", "Thursday 5 November 2026 11:30:00"), target="billing"
    ).lines()
    assert lines == (
        "the clock started Wed 4 Nov 2026, 10:00 EST",
        "target billing: decided within 5 working days",
        "closed Fri 6 Nov 2026, 18:00 EST to Mon 9 Nov 2026, 09:00 EST: "
        "Sat 7 Nov 2026 no opening hours on a Saturday; Sun 8 Nov 2026 no opening hours on a Sunday",
        "closed Tue 10 Nov 2026, 18:00 EST to Thu 12 Nov 2026, 09:00 EST: Wed 11 Nov 2026 public holiday: Veterans Day",
        "waited for the complainant Thu 5 Nov 2026, 09:30 EST to Thu 5 Nov 2026, 11:30 EST",
        "by working days it is due Fri 13 Nov 2026, 11:00 EST",
        "no later than 14 calendar days: Wed 18 Nov 2026, 12:00 EST",
        "and no pause moves it beyond 30 calendar days: Fri 4 Dec 2026, 10:00 EST",
        "so it is due Fri 13 Nov 2026, 11:00 EST",
    )


SPANS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=5)


@given(spans=SPANS)
def test_pauses_only_ever_put_off_and_by_no_more_than_their_length(spans: list[tuple[int, int]]) -> None:
    pauses, end = [], START
    for gap, length in spans:
        begins = end + timedelta(hours=gap)
        end = begins + timedelta(hours=length)
        pauses.append(Pause(begins_at=begins, ends_at=end))
    rules = replace(RULES, ceiling=400, hard_stop=400)
    found = find_due(always_open(), rules, target="standard", started_at=START, pauses=pauses)
    plain = find_due(always_open(), rules, target="standard", started_at=START)
    whole = sum((pause.ends_at - pause.begins_at for pause in pauses if pause.ends_at), timedelta(0))
    assert plain.due_at <= found.due_at <= plain.due_at + whole
    waited = sum(
        (min(p.ends_at, found.due_at) - min(p.begins_at, found.due_at) for p in pauses if p.ends_at), timedelta(0)
    )
    assert found.due_at - START - waited == plain.due_at - START


def test_who_learns_late_that_a_case_is_urgent_is_not_late_at_once() -> None:
    learned_at = START + timedelta(days=6)
    found = find_due(a_calendar(), RULES, target="safety", started_at=START, learned_at=learned_at)
    assert found.due_at == at("Thursday 12 November 2026 18:00:00")
    assert "known to be that since Tue 10 Nov 2026, 10:00 EST" in found.lines()[2]
    early = find_due(a_calendar(), RULES, target="standard", started_at=START, learned_at=learned_at)
    assert early.due_at == due().due_at


def test_a_share_of_the_time_is_counted_without_pauses() -> None:
    found = due(target="billing")
    assert share_passed(a_calendar(), found, 50) == at("Monday 9 November 2026 09:30:00")
    waited = paused("Thursday 5 November 2026 09:30:00", "Friday 6 November 2026 09:30:00")
    moved = due(waited, target="billing")
    assert share_passed(a_calendar(), moved, 50) == at("Tuesday 10 November 2026 09:30:00")
    assert share_passed(a_calendar(), moved, 100) == moved.due_at


def test_pauses_are_read_from_the_history() -> None:
    day = timedelta(days=1)
    lines = [(START, True), (START + day, False), (START + 2 * day, False), (START + 3 * day, True)]
    assert pauses_in(lines, START - day) == (
        Pause(begins_at=START, ends_at=START + day),
        Pause(begins_at=START + 3 * day),
    )
    assert pauses_in(lines, START + day) == (Pause(begins_at=START + 3 * day),)
    assert pauses_in([(START, False)], START) == ()


def test_a_policy_that_changes_does_not_change_the_term_that_runs() -> None:
    kept = due(target="billing").model_dump_json()
    tighter = DecisionRules(targets={"standard": 2, "billing": 1}, ceiling=3, hard_stop=4)
    assert kept_rules(tighter, kept, "billing").working_days("billing") == 5
    assert kept_rules(tighter, kept, "billing").ceiling == 14
    assert kept_rules(tighter, kept, "standard") == tighter
    assert kept_rules(tighter, "{}", "billing") == tighter


def test_a_target_that_the_policy_lost_counts_as_standard_and_the_one_after_a_miss_has_its_own_days() -> None:
    assert RULES.working_days("gone") == 10
    assert RULES.working_days(AFTER_LATE) == 5


@pytest.mark.parametrize("state", TermState)
@pytest.mark.parametrize("wanted", TermState)
def test_every_step_is_legal_or_refused_without_change(state: TermState, wanted: TermState) -> None:
    term = a_decision_term(state=state)
    steps = {
        TermState.RUNNING: lambda: run_again(term),
        TermState.WAITING: lambda: wait(term, START + timedelta(days=3)),
        TermState.LATE: lambda: settle_term(term, TermState.LATE, START),
        TermState.DECIDED: lambda: settle_term(term, TermState.DECIDED, START),
    }
    if wanted in TERM_TRANSITIONS[state]:
        assert steps[wanted]().state is wanted
    else:
        with pytest.raises(Refused) as refusal:
            steps[wanted]()
        assert refusal.value.code == "term-transition"
    assert term == a_decision_term(state=state)


def test_a_term_that_waits_has_no_due_instant_and_is_never_over() -> None:
    waiting = wait(a_decision_term(), START + timedelta(days=2))
    assert (waiting.due_at, waiting.waiting_until, waiting.next_step_at) == (None, *[START + timedelta(days=2)] * 2)
    assert not is_term_over(waiting, START + timedelta(days=99))
    assert run_again(waiting).waiting_until is None
    assert TermState.WAITING in CURRENT_STATES


def test_nobody_waits_beyond_the_hard_stop() -> None:
    term = a_decision_term(why_json=due().model_dump_json())
    assert wait(term, START + timedelta(days=30)).state is TermState.WAITING
    with pytest.raises(Refused, match="04 Dec 2026") as refusal:
        wait(term, START + timedelta(days=30, seconds=1))
    assert refusal.value.code == "wait-too-long"
