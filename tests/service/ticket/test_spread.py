"""Sick today: what is at risk is shown, then spread over those who are there."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.builders import at
from tests.service.lines import CALLER, OTHER, Line
from tests.service.staff.team import join_team
from tests.service.ticket.kinds import with_kinds
from voicebot.domain.rota import ChangeKind
from voicebot.domain.ticket import Ticket
from voicebot.errors import Refused
from voicebot.service.history import Verb
from voicebot.service.staff.rota import Stretch, add_change, view_rota
from voicebot.service.ticket.spread import Absence, plan_spread, spread

THIRD = "+12025550178"
TONIGHT = at("Wednesday 18 November 2026 18:00:00")


def three_cases(line: Line) -> list[Ticket]:
    """Open three cases, each with a call promised today from eleven to one."""
    return [line.ticket(line.told_call(f"CA{number}", number)) for number in (CALLER, OTHER, THIRD)]


def owners(line: Line, cases: list[Ticket]) -> list[str]:
    with line.work() as work:
        found = [work.tickets.get(ticket.id) for ticket in cases]
    return [ticket.owner_id for ticket in found if ticket is not None]


@pytest.mark.requirement("D-05")
def test_plan_shows_what_is_at_risk_and_five_days_and_changes_nothing(line_on_both: Line) -> None:
    line = line_on_both
    cases = three_cases(line)
    join_team(line, "Anna")
    plan = plan_spread(line.hotline, Absence(staff_id="owner_1", until=TONIGHT))
    assert [handed.line.case_number for handed in plan.cases] == [ticket.case_number for ticket in cases]
    assert [handed.to.id for handed in plan.cases if handed.to] == ["anna"] * 3
    assert plan.kept == 0
    # Wednesday from ten on: Anna alone has seven working hours, four calls each. Then both are there, eight hours.
    assert [(day.day.isoformat(), day.promised, day.room) for day in plan.days] == [
        ("2026-11-18", 3, 28.0),
        ("2026-11-19", 0, 64.0),
        ("2026-11-20", 0, 64.0),
        ("2026-11-23", 0, 64.0),
        ("2026-11-24", 0, 64.0),
    ]
    assert not any(day.is_short for day in plan.days)
    assert owners(line, cases) == ["owner_1"] * 3


@pytest.mark.requirement("D-05")
def test_one_action_spreads_the_cases_of_an_absent_owner_by_load_and_notes_the_absence(line_on_both: Line) -> None:
    line = line_on_both
    cases = three_cases(line)
    for name in ("Anna", "Ben"):
        join_team(line, name)
    absence = Absence(staff_id="owner_1", until=TONIGHT, note="Ask about the invoice.")
    assert len(spread(line.hotline, absence, actor="supervisor_1").cases) == 3
    assert owners(line, cases) == ["anna", "ben", "anna"]
    rota = view_rota(line.hotline)
    assert rota.away_until(rota.people[0], line.clock.now()) == TONIGHT
    with line.work() as work:
        written = [(entry.verb, entry.actor, entry.after) for entry in work.tickets.history(cases[0].id)[-2:]]
        assert [ticket.hand_offs for case in cases if (ticket := work.tickets.get(case.id))] == [1, 1, 1]
    assert written == [
        (Verb.TICKET_GIVEN, "supervisor_1", "anna"),
        (Verb.NOTE_WRITTEN, "supervisor_1", "Ask about the invoice."),
    ]
    assert spread(line.hotline, absence, actor="supervisor_1").cases == ()


def test_case_goes_to_whoever_is_on_duty_when_its_window_opens(line: Line) -> None:
    cases = three_cases(line)
    join_team(line, "Anna", "Wednesday 9:00-10:30", "Thursday 9:00-18:00")
    join_team(line, "Ben", "Wednesday 10:30-18:00")
    spread(line.hotline, Absence(staff_id="owner_1", until=TONIGHT), actor="boss")
    assert owners(line, cases) == ["ben"] * 3


def test_only_what_is_promised_before_they_are_back_goes_unless_everything_is_asked_for(line: Line) -> None:
    cases = three_cases(line)
    join_team(line, "Anna")
    back_at_half_past = line.clock.now() + timedelta(minutes=30)
    plan = plan_spread(line.hotline, Absence(staff_id="owner_1", until=back_at_half_past))
    assert (len(plan.cases), plan.kept) == (0, 3)
    spread(line.hotline, Absence(staff_id="owner_1", until=back_at_half_past, everything=True), actor="boss")
    assert owners(line, cases) == ["anna"] * 3


def test_what_was_missed_is_at_risk_whenever_they_are_back(line: Line) -> None:
    cases = three_cases(line)
    line.step(hours=4)
    line.sweep()
    join_team(line, "Anna")
    plan = plan_spread(line.hotline, Absence(staff_id="owner_1", until=line.clock.now() + timedelta(minutes=1)))
    assert len(plan.cases) == len(cases)


def test_nobody_left_time_over_or_nobody_of_that_name_changes_nothing(line: Line) -> None:
    cases = three_cases(line)
    wrong = {
        "nobody else": Absence(staff_id="owner_1", until=TONIGHT),
        "lies ahead": Absence(staff_id="owner_1", until=line.clock.now()),
        "goes by": Absence(staff_id="gone_1", until=TONIGHT),
    }
    for why, absence in wrong.items():
        with pytest.raises(Refused, match=why):
            spread(line.hotline, absence, actor="boss")
    assert owners(line, cases) == ["owner_1"] * 3
    assert not view_rota(line.hotline).people[0].changes


def test_day_on_which_more_is_promised_than_can_be_done_is_short(line: Line) -> None:
    three_cases(line)
    join_team(line, "Anna")
    stretch = Stretch(staff_id="anna", begins_at=line.clock.now(), ends_at=TONIGHT - timedelta(minutes=30))
    add_change(line.hotline, ChangeKind.AWAY, stretch, actor="boss")
    plan = plan_spread(line.hotline, Absence(staff_id="owner_1", until=TONIGHT))
    assert [day.is_short for day in plan.days] == [True, False, False, False, False]


@pytest.mark.requirement("S3-09")
def test_a_case_goes_to_nobody_from_whom_it_is_hidden(line: Line, tmp_path: Path) -> None:
    with_kinds(line, tmp_path, staff_conduct={"seen_by": ["supervisor"]})
    answer = line.told_call()
    line.change_ticket(answer, category="staff_conduct", about_id="supervisor_1")
    plan = plan_spread(line.hotline, Absence(staff_id="owner_1", until=TONIGHT))
    assert [handed.to and handed.to.id for handed in plan.cases] == ["supervisor_2"]
