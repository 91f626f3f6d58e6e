"""The effort of complainants as the database counts it, held to what the page of each case says."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event

from tests.builders import MONDAY_TEN, a_ticket, at
from tests.domain.test_staff_call import a_staff_call
from tests.random_cases import RandomCase, random_cases
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.promise import CallOutcome
from voicebot.domain.staff_call import StaffCallState
from voicebot.domain.ticket import TicketStatus
from voicebot.service.ports.figures import FigureLine, GroupBy, Period
from voicebot.service.queries.effort import Effort, effort_of
from voicebot.service.queries.figures import last_weeks

Works = Callable[[], SqlUnitOfWork]
ZONE = "America/New_York"
NOW = at("Friday 06 November 2026 12:00:00")
WEEKS = last_weeks(NOW, ZONE, weeks=4)
"""The last week but one has 169 hours: the clock is set back in its last night."""
COUNTS = [each.name for each in fields(FigureLine) if each.type in (int, "int")]


def lines_of(works: Works, by: GroupBy, period: Period = WEEKS) -> tuple[FigureLine, dict[str, FigureLine]]:
    with works() as work:
        total, groups = work.figures.lines(period, by, NOW)
    return total, dict(groups)


def effort(case: RandomCase) -> Effort:
    return effort_of(calls=case.calls, staff_calls=case.staff_calls, answers=case.answers, hand_offs=0)


def middle(values: Iterable[int]) -> float | None:
    known = list(values)
    return median(known) if known else None


def week_of(instant: datetime) -> str:
    """Return the week by the company's calendar: Mondays are counted, and no instant is compared."""
    day = instant.astimezone(ZoneInfo(ZONE)).date()
    first = WEEKS.begins_at.astimezone(ZoneInfo(ZONE)).date()
    return str((day - first).days // 7)


NAMES: dict[GroupBy, Callable[[RandomCase], str]] = {
    GroupBy.WEEK: lambda case: week_of(case.ticket.opened_at),
    GroupBy.CHANNEL: lambda case: case.ticket.channel.value,
    GroupBy.OWNER: lambda case: case.ticket.owner_id,
    GroupBy.ALL: lambda _case: "all",
}


@pytest.mark.requirement("S4-03")
@pytest.mark.parametrize("seed", range(3))
def test_medians_of_effort_are_those_of_the_cases_counted_one_by_one(unit_of_work: Works, seed: int) -> None:
    cases = random_cases(unit_of_work, WEEKS.edges[:-1], seed=seed, most=60)
    for by, name in NAMES.items():
        expected: dict[str, list[Effort]] = defaultdict(list)
        for case in cases:
            if case.counts and WEEKS.begins_at <= case.ticket.opened_at < WEEKS.ends_at:
                expected[name(case)].append(effort(case))
        _total, groups = lines_of(unit_of_work, by)
        for group, efforts in expected.items():
            line, waits = groups[group], [each.waited_s for each in efforts if each.waited_s]
            assert (line.cases, line.waited) == (len(efforts), len(waits)), (by, group)
            assert (line.contacts, line.on_line_s, line.waited_s) == (
                middle(each.contacts for each in efforts),
                middle(each.on_line_s for each in efforts),
                middle(waits),
            ), (by, group)


@pytest.mark.requirement("S4-03")
def test_calls_about_a_joined_case_count_with_the_one_that_goes_on(unit_of_work: Works) -> None:
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="into", case_number="482913757", opened_at=MONDAY_TEN))
        work.tickets.add(a_ticket(status=TicketStatus.MERGED, merged_into="into"))
        for number, waited_s in enumerate((12, 18)):
            ids = {"id": f"ours-{number}", "purpose": f"callback:{number}", "state": StaffCallState.ENDED}
            work.staff_calls.add(
                a_staff_call(**ids, waited_s=waited_s, result=CallOutcome.REACHED, ended_at=MONDAY_TEN)
            )
        work.commit()
    total, _groups = lines_of(unit_of_work, GroupBy.ALL, Period(edges=(MONDAY_TEN, NOW)))
    assert (total.cases, total.contacts, total.waited, total.waited_s) == (1, 2, 1, 30)


@pytest.mark.parametrize("seed", range(3))
def test_groups_add_up_to_the_whole_whatever_they_are_told_apart_by(unit_of_work: Works, seed: int) -> None:
    random_cases(unit_of_work, WEEKS.edges[:-1], seed=seed, most=60)
    whole = lines_of(unit_of_work, GroupBy.ALL)[0]
    assert whole.cases > 20
    for by in GroupBy:
        total, groups = lines_of(unit_of_work, by)
        assert total == whole, by
        for name in COUNTS:
            assert sum(getattr(line, name) for line in groups.values()) == getattr(whole, name), (by, name)


@pytest.mark.parametrize("seed", range(3))
def test_no_part_is_greater_than_what_it_is_a_part_of(unit_of_work: Works, seed: int) -> None:
    random_cases(unit_of_work, WEEKS.edges[:-1], seed=seed, most=60)
    for by in GroupBy:
        for line in lines_of(unit_of_work, by)[1].values():
            assert line.kept_late <= line.missed
            assert line.attested <= line.kept + line.kept_late
            assert line.moved_by_us <= line.moved
            assert max(line.golden, line.contacted, line.decided, line.given_up, line.waited) <= line.cases
            assert line.abandoned <= line.calls


@pytest.mark.requirement("S4-03")
def test_efforts_are_joined_by_an_index_and_not_by_reading_them_all_for_each_case(
    unit_of_work: Works, engine: Engine
) -> None:
    """SQLite says its plan: at 50,000 cases a scan for each of them took ten seconds."""
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL joins by hash, whatever the type
    plans: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def explain(_connection: object, cursor: Any, statement: str, values: Any, *_more: object) -> None:
        if "AS ours" in statement:
            asked = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.extend(row[3] for row in asked)

    lines_of(unit_of_work, GroupBy.WEEK)
    event.remove(engine, "before_cursor_execute", explain)
    assert [plan for plan in plans if plan.startswith("SEARCH ours USING")]
    assert not [plan for plan in plans if plan.startswith(("SCAN ours", "SCAN theirs", "SCAN texts"))]
