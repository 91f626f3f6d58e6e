"""The ladder: which step is due when, in working time, and what stops the climb."""

from collections.abc import Collection
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import a_breach, a_calendar, a_ladder, a_step, at
from voicebot.domain.business_calendar import BusinessCalendar
from voicebot.domain.callback_window import CallbackWindow
from voicebot.domain.escalation import (
    DecisionLadder,
    DueStep,
    EscalationLadder,
    EscalationStep,
    StepAction,
    WarningStep,
    climb_steps,
    next_step,
    next_warning,
    people_to_tell,
    quiet_until,
    steps_of,
    warning_times,
)
from voicebot.domain.promise import Breach
from voicebot.domain.staff import StaffMember

WINDOW = CallbackWindow(
    opens_at=at("Monday 23 November 2026 14:00:00"), closes_at=at("Monday 23 November 2026 16:00:00")
)


def due_next(
    ladder: EscalationLadder, breach: Breach, *, taken: Collection[str], calendar: BusinessCalendar, miss: int = 1
) -> DueStep | None:
    """Return the next step of a climb that was planned at its breach."""
    return next_step(climb_steps(ladder, breach.at, calendar=calendar, miss=miss), breach, taken=taken)


def climb(breach: Breach, *, miss: int = 1) -> list[tuple[str, str]]:
    """Take step after step as soon as each is due; return names and local times."""
    taken: list[str] = []
    climbed = []
    while step := due_next(a_ladder(), breach, taken=taken, calendar=a_calendar(), miss=miss):
        taken.append(step.name)
        climbed.append((step.name, said(step)))
    return climbed


def said(step: DueStep) -> str:
    return step.due_at.astimezone(ZoneInfo("America/New_York")).strftime("%A %H:%M:%S")


def has_phone(member: StaffMember) -> bool:
    return bool(member.phone)


def member(staff_id: str, role: str, phone: str = "") -> StaffMember:
    return StaffMember(id=staff_id, name=staff_id, role=role, phone=phone)


@pytest.mark.requirement("S0-12")
def test_the_climb_goes_on_in_working_time() -> None:
    assert climb(a_breach(at=at("Friday 20 November 2026 16:00:00"))) == [
        ("missed", "Friday 16:00:00"),
        ("second_supervisor", "Friday 16:30:00"),
        ("heads", "Friday 18:00:00"),
        ("executive", "Monday 11:00:00"),
    ]


def test_the_first_step_does_not_wait_for_the_next_morning() -> None:
    assert climb(a_breach(at=at("Wednesday 25 November 2026 18:00:00"))) == [
        ("missed", "Wednesday 18:00:00"),
        ("second_supervisor", "Friday 09:30:00"),  # Thanksgiving between
        ("heads", "Friday 11:00:00"),
        ("executive", "Friday 13:00:00"),
    ]


@pytest.mark.requirement("S4-15")
def test_the_second_miss_of_a_case_goes_to_the_top_at_once() -> None:
    climbed = climb(a_breach(at=at("Friday 20 November 2026 16:00:00")), miss=2)
    assert dict(climbed)["executive"] == "Friday 16:00:00"
    assert [name for name, _ in climbed] == ["missed", "executive", "second_supervisor", "heads"]


def test_an_acknowledgement_quiets_thirty_working_minutes_and_then_the_climb_goes_on() -> None:
    acknowledged_at = at("Friday 20 November 2026 17:45:00")
    quiet = quiet_until(a_ladder(), a_calendar(), acknowledged_at)
    assert quiet == at("Monday 23 November 2026 09:15:00")
    breach = a_breach(at=at("Friday 20 November 2026 16:00:00"), quiet_until=quiet)
    step = due_next(a_ladder(), breach, taken={"missed", "second_supervisor"}, calendar=a_calendar())
    assert step is not None
    assert (step.name, said(step)) == ("heads", "Monday 09:15:00")
    after = due_next(a_ladder(), breach, taken={"missed", "second_supervisor", "heads"}, calendar=a_calendar())
    assert after is not None
    assert (after.name, said(after)) == ("executive", "Monday 11:00:00")


def test_a_logged_contact_ends_the_climb() -> None:
    breach = a_breach(ended_at=at("Monday 23 November 2026 16:05:00"))
    assert due_next(a_ladder(), breach, taken=(), calendar=a_calendar()) is None


def test_a_ladder_climbed_to_its_end_asks_for_nothing_more() -> None:
    taken = [step.name for step in a_ladder().steps]
    assert due_next(a_ladder(), a_breach(), taken=taken, calendar=a_calendar()) is None


def test_only_the_first_step_speaks_to_the_complainant() -> None:
    first = due_next(a_ladder(), a_breach(), taken=(), calendar=a_calendar())
    second = due_next(a_ladder(), a_breach(), taken=("missed",), calendar=a_calendar())
    assert first is not None
    assert second is not None
    assert (first.action, first.tell) == (StepAction.APOLOGISE, ("owner", "supervisor"))
    assert (second.action, second.tell) == (StepAction.TELL_STAFF, ("second_supervisor",))


def test_warnings_come_at_half_and_three_quarters_of_the_window() -> None:
    assert [(step.name, said(step), step.tell) for step in warning_times(a_ladder(), WINDOW)] == [
        ("half_gone", "Monday 15:00:00", ("owner",)),
        ("three_quarters_gone", "Monday 15:30:00", ("owner", "deputy")),
    ]


