"""Decision terms: found when due, one at a time for each case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from tests.adapters.store.conftest import NoJobs
from tests.adapters.store.samples import sample_of
from tests.builders import MONDAY_TEN, a_decision_term, a_ticket
from voicebot.adapters.store import SqlUnitOfWork, migrate, open_store
from voicebot.domain.decision_term import TermState
from voicebot.domain.ticket import is_open

Maker = Callable[[], SqlUnitOfWork]
AtOnce = Callable[..., list[Any]]
DAY = timedelta(days=1)
LATE = a_decision_term(
    id="term-0",
    state=TermState.LATE,
    started_at=MONDAY_TEN - 9 * DAY,
    due_at=MONDAY_TEN,
    settled_at=MONDAY_TEN,
    quiet_until=MONDAY_TEN + DAY,
    ended_at=MONDAY_TEN + 2 * DAY,
    next_step_at=None,
    why_json='{"zone": "UTC"}',
)


@pytest.fixture
def terms(unit_of_work: Maker) -> Maker:
    """One ticket with a late term and one that runs."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.decision_terms.add(LATE)
        work.decision_terms.add(a_decision_term())
        work.commit()
    return unit_of_work


def test_terms_come_back_as_they_were_written_oldest_first(terms: Maker) -> None:
    with terms() as work:
        assert work.decision_terms.of_ticket("ticket-1") == [LATE, a_decision_term()]
        assert work.decision_terms.lock("term-0") == LATE
        assert work.decision_terms.lock("term-9") is None
        assert work.decision_terms.current_of("ticket-1") == a_decision_term()
        assert work.decision_terms.current_of("ticket-2") is None


def test_a_case_never_has_two_terms_that_run_or_wait(terms: Maker) -> None:
    second = a_decision_term(id="term-2", state=TermState.WAITING)
    with terms() as work, pytest.raises(IntegrityError):
        work.decision_terms.add(second)


def test_what_is_due_is_found_the_longest_due_first(terms: Maker) -> None:
    with terms() as work:
        work.decision_terms.save(replace(LATE, next_step_at=MONDAY_TEN + DAY))
        work.commit()
    with terms() as work:
        assert work.decision_terms.due(MONDAY_TEN, 10) == []
        assert [term.id for term in work.decision_terms.due(MONDAY_TEN + 7 * DAY, 10)] == ["term-0", "term-1"]
        assert [term.id for term in work.decision_terms.due(MONDAY_TEN + 7 * DAY, 1)] == ["term-0"]


def test_who_waits_for_a_term_that_is_late_meanwhile_gets_the_one_that_follows(terms: Maker, at_once: AtOnce) -> None:
    def follow(count: int) -> bool:
        with terms() as work:
            current = work.decision_terms.current_of("ticket-1")
            assert current is not None
            work.decision_terms.save(replace(current, state=TermState.LATE))
            work.decision_terms.add(a_decision_term(id=f"next-{count}", attempt=current.attempt + 1))
            assert work.decision_terms.current_of("ticket-1") == a_decision_term(
                id=f"next-{count}", attempt=current.attempt + 1
            )
            work.commit()
        return True

    assert all(at_once(follow, times=4))
    with terms() as work:
        assert [term.attempt for term in work.decision_terms.of_ticket("ticket-1")] == [1, 1, 2, 3, 4, 5]


def test_an_upgrade_gives_each_open_case_a_term_that_nobody_has_looked_at(database_url: str) -> None:
    engine = sample_of("0001", database_url)
    migrate(engine)
    with open_store(engine, NoJobs)() as work:
        for ticket in work.tickets.all():
            terms = work.decision_terms.of_ticket(ticket.id)
            assert [term.state for term in terms] == ([TermState.RUNNING] if is_open(ticket) else [])
            assert [(term.due_at, term.why_json) for term in terms] == [(None, "{}")] * len(terms)
    engine.dispose()
