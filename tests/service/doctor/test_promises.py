"""People, ladder, hours and holidays: who keeps a promise, and when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.builders import MONDAY_TEN, a_calendar, a_calendar_feed, at
from tests.service.doctor.verdicts import BROKEN, DOUBT, FINE, only, verdicts
from tests.service.lines import a_policy_dir
from voicebot.adapters.flow_files import FlowFiles
from voicebot.distribution import PROJECT_DIR
from voicebot.domain.business_calendar import SpecialDay
from voicebot.domain.rota import RotaRules
from voicebot.domain.staff import Role, StaffAccount, StaffMember
from voicebot.flow.policy import Policy
from voicebot.service.doctor import promises


def an_account(role: Role, *, staff_id: str = "somebody", is_active: bool = True) -> StaffAccount:
    """Return somebody who may log in."""
    return StaffAccount(
        id="1",
        email="a@company.example",
        name="Anna",
        role=role,
        staff_id=staff_id,
        is_active=is_active,
        password_hash="",
        session_key="",
        added_at=MONDAY_TEN,
    )


def a_policy(folder: Path, **phones: str) -> Policy:
    """Return the default policy with phones for everybody but those set to nothing."""
    return FlowFiles(PROJECT_DIR / "flows", a_policy_dir(folder / "policy", **phones)).current_policy()


def test_clean_flows_are_fine_and_the_first_fault_is_told() -> None:
    assert verdicts(promises.definitions(lambda: [])) == [FINE]
    assert only(promises.definitions(lambda: ["flow.yaml:3: no such node"])) == (
        BROKEN,
        "flow.yaml:3: no such node → mend what `voicebot flows check` names",
    )
    assert only(promises.definitions(lambda: ["one", "two", "three"]))[1].startswith("one (and 2 more)")


def test_somebody_can_log_in_in_every_role() -> None:
    assert only(promises.logins([an_account(Role.ADMINISTRATOR)])) == (
        FINE,
        "1 person can log in, and somebody in every role",
    )
    assert only(promises.logins([]))[0] == BROKEN
    assert only(promises.logins([an_account(Role.ADMINISTRATOR, is_active=False)]))[0] == BROKEN
    verdict, words = only(promises.logins([an_account(Role.HANDLER), an_account(Role.HANDLER)]))
    assert (verdict, "2 people can log in, and nobody as supervisor or administrator" in words) == (DOUBT, True)


def test_owner_of_new_cases_can_log_in(tmp_path: Path) -> None:
    policy = a_policy(tmp_path)
    assert verdicts(promises.owner(policy, [an_account(Role.HANDLER, staff_id="owner_1")])) == [FINE]
    verdict, words = only(promises.owner(policy, [an_account(Role.ADMINISTRATOR)]))
    assert (verdict, "--member owner_1" in words) == (DOUBT, True)
    gone = an_account(Role.HANDLER, staff_id="owner_1", is_active=False)
    assert only(promises.owner(policy, [gone]))[0] == DOUBT


def unreached(*silent: str) -> Callable[[StaffMember], str]:
    """Return channels that reach everybody but these, and say why."""
    return lambda member: "carries no pager" if member.id in silent else ""


def test_ladder_reaches_somebody_at_every_step(tmp_path: Path) -> None:
    assert only(promises.ladder(a_policy(tmp_path), unreached())) == (
        FINE,
        "every step reaches somebody; 7 people stand on the ladder",
    )


def test_who_has_no_telephone_and_is_reached_otherwise_is_no_gap(tmp_path: Path) -> None:
    assert verdicts(promises.ladder(a_policy(tmp_path, executive_1=""), unreached())) == [FINE]


def test_ladder_on_which_nobody_is_reached_is_broken(tmp_path: Path) -> None:
    policy = a_policy(tmp_path)
    verdict, words = only(promises.ladder(policy, unreached(*(member.id for member in policy.staff))))
    assert (verdict, "escalation.yaml" in words) == (BROKEN, True)


@pytest.mark.parametrize(
    ("silent", "words"),
    [
        (("executive_1",), "steps of the ladder that reach nobody: executive"),
        (("quality_1",), "not to be reached: quality_1 carries no pager"),
        (("quality_1", "deputy_1"), "not to be reached: deputy_1, quality_1 carries no pager"),
    ],
)
def test_gaps_in_the_ladder_are_doubts(tmp_path: Path, silent: tuple[str, ...], words: str) -> None:
    verdict, said = only(promises.ladder(a_policy(tmp_path), unreached(*silent)))
    assert (verdict, words in said) == (DOUBT, True), said


def test_hours_of_the_next_seven_days_are_counted() -> None:
    assert only(promises.opening_hours(a_calendar(country=""), MONDAY_TEN))[0] == FINE
    days = tuple(SpecialDay(on=datetime(2026, 3, day).date()) for day in range(1, 20))
    closed = replace(a_calendar(), special_days=days)
    verdict, words = only(promises.opening_hours(closed, at("Monday 2 March 2026 10:00:00")))
    assert (verdict, "opens again on 2026-03-20" in words) == (BROKEN, True), words


def test_holidays_are_known_for_this_year_and_the_next() -> None:
    assert only(promises.holidays(a_calendar(country="HR"), MONDAY_TEN))[0] == FINE
    assert only(promises.holidays(a_calendar(country=""), MONDAY_TEN))[0] == DOUBT
    verdict, words = only(promises.holidays(a_calendar(country="HR"), MONDAY_TEN.replace(year=1980)))
    assert (verdict, "HR are known for 1980 and 1981" in words) == (DOUBT, True), words


def test_worker_is_told_by_its_troubles() -> None:
    assert verdicts(promises.watch(())) == [FINE]
    assert verdicts(promises.watch(("worker dead", "2 texts wait"))) == [BROKEN, BROKEN]


def test_calendars_that_are_fetched_come_or_are_a_doubt() -> None:
    good = a_calendar_feed(address="https://calendar.example/secret.ics", good_at=MONDAY_TEN)
    later = MONDAY_TEN + timedelta(hours=24)
    troubled, never = replace(good, problem="its server is away", good_at=later), replace(good, good_at=None)
    assert verdicts(promises.calendars([], RotaRules(), MONDAY_TEN)) == []
    assert only(promises.calendars([good], RotaRules(), MONDAY_TEN))[0] is FINE
    stale = only(promises.calendars([good], RotaRules(), later))
    assert stale[0] is DOUBT
    assert "of anna at calendar.example was fetched Mon" in stale[1]
    assert "its server is away" in only(promises.calendars([troubled], RotaRules(), later))[1]
    assert "fetched never" in only(promises.calendars([never], RotaRules(), later))[1]


@pytest.mark.requirement("D-10")
@pytest.mark.parametrize(
    ("addresses", "is_texts_alone", "verdict", "found"),
    [
        (1, False, FINE, "1 address takes alarms"),
        (2, False, FINE, "2 addresses take alarms"),
        (0, True, DOUBT, "by text alone, as all else does"),
        (0, False, DOUBT, "to no address of yours"),
    ],
)
def test_alarms_about_the_watch_want_a_way_of_their_own(
    addresses: int, verdict: object, found: str, *, is_texts_alone: bool
) -> None:
    told, said = only(promises.second_way(addresses, is_texts_alone=is_texts_alone))
    assert told == verdict
    assert found in said


@pytest.mark.requirement("D-10")
def test_a_hotline_that_never_rings_itself_is_a_doubt() -> None:
    assert [finding.verdict for finding in promises.test_call("")] == [FINE]
    (doubted,) = promises.test_call("is switched off in watch.yaml")
    assert (doubted.verdict, "the test call is switched off in watch.yaml" in doubted.found) == (DOUBT, True)