def test_warnings_are_given_by_time_however_the_policy_lists_them() -> None:
    late, early = WarningStep(name="b", at_percent=90, tell=("owner",)), WarningStep(name="a", at_percent=10, tell=())
    assert [step.name for step in warning_times(a_ladder(warnings=(late, early)), WINDOW)] == ["a", "b"]


def test_each_warning_is_given_once() -> None:
    first = next_warning(warning_times(a_ladder(), WINDOW), taken=())
    second = next_warning(warning_times(a_ladder(), WINDOW), taken={"half_gone"})
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("half_gone", "three_quarters_gone")
    assert next_warning(warning_times(a_ladder(), WINDOW), taken={"half_gone", "three_quarters_gone"}) is None


def test_a_step_tells_everybody_of_its_roles_once_and_the_owner_by_name() -> None:
    staff = (
        member("owner_1", "handler"),
        member("owner_2", "handler", "+12025550144"),
        member("supervisor_1", "supervisor", "+12025550143"),
        member("supervisor_2", "supervisor", "+12025550145"),
    )
    told = people_to_tell(("owner", "supervisor"), staff, owner_id="owner_2", is_reachable=has_phone)
    assert [one.id for one in told] == ["owner_2", "supervisor_1", "supervisor_2"]
    told = people_to_tell(("supervisor", "owner"), staff, owner_id="supervisor_2", is_reachable=has_phone)
    assert [one.id for one in told] == ["supervisor_1", "supervisor_2"]
    assert people_to_tell(("executive",), staff, owner_id="owner_1", is_reachable=has_phone) == ()


def test_whoever_owns_by_default_is_told_for_an_owner_who_cannot_be_reached() -> None:
    staff = (
        member("deputy_1", "deputy", "+12025550144"),
        member("owner_1", "handler", "+12025550143"),
        member("owner_2", "handler"),
    )
    told = people_to_tell(("owner",), staff, owner_id="an_account_beside_the_policy", is_reachable=has_phone)
    assert [one.id for one in told] == ["owner_1"]
    told = people_to_tell(("owner", "deputy"), staff, owner_id="owner_2", is_reachable=has_phone)
    assert [one.id for one in told] == ["owner_2", "owner_1", "deputy_1"]
    told = people_to_tell(("owner",), staff, owner_id="deputy_1", is_reachable=has_phone)
    assert [one.id for one in told] == ["deputy_1"]


def test_a_ladder_knows_which_words_it_keeps() -> None:
    ladder = a_ladder()
    assert (ladder.tells_management, ladder.texts_complainant) == (True, True)
    only_heads = a_ladder(steps=ladder.steps[2:3])
    assert (only_heads.tells_management, only_heads.texts_complainant) == (False, False)


def test_steps_due_at_the_same_instant_are_taken_in_the_order_of_the_policy() -> None:
    together = tuple(
        EscalationStep(name=name, after=timedelta(minutes=10), tell=("owner",)) for name in ("zebra", "ant")
    )
    first = due_next(a_ladder(steps=together), a_breach(), taken=(), calendar=a_calendar())
    assert first is not None
    assert first.name == "zebra"


@given(st.integers(0, 7 * 24 * 3600), st.integers(1, 2), st.none() | st.integers(0, 7 * 24 * 3600))
def test_a_climb_takes_each_step_once_and_never_goes_back_in_time(seconds: int, miss: int, quiet: int | None) -> None:
    begun = at("Friday 20 November 2026 00:00:00")
    breach = a_breach(
        at=begun + timedelta(seconds=seconds),
        quiet_until=None if quiet is None else begun + timedelta(seconds=quiet),
    )
    taken: list[str] = []
    due = []
    while step := due_next(a_ladder(), breach, taken=taken, calendar=a_calendar(), miss=miss):
        assert step.name not in taken
        taken.append(step.name)
        due.append(step.due_at)
    assert set(taken) == {step.name for step in a_ladder().steps}
    assert due == sorted(due)
    assert all(instant >= (breach.quiet_until or breach.at) for instant in due)


def test_steps_of_a_climb_are_told_from_those_of_another_of_the_same_case() -> None:
    own, other = a_step(), a_step(subject_id="breach-2")
    assert steps_of("breach-1", [own, other]) == (own,)
    assert steps_of("breach-3", [own, other]) == ()


def test_management_is_named_in_the_order_of_the_climb_and_by_name_where_no_step_tells_it() -> None:
    ladder = a_ladder()
    assert ladder.management == ("supervisor", "executive")
    assert a_ladder(steps=ladder.steps[::-1]).management == ("executive", "supervisor")
    assert a_ladder(steps=ladder.steps[2:3]).management == ("executive", "supervisor")


@pytest.mark.parametrize(
    ("told_after", "is_told_in_time"), [(timedelta(hours=1), True), (timedelta(hours=2), True), (None, False)]
)
def test_a_letter_that_names_management_goes_no_earlier_than_management_is_told(
    told_after: timedelta | None, is_told_in_time: bool
) -> None:
    letter = EscalationStep(name="late", after=timedelta(hours=2), tell=("owner",), action=StepAction.APOLOGISE)
    told = EscalationStep(name="told", after=told_after or timedelta(hours=3), tell=("executive",))
    ladder = DecisionLadder(steps=(letter, told))
    assert ladder.tells_by_letter(frozenset({"executive"})) is is_told_in_time
    assert not ladder.tells_by_letter(frozenset({"supervisor"}))
    assert DecisionLadder(steps=(told,)).tells_by_letter(frozenset({"supervisor"})), "no letter says it"
