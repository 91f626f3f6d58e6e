"""The policy: the files we ship, every fault with file, line and cure, and words that must be kept."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.builders import at
from voicebot.domain.business_calendar import SpecialDay
from voicebot.domain.decision_term import DecisionRules
from voicebot.domain.ending import EndingRules
from voicebot.domain.escalation import StepAction, people_to_tell, warning_times
from voicebot.domain.limits import Limits
from voicebot.domain.phone import GateReason, NumberGate, NumberStopped, check_number
from voicebot.domain.promise import CallbackWindow, find_window
from voicebot.errors import FlowFault
from voicebot.flow.policy import Policy, policy_from_body, read_policy

FLOWS = Path(__file__).parents[2] / "flows"


def shipped(folder: str) -> dict[str, str]:
    """Read a folder of policy as texts."""
    return {path.name: path.read_text(encoding="utf-8") for path in (FLOWS / folder).glob("*.yaml")}


def a_policy() -> Policy:
    return read_policy(shipped("policy"))


def with_text(file: str, old: str, new: str) -> dict[str, str]:
    """Change the shipped policy in one place."""
    texts = shipped("policy")
    assert old in texts[file], f"{old!r} is not in {file} any more"
    return {**texts, file: texts[file].replace(old, new, 1)}


def line_of(texts: dict[str, str], file: str, part: str) -> int:
    """Find the line on which some text stands."""
    return texts[file][: texts[file].index(part)].count("\n") + 1


def no_room_taken(_window: CallbackWindow) -> bool:
    return False


# --- what we ship ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["policy", "policy_demo"])
def test_a_shipped_policy_keeps_what_callers_hear(folder: str) -> None:
    ladder = read_policy(shipped(folder)).ladder
    assert ladder.tells_management
    assert ladder.texts_complainant


def test_the_default_promises_a_callback_within_eight_working_hours() -> None:
    policy = a_policy()
    assert policy.calendar.zone == "America/New_York"
    assert policy.target("standard").within == timedelta(hours=8)
    assert policy.target("supervisor").within == timedelta(hours=4)
    assert policy.target("after_miss").within == timedelta(hours=2)
    assert policy.windows.capacity == 8
    found = find_window(
        policy.calendar,
        policy.target("standard"),
        policy.windows,
        now=at("Friday 20 November 2026 17:00:00"),
        is_full=no_room_taken,
    )
    assert found is not None
    assert found.window.opens_at == at("Monday 23 November 2026 09:00:00")
    assert found.reason.is_inside_target


@pytest.mark.requirement("S0-12")
def test_the_default_ladder_ends_with_somebody_of_authority() -> None:
    ladder = a_policy().ladder
    assert [(step.name, step.after, step.action) for step in ladder.steps] == [
        ("missed", timedelta(0), StepAction.APOLOGISE),
        ("second_supervisor", timedelta(minutes=30), StepAction.TELL_STAFF),
        ("heads", timedelta(hours=2), StepAction.TELL_STAFF),
        ("executive", timedelta(hours=4), StepAction.TELL_STAFF),
    ]
    assert ladder.steps[-1].at_once_from_miss == 2
    assert ladder.quiet_for == timedelta(minutes=30)
    assert [warning.at_percent for warning in ladder.warnings] == [50, 75]
    assert ladder.responsible_after_second_miss == "executive"


def test_the_default_staff_are_placeholders_without_a_phone() -> None:
    assert {member.phone for member in a_policy().staff} == {""}


def test_the_shipped_limits_are_those_that_hold_where_a_policy_names_none() -> None:
    texts = shipped("policy")
    levels = texts["service_levels.yaml"]
    without = {**texts, "service_levels.yaml": levels[: levels.index("limits:")]}
    assert read_policy(texts).limits == read_policy(without).limits == Limits()


def test_the_shipped_endings_are_those_that_hold_where_a_policy_names_none() -> None:
    texts = shipped("policy")
    levels = texts["service_levels.yaml"]
    silent = levels[: levels.index("endings:")] + levels[levels.index("# Against people") :]
    assert read_policy(texts).endings == EndingRules()
    assert read_policy(texts | {"service_levels.yaml": silent}).endings == EndingRules()


def test_every_step_of_a_shipped_ladder_tells_somebody() -> None:
    for folder in ("policy", "policy_demo"):
        policy = read_policy(shipped(folder))
        for step in (*policy.ladder.warnings, *policy.ladder.steps):
            assert people_to_tell(step.tell, policy.staff, owner_id="owner_1", is_reachable=bool), step.name


@pytest.mark.requirement("S0-12")
def test_terms_of_decisions_and_their_ladder_are_as_shipped() -> None:
    policy = a_policy()
    assert dict(policy.decisions.targets)["standard"] == 10
    assert (policy.decisions.ceiling, policy.decisions.hard_stop, policy.decisions.after_late) == (14, 30, 5)
    assert policy.late_decision.told_at_most == 3
    assert [(warning.at_percent, warning.tell) for warning in policy.late_decision.warnings] == [
        (50, ("owner",)),
        (75, ("owner", "supervisor")),
    ]
    assert [(step.name, step.after, step.action) for step in policy.late_decision.steps] == [
        ("decision_late", timedelta(0), StepAction.APOLOGISE),
        ("decision_heads", timedelta(hours=8), StepAction.TELL_STAFF),
        ("decision_executive", timedelta(hours=24), StepAction.TELL_STAFF),
    ]


def test_a_policy_from_before_decisions_had_terms_is_whole() -> None:
    texts = shipped("policy")
    texts["service_levels.yaml"] = re.sub(r"(?ms)^decisions:.*?(?=^# Against)", "", texts["service_levels.yaml"])
    texts["escalation.yaml"] = re.sub(r"(?ms)^late_decision:.*?(?=^# Placeholders)", "", texts["escalation.yaml"])
    policy = read_policy(texts)
    assert policy.decisions == DecisionRules()
    assert policy.late_decision.steps[0].tell == ("owner", "supervisor"), "the letter says that a manager knows"


def test_the_demo_breaks_its_promise_within_two_minutes_at_any_hour() -> None:
    policy = read_policy(shipped("policy_demo"))
    for said in ("Sunday 22 November 2026 03:12:47", "Friday 25 December 2026 23:59:59"):
        now = at(said, "Etc/UTC")
        found = find_window(policy.calendar, policy.target("standard"), policy.windows, now=now, is_full=no_room_taken)
        assert found is not None
        assert found.window.closes_at - now <= timedelta(minutes=2)
        assert found.reason.is_inside_target
    assert policy.ladder.steps[-1].after <= timedelta(seconds=30)
    assert len(warning_times(policy.ladder, found.window)) == 2


def test_the_demo_s_staff_have_numbers_that_ring_nowhere() -> None:
    policy = read_policy(shipped("policy_demo"))
    gate = NumberGate(countries=frozenset({"US"}), home_region="US")
    for member in policy.staff:
        assert check_number(member.phone, gate) == NumberStopped(reason=GateReason.TEST)


# --- a value that can be kept ------------------------------------------------------------------------------


def test_a_policy_can_be_read_again_from_what_it_gives() -> None:
    policy = a_policy()
    again = policy_from_body(policy.body())
    assert again == policy
    assert again.digest == policy.digest


def test_another_word_is_another_digest() -> None:
    changed = read_policy(with_text("service_levels.yaml", "standard: 8", "standard: 9"))
    assert changed.digest != a_policy().digest
    assert len(changed.digest) == 64


def test_files_that_are_none_of_ours_are_ignored() -> None:
    assert read_policy({**shipped("policy"), "notes.yaml": "]["}) == a_policy()


def test_a_target_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(FlowFault, match="'vip', which is not there; add it, or name one of after_miss, ") as fault:
        a_policy().target("vip")
    assert fault.value.code == "policy-target"


def test_special_days_and_subdivisions_are_read() -> None:
    texts = with_text(
        "calendar.yaml",
        "special_days: []",
        "special_days:\n  - on: 2026-12-24\n    hours: [9:00-12:00]\n    note: Christmas Eve",
    )
    texts["calendar.yaml"] = texts["calendar.yaml"].replace("# subdivision: CA", "subdivision: CA")
    calendar = read_policy(texts).calendar
    (special,) = calendar.special_days
    assert isinstance(special, SpecialDay)
    assert (special.on, special.note) == (date(2026, 12, 24), "Christmas Eve")
    assert calendar.closed_because(date(2026, 3, 31)) is not None  # César Chávez Day, California only


# --- words that must be kept -------------------------------------------------------------------------------


def test_a_ladder_that_tells_no_manager_says_so() -> None:
    texts = with_text(
        "escalation.yaml",
        "management_roles: [supervisor, second_supervisor, quality_head, area_head, executive]",
        "management_roles: [deputy]",
    )
    assert not read_policy(texts).ladder.tells_management


def test_a_ladder_that_texts_nobody_says_so() -> None:
    texts = with_text("escalation.yaml", "      do: apologise\n", "")
    assert not read_policy(texts).ladder.texts_complainant


def test_all_faults_of_all_files_come_at_once() -> None:
    texts = with_text("calendar.yaml", "monday: [9:00-13:00", "monday: [9-13")
    texts["service_levels.yaml"] = texts["service_levels.yaml"].replace("8 working hours", "8 hours")
    texts["escalation.yaml"] = texts["escalation.yaml"].replace("after: at once", "after: soon")
    with pytest.raises(FlowFault) as fault:
        read_policy(texts)
    told = str(fault.value).splitlines()
    assert sorted({line.split(":")[0] for line in told}) == ["calendar.yaml", "escalation.yaml", "service_levels.yaml"]


def test_a_supervisor_s_call_may_be_promised_when_somebody_of_management_is_told_at_once() -> None:
    assert a_policy().tells_supervisor
    text = shipped("policy")["notices.yaml"]
    without = {**shipped("policy"), "notices.yaml": re.sub(r"(?ms)^supervisor_wanted:.*?(?=^\w)", "", text)}
    assert without["notices.yaml"] != text
    assert not read_policy(without).tells_supervisor


def test_management_stands_in_the_order_in_which_the_ladder_climbs_to_it() -> None:
    policy = a_policy()
    assert policy.management
    assert set(policy.management) <= policy.ladder.management_roles
    climbed = [role for step in policy.ladder.steps for role in step.tell]
    assert sorted(policy.management, key=climbed.index) == list(policy.management)
