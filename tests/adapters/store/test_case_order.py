"""Pages that are read from the head of the list on are the list, whatever stands in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product

from tests.builders import MONDAY_TEN, a_breach, a_decision_term, a_promise, a_ticket
from voicebot.adapters.store import SqlUnitOfWork
from voicebot.domain.decision_term import TermState
from voicebot.domain.promise import PromiseState
from voicebot.domain.ticket import TicketStatus
from voicebot.service.ports import CaseQuery
from voicebot.service.promise.make import SUPERVISOR_TARGET

HOUR = timedelta(hours=1)
NOW = MONDAY_TEN + 5 * HOUR
PER_PAGE = 7

PROMISES = (None, (PromiseState.OPEN, 3), (PromiseState.OPEN, -1), (PromiseState.KEPT, -2))
"""State, and how many hours from now the window closes."""
MISSES = (None, False, True)
"""Whether somebody was reached after the miss."""
TARGETS = ("standard", SUPERVISOR_TARGET)
TERMS = (None, TermState.RUNNING, TermState.WAITING)
STATUSES = (TicketStatus.OPEN, TicketStatus.ANSWERED, TicketStatus.CLOSED, TicketStatus.MERGED)


def fill(work: SqlUnitOfWork) -> None:
    """Keep a case of each mixture, with ties in every instant."""
    for number, (promise, miss, term, status) in enumerate(product(PROMISES, MISSES, TERMS, STATUSES)):
        name = f"case-{number * 37 % 149:03}"
        kind = number // len(STATUSES)
        closes_at = NOW + kind % 3 * HOUR if status is TicketStatus.ANSWERED else None
        facts = {"status": status, "closes_at": closes_at, "repeats": kind % 2, "owner_id": f"owner_{kind % 2}"}
        facts["category"] = ("", "fee", "rude")[kind % 3]
        opened_at = MONDAY_TEN - kind % 4 * HOUR
        work.tickets.add(a_ticket(id=name, case_number=f"{number:09}", opened_at=opened_at, **facts))
        same = {"ticket_id": name, "id": f"p-{name}"}
        if promise is not None:
            state, hours = promise
            window = {"window_opens_at": NOW - 9 * HOUR, "window_closes_at": NOW + hours * HOUR}
            work.promises.add(
                a_promise(state=state, target=TARGETS[kind % 2], is_silent=kind % 5 == 0, **same, **window)
            )
        if miss is not None:
            old = a_promise(id=f"q-{name}", ticket_id=name, state=PromiseState.BREACHED)
            work.promises.add(old)
            missed_at = NOW - (2 + kind % 2) * HOUR
            ended = {"ended_at": NOW if miss else None}
            work.promises.add_breach(a_breach(id=f"b-{name}", promise_id=old.id, ticket_id=name, at=missed_at, **ended))
        if term is not None:
            due = {"due_at": NOW + HOUR} if term is TermState.RUNNING else {"due_at": None, "waiting_until": NOW}
            work.decision_terms.add(a_decision_term(id=f"t-{name}", ticket_id=name, state=term, **due))


def test_pages_one_after_the_other_are_the_whole_list(unit_of_work: Callable[[], SqlUnitOfWork]) -> None:
    with unit_of_work() as work:
        fill(work)
        work.commit()
    queries = (
        CaseQuery(),
        CaseQuery(is_open=True),
        CaseQuery(is_open=True, owner_id="owner_1"),
        CaseQuery(is_supervisor_owed=True),
        CaseQuery(category=""),
        CaseQuery(category="fee"),
    )
    with unit_of_work() as work:
        every = work.cases.page(CaseQuery(), NOW)
        fees = [line.case_number for line in every if line.category == "fee"]
        assert fees == [line.case_number for line in work.cases.page(CaseQuery(category="fee"), NOW)]
        for query in queries:
            whole = [line.case_number for line in work.cases.page(query, NOW)]
            pages = [
                line.case_number
                for offset in range(0, len(whole) + PER_PAGE, PER_PAGE)
                for line in work.cases.page(replace(query, limit=PER_PAGE, offset=offset), NOW)
            ]
            assert len(whole) > 15
            assert pages == whole, query


def test_pages_beside_one_another_are_the_end_of_the_list_read_either_way(
    unit_of_work: Callable[[], SqlUnitOfWork],
) -> None:
    with unit_of_work() as work:
        fill(work)
        work.commit()

    def page(query: CaseQuery, **place: object) -> list[str]:
        # An offset that leads nowhere shows that the case beside which a page is asked for leads there.
        return [line.case_number for line in work.cases.page(replace(query, limit=PER_PAGE, **place), NOW)]

    with unit_of_work() as work:
        for query in (CaseQuery(), CaseQuery(owner_id="owner_1"), CaseQuery(is_open=True), CaseQuery(category="")):
            lines = work.cases.page(query, NOW)
            whole = [line.case_number for line in lines]
            undated = [line.case_number for line in lines if line.next_date is None and not line.is_missed]
            assert undated == whole[-len(undated) :]
            assert len(undated) > 2
            for at, case in enumerate(whole):
                behind, before = page(query, behind=case, offset=10_000), page(query, before=case, offset=10_000)
                if case in undated:
                    assert behind == whole[at + 1 : at + 1 + PER_PAGE]
                    assert before == whole[max(0, at - PER_PAGE) : at]
                else:
                    assert (behind, before) == ([], []), "where it stands is not known, so the offset holds"


def test_a_page_beside_a_case_that_left_the_list_is_found_by_its_number(
    unit_of_work: Callable[[], SqlUnitOfWork],
) -> None:
    with unit_of_work() as work:
        fill(work)
        asked = CaseQuery(limit=PER_PAGE, offset=3)
        by_number = work.cases.page(asked, NOW)
        assert work.cases.page(replace(asked, behind="999999999"), NOW) == by_number
        assert work.cases.page(replace(asked, before="999999999"), NOW) == by_number
