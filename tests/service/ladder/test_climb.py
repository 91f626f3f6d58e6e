"""A climb takes what is due, one step at a time, and rests after a restore."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders import a_breach, a_promise, a_shift, a_step, a_ticket, at
from tests.service.chaos import BOTH_IN_LONG, Death, work_until_killed
from tests.service.decision.deciding import DUE, pass_until
from tests.service.lines import (
    AREA,
    CALLER,
    EXECUTIVE,
    OWNER,
    QUALITY,
    Line,
    a_policy_dir,
    settled,
    with_flows,
)
from tests.service.promise.watched import run_until
from voicebot.domain.escalation import NOT_KNOWN, OFF_DUTY, DueStep
from voicebot.domain.promise import Breach
from voicebot.domain.rota import ChangeKind, RotaProfile
from voicebot.domain.ticket import Ticket
from voicebot.service.hotline import Context, context_of
from voicebot.service.ladder.climb import pass_over_all_but_first, pass_over_warnings_but_last, take_due_step
from voicebot.service.promise.keep import log_callback
from voicebot.service.queries.case_list import list_cases
from voicebot.service.staff.rota import Stretch, add_change, add_shift, save_profile

BREACH = a_breach()
PLAN = tuple(
    DueStep(name=name, due_at=BREACH.at + timedelta(hours=hour), tell=("owner",))
    for hour, name in enumerate(("first", "second", "third"))
)


@pytest.fixture
def missed(line: Line) -> Line:
    with line.work() as work:
        work.tickets.add(a_ticket())
        work.promises.add(a_promise())
        work.promises.add_breach(BREACH)
        work.commit()
    line.clock.at = BREACH.at + timedelta(hours=1)
    return line


def climbed(context: Context, breach: Breach = BREACH) -> list[str]:
    """Take all that is due, as a worker does that was away."""
    names: list[str] = []

    def take(step: DueStep) -> None:
        names.append(step.name)
        context.work.promises.take_step(a_step(step=step.name, due_at=step.due_at, taken_at=step.due_at))

    while take_due_step(context, breach, PLAN, take=take)[0]:
        pass
    return names


def test_each_due_step_is_taken_and_the_one_ahead_is_named(missed: Line) -> None:
    with missed.work() as work:
        context = context_of(missed.hotline, work)
        assert climbed(context) == ["first", "second"]
        assert take_due_step(context, BREACH, PLAN, take=lambda _step: None) == (False, PLAN[2].due_at)


def test_a_climb_that_is_over_takes_none(missed: Line) -> None:
    with missed.work() as work:
        over = a_breach(ended_at=BREACH.at)
        assert take_due_step(context_of(missed.hotline, work), over, PLAN, take=lambda _step: None) == (False, None)


def test_after_a_restore_the_first_due_step_stays_and_later_due_ones_are_passed_over(missed: Line) -> None:
    with missed.work() as work:
        context = context_of(missed.hotline, work)
        assert pass_over_all_but_first(context, BREACH, PLAN)
        assert [(step.step, step.told) for step in work.promises.steps("ticket-1")] == [("second", NOT_KNOWN)]
        assert climbed(context) == ["first"]
        assert not pass_over_all_but_first(context, BREACH, PLAN)


def test_after_a_restore_the_last_due_warning_stays(missed: Line) -> None:
    with missed.work() as work:
        context = context_of(missed.hotline, work)
        pass_over_warnings_but_last(context, PLAN, ticket_id="ticket-1", subject_id="promise-1")
        assert [(step.subject_id, step.step) for step in work.promises.steps("ticket-1")] == [("promise-1", "first")]


# --- how a climb goes on after steps that were skipped, on both ladders and both databases -------------------------

CLOSED = at("Wednesday 18 November 2026 13:00:00")
"""The promised window closes. Half past two, four and six are the instants of the later steps (lunch is no time)."""
ALL = ("owner_1", "deputy_1", "supervisor_1", "supervisor_2", "quality_1", "area_1", "executive_1")
MISSED = (
    ("missed", "owner_1,supervisor_1", "13:00"),
    ("second_supervisor", "supervisor_2", "14:30"),
    ("heads", "quality_1,area_1", "16:00"),
    ("executive", "executive_1", "18:00"),
)
LATE = (
    ("decision_late", "owner_1,supervisor_1", "Wed 10:00"),
    ("decision_heads", "quality_1,area_1", "Thu 10:00"),
    ("decision_executive", "executive_1", "Mon 10:00"),
)
"""The steps of the two ladders: whom each tells, and when it is due."""


def be_away(line: Line, *staff_ids: str, days: float = 20) -> None:
    until = line.clock.now() + timedelta(days=days)
    for staff_id in staff_ids:
        stretch = Stretch(staff_id=staff_id, begins_at=line.clock.now(), ends_at=until)
        add_change(line.hotline, ChangeKind.AWAY, stretch, actor="boss")


def taken(line: Line, ticket_id: str, first: str, *, clock: str) -> list[tuple[str, str, str]]:
    """Return (step, told, when) of the first climb that has a step of this name."""
    with line.work() as work:
        steps = work.promises.steps(ticket_id)
    climb = next(step.subject_id for step in steps if step.step == first)
    zone = ZoneInfo(line.policy.calendar.zone)
    return [
        (step.step, step.told, f"{step.taken_at.astimezone(zone):{clock}}")
        for step in steps
        if step.subject_id == climb
    ]


@pytest.fixture
def rung(line_on_both: Line, tmp_path: Path) -> Line:
    """A call was taken; after a miss the new window lies days ahead, for a second miss would end the first climb."""
    line_on_both.told_call()
    folder = a_policy_dir(tmp_path / "policy")
    levels = folder / "service_levels.yaml"
    text = levels.read_text(encoding="utf-8").replace("after_miss: 2 working", "after_miss: 40 working")
    levels.write_text(text.replace("lead: 30 minutes", "lead: 72 hours"), encoding="utf-8")
    with_flows(line_on_both, settled(folder))
    return line_on_both


def case_of(line: Line) -> Ticket:
    with line.work() as work:
        (case,) = work.tickets.all()
    return case


def climb_of_call(line: Line, *away: str) -> list[tuple[str, str, str]]:
    line.clock.at = CLOSED - timedelta(minutes=10)
    be_away(line, *away)
    run_until(line, "Wednesday 18 November 2026 18:00:00")
    return taken(line, case_of(line).id, "missed", clock="%H:%M")


def climb_of_decision(line: Line, *away: str) -> list[tuple[str, str, str]]:
    case = case_of(line)
    log_callback(line.hotline, case.case_number, reason="listened", actor="owner_1")
    line.clock.at = DUE - timedelta(minutes=1)
    line.sweep()
    be_away(line, *away)
    pass_until(line, at("Monday 7 December 2026 10:00:00"))
    return taken(line, case.id, "decision_late", clock="%a %H:%M")


def nobody_before(steps: tuple[tuple[str, str, str], ...], *skipped: str) -> list[tuple[str, str, str]]:
    """Return the steps as they are taken when these have nobody on duty: at once, up to the first with somebody."""
    names = [name for name, _told, _at in steps]
    at_once = steps[0][2]
    first_there = names.index(skipped[-1]) + 1
    return [
        (name, OFF_DUTY if name in skipped else told, at_once if place <= first_there else due)
        for place, (name, told, due) in enumerate(steps)
    ]


@pytest.mark.requirement("S4-15")
def test_after_one_skipped_step_a_missed_call_climbs_on_at_its_own_instants(rung: Line) -> None:
    assert climb_of_call(rung, "owner_1", "supervisor_1") == nobody_before(MISSED, "missed")


@BOTH_IN_LONG
def test_after_several_skipped_steps_a_missed_call_climbs_on(rung: Line) -> None:
    away = ("owner_1", "supervisor_1", "supervisor_2")
    assert climb_of_call(rung, *away) == nobody_before(MISSED, "missed", "second_supervisor")


def test_after_one_skipped_step_a_late_decision_climbs_on(rung: Line) -> None:
    assert climb_of_decision(rung, "owner_1", "supervisor_1") == nobody_before(LATE, "decision_late")


@BOTH_IN_LONG
def test_after_several_skipped_steps_a_late_decision_is_at_the_top_at_once(rung: Line) -> None:
    away = ("owner_1", "supervisor_1", "quality_1", "area_1")
    assert climb_of_decision(rung, *away) == nobody_before(LATE, "decision_late", "decision_heads")


@BOTH_IN_LONG
@pytest.mark.parametrize(("climb", "steps"), [(climb_of_call, MISSED), (climb_of_decision, LATE)])
def test_the_last_step_is_never_skipped_it_tells_its_people_where_they_are(
    rung: Line, climb: Callable[..., list[tuple[str, str, str]]], steps: tuple[tuple[str, str, str], ...]
) -> None:
    assert climb(rung, "executive_1") == list(steps)


@pytest.mark.requirement("S4-15")
@BOTH_IN_LONG
@pytest.mark.parametrize(("climb", "steps"), [(climb_of_call, MISSED), (climb_of_decision, LATE)])
def test_a_firm_on_holiday_is_told_step_by_step_up_to_management(
    rung: Line, climb: Callable[..., list[tuple[str, str, str]]], steps: tuple[tuple[str, str, str], ...]
) -> None:
    assert climb(rung, *ALL) == list(steps)
    rung.run_jobs()
    assert {number for number, _body in rung.sender.sent} >= {OWNER, QUALITY, EXECUTIVE}


@BOTH_IN_LONG
@pytest.mark.parametrize("has_shifts", [False, True])
def test_a_case_of_a_firm_on_holiday_keeps_a_next_date(rung: Line, has_shifts: bool) -> None:
    rung.clock.at = CLOSED - timedelta(minutes=10)
    if has_shifts:
        for day in ("Monday", "Thursday"):
            add_shift(rung.hotline, a_shift("owner_1", f"{day} 9:00-17:00"), actor="boss")
    be_away(rung, *ALL, days=30)
    run_until(rung, "Thursday 19 November 2026 12:00:00")
    (case,) = list_cases(rung.hotline).lines
    date = case.next_date
    assert date is not None
    assert date.at > rung.clock.at


@BOTH_IN_LONG
@pytest.mark.parametrize("dies_in", range(0, 9, 4))
def test_a_worker_killed_while_it_skips_tells_each_once(rung: Line, dies_in: int) -> None:
    be_away(rung, "owner_1", "supervisor_1", "supervisor_2")
    rung.clock.at = CLOSED
    with pytest.raises(Death):
        work_until_killed(rung, dies_in)
    rung.sweep()
    run_until(rung, "Wednesday 18 November 2026 15:50:00")
    rung.run_jobs()
    skipped = nobody_before(MISSED, "missed", "second_supervisor")
    assert taken(rung, case_of(rung).id, "missed", clock="%H:%M") == skipped[:3]
    told = [number for number, _body in rung.sender.sent if number not in {CALLER, OWNER}]
    assert sorted(told) == sorted([QUALITY, AREA])


def test_a_firm_of_one_with_all_roles_is_told_of_every_step(line: Line, tmp_path: Path) -> None:
    others = ("deputy_1", "supervisor_1", "supervisor_2", "quality_1", "area_1", "executive_1")
    with_flows(line, settled(a_policy_dir(tmp_path / "policy", **dict.fromkeys(others, ""))))
    roles = ("deputy", "supervisor", "second_supervisor", "quality_head", "area_head", "executive")
    save_profile(line.hotline, RotaProfile(staff_id="owner_1", roles=roles), actor="owner_1")
    ticket = line.ticket(line.told_call())
    line.clock.at = line.promise(ticket.id).window_closes_at + timedelta(minutes=1)
    for _ in range(24):
        line.sweep()
        line.run_jobs()
        line.step(minutes=60)
    with line.work() as work:
        steps = [entry.after for entry in work.tickets.history(ticket.id) if entry.verb == "step_taken"]
    assert {step.partition(": ")[2] for step in steps} == {"told owner_1"}, "no step ends at a placeholder"
    assert {step.partition(": ")[0] for step in steps} == {"missed", "second_supervisor", "heads", "executive"}
    assert len(line.sender.to(CALLER)) == 3, "confirmation, apology with a new window, who is responsible now"
