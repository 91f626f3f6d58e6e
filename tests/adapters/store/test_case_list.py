"""The list of cases, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.builders import MONDAY_TEN, a_breach, a_decision_term, a_promise, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.decision_term import TermState
from voicebot.domain.next_date import DateKind, NextDate
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import TicketStatus
from voicebot.service.ports import CaseQuery, Stretch

Maker = Callable[[], SqlUnitOfWork]
HOUR = timedelta(hours=1)
NOW = MONDAY_TEN + 5 * HOUR
"""The missed window has closed; both that are promised can be kept."""


def fill(unit_of_work: Maker) -> None:
    """Store four cases: missed with a new window, due, called, closed."""
    with unit_of_work() as work:
        for number, name in enumerate(("missed", "due", "called", "closed")):
            work.tickets.add(
                a_ticket(
                    id=name,
                    case_number=f"48291375{number}",
                    status=TicketStatus.CLOSED if name == "closed" else TicketStatus.OPEN,
                    opened_at=MONDAY_TEN + number * HOUR,
                    owner_id="deputy_1" if name == "due" else "owner_1",
                    problem="a" * 300,
                )
            )
        opens, closes = MONDAY_TEN + 4 * HOUR, MONDAY_TEN + 6 * HOUR
        work.promises.add(
            a_promise(id="p1", ticket_id="missed", state=PromiseState.BREACHED, settled_at=closes - 3 * HOUR)
        )
        work.promises.add(a_promise(id="p2", ticket_id="missed", window_closes_at=closes + HOUR, target="after_miss"))
        work.promises.add(a_promise(id="p3", ticket_id="due", window_opens_at=opens - HOUR))
        work.promises.add(a_promise(id="p4", ticket_id="called", state=PromiseState.KEPT, settled_at=closes))
        work.promises.set_next_warning("p2", closes)
        work.promises.set_next_warning("p3", opens)
        work.promises.add_breach(
            a_breach(promise_id="p1", ticket_id="missed", at=closes - 3 * HOUR, next_step_at=closes - 2 * HOUR)
        )
        work.commit()


@pytest.mark.requirement("S3-06")
def test_of_calls_that_close_together_whoever_came_back_most_leads(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        for name, repeats in (("a", 0), ("b", 2), ("c", 1)):
            work.tickets.add(a_ticket(id=name, case_number=name, repeats=repeats))
            work.promises.add(a_promise(id=f"p-{name}", ticket_id=name))
        work.commit()
    with unit_of_work() as work:
        rows = work.cases.page(CaseQuery(), MONDAY_TEN)
    assert [(row.case_number, row.repeats) for row in rows] == [("b", 2), ("c", 1), ("a", 0)]


def test_a_call_that_can_be_kept_stands_before_one_already_missed_and_the_newest_last(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    with unit_of_work() as work:
        rows = work.cases.page(CaseQuery(), NOW)
        order_of = {
            hours: "".join(row.case_number[-1] for row in work.cases.page(CaseQuery(), MONDAY_TEN + hours * HOUR))
            for hours in (5, 6, 7)
        }
    # At six the second window closes, at seven the new window of the case that was missed before.
    assert order_of == {5: "1032", 6: "0132", 7: "0132"}
    due, missed, _, called = rows
    closes = MONDAY_TEN + 6 * HOUR
    assert (missed.missed_at, missed.window_closes_at, missed.told_at) == (
        closes - 3 * HOUR,
        closes + HOUR,
        closes - 2 * HOUR,
    )
    assert (missed.misses, missed.target) == (1, "after_miss")
    assert (due.missed_at, due.window_opens_at, due.told_at) == (
        None,
        MONDAY_TEN + 3 * HOUR,
        MONDAY_TEN + 4 * HOUR,
    )
    assert (called.target, called.window_closes_at, called.called_at, called.misses) == (None, None, closes, 0)
    assert called.problem == "a" * 160


def test_a_climb_that_ended_is_a_miss_and_no_longer_owed(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    with unit_of_work() as work:
        (breach,) = work.promises.breaches_of_ticket("missed")
        work.promises.save_breach(a_breach(id=breach.id, promise_id="p1", ticket_id="missed", ended_at=MONDAY_TEN))
        work.commit()
    with unit_of_work() as work:
        row = next(row for row in work.cases.page(CaseQuery(), NOW) if row.case_number.endswith("0"))
    assert (row.missed_at, row.misses, row.told_at) == (None, 1, MONDAY_TEN + 6 * HOUR)


def test_a_query_narrows_page_and_count_alike(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    for query, found in (
        (CaseQuery(), 4),
        (CaseQuery(is_open=True), 3),
        (CaseQuery(owner_id="deputy_1"), 1),
        (CaseQuery(is_open=True, owner_id="nobody"), 0),
    ):
        with unit_of_work() as work:
            assert (len(work.cases.page(query, NOW)), work.cases.count(query)) == (found, found)
    with unit_of_work() as work:
        assert [row.case_number[-1] for row in work.cases.page(CaseQuery(limit=2, offset=1), NOW)] == ["0", "3"]


def test_a_page_costs_two_queries_where_calls_are_owed_however_many_cases_it_lists(
    unit_of_work: Maker, engine: Engine
) -> None:
    fill(unit_of_work)
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: asked.append(statement))
    with unit_of_work() as work:
        work.cases.page(CaseQuery(is_open=True, limit=1), NOW)
    assert len([statement for statement in asked if statement.lstrip().startswith("SELECT")]) == 2


@pytest.mark.requirement("D-02")
def test_where_no_call_is_owed_the_nearest_date_leads_and_each_line_has_it(unit_of_work: Maker) -> None:
    fill(unit_of_work)
    far = MONDAY_TEN + timedelta(days=9)
    dates = {"due": far, "called": far, "sooner": far - HOUR}
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="sooner", case_number="482913754"))
        work.tickets.add(a_ticket(id="waits", case_number="482913755"))
        answered = a_ticket(id="told", case_number="482913756", status=TicketStatus.ANSWERED, closes_at=far + HOUR)
        work.tickets.add(answered)
        for name, due_at in dates.items():
            work.decision_terms.add(a_decision_term(id=f"term {name}", ticket_id=name, due_at=due_at))
        waiting = a_decision_term(id="w", ticket_id="waits", state=TermState.WAITING, due_at=None)
        work.decision_terms.add(replace(waiting, waiting_until=far - 2 * HOUR))
        work.decision_terms.add(a_decision_term(id="old", ticket_id="closed", state=TermState.DECIDED))
        work.commit()
    with unit_of_work() as work:
        lines = {line.case_number[-1]: line.next_date for line in work.cases.page(CaseQuery(), NOW)}
    assert "".join(lines) == "1054263"
    assert lines == {
        "1": NextDate(kind=DateKind.CALL, at=MONDAY_TEN + 6 * HOUR),
        "0": NextDate(kind=DateKind.CALL, at=MONDAY_TEN + 7 * HOUR),
        "5": NextDate(kind=DateKind.COMPLAINANT, at=far - 2 * HOUR),
        "4": NextDate(kind=DateKind.DECISION, at=far - HOUR),
        "2": NextDate(kind=DateKind.DECISION, at=far),
        "6": NextDate(kind=DateKind.CLOSING, at=far + HOUR),
        "3": None,
    }


def test_cases_by_their_opening_are_read_on_from_where_one_stopped(unit_of_work: Maker) -> None:
    """What is opened meanwhile comes at the end: nothing is read twice, and nothing is left out."""
    fill(unit_of_work)

    def read(**asked: Any) -> list[str]:
        query = CaseQuery(stretch=Stretch(limit=3, **asked))
        with unit_of_work() as work:
            return [line.ticket_id for line in work.cases.page(query, NOW)]

    assert read() == ["missed", "due", "called"]
    with unit_of_work() as work:
        work.tickets.add(a_ticket(id="later", case_number="later", opened_at=MONDAY_TEN + 2 * HOUR))
        work.commit()
    assert read(after=(MONDAY_TEN + 2 * HOUR, "called")) == ["later", "closed"]
    assert read(after=(MONDAY_TEN + 3 * HOUR, "closed")) == []
    assert read(from_at=MONDAY_TEN + HOUR, until_at=MONDAY_TEN + 2 * HOUR) == ["due"]
    with unit_of_work() as work:
        closed = CaseQuery(stretch=Stretch(limit=3), status=TicketStatus.CLOSED)
        assert [line.case_number for line in work.cases.page(closed, NOW)] == ["482913753"]
