"""Promises, breaches and steps: found when due, written once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.adapters.store.conftest import NoJobs
from tests.builders import MONDAY_TEN, a_breach, a_decision_term, a_promise, a_step, a_ticket
from tests.databases import url_of
from voicebot.adapters.store import SqlUnitOfWork, open_reader, open_store
from voicebot.domain.promise import CallbackWindow, PromiseState

Maker = Callable[[], SqlUnitOfWork]
AtOnce = Callable[..., list[Any]]
HOUR = timedelta(hours=1)
CLOSES_AT = a_promise().window_closes_at


@pytest.fixture(autouse=True)
def ticket(unit_of_work: Maker) -> None:
    """One ticket with one open promise."""
    with unit_of_work() as work:
        work.tickets.add(a_ticket())
        work.promises.add(a_promise())
        work.commit()


def test_promise_comes_back_as_it_was_written(unit_of_work: Maker) -> None:
    kept = a_promise(
        id="promise-2",
        state=PromiseState.KEPT,
        made_at=MONDAY_TEN + HOUR,
        confirmed_by_caller=True,
        attempt=2,
        settled_at=MONDAY_TEN + 5 * HOUR,
        kept_by="owner_1",
        kept_reason="spoke",
        why_json='{"zone": "UTC"}',
    )
    with unit_of_work() as work:
        work.promises.add(kept)
        work.commit()
    with unit_of_work() as work:
        assert work.promises.get("promise-2") == kept
        assert work.promises.lock("promise-2") == kept
        assert work.promises.of_ticket("ticket-1") == [a_promise(), kept]
        assert work.promises.open_of_ticket("ticket-1") == a_promise()
        assert work.promises.open_of_ticket("ticket-2") is None


def test_who_waits_for_a_promise_that_is_moved_meanwhile_gets_the_one_it_was_moved_to(
    unit_of_work: Maker, at_once: AtOnce
) -> None:
    def move(count: int) -> bool:
        with unit_of_work() as work:
            standing = work.promises.open_of_ticket("ticket-1")
            if standing is not None:
                work.promises.save(replace(standing, state=PromiseState.MOVED))
            work.promises.add(a_promise(id=f"later-{count}", made_at=MONDAY_TEN + count * HOUR))
            work.commit()
            return standing is not None

    assert at_once(move) == [True] * 8
    with unit_of_work() as work:
        states = [promise.state for promise in work.promises.of_ticket("ticket-1")]
    assert states.count(PromiseState.OPEN) == 1


def test_saved_promise_keeps_its_next_warning(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.promises.set_next_warning("promise-1", MONDAY_TEN + HOUR)
        work.promises.save(a_promise(words="We will call."))
        work.commit()
    with unit_of_work() as work:
        assert work.promises.warnings_due(MONDAY_TEN + HOUR, 10) == [a_promise(words="We will call.")]


@pytest.mark.requirement("S0-12")
def test_window_is_missed_at_the_instant_it_closes(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.promises.closed_unkept(CLOSES_AT - timedelta(seconds=1), 10) == []
        assert work.promises.closed_unkept(CLOSES_AT, 10) == [a_promise()]
        work.promises.save(a_promise(state=PromiseState.KEPT))
        assert work.promises.closed_unkept(CLOSES_AT + HOUR, 10) == []


def test_longest_missed_windows_come_first_and_no_more_than_asked(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        work.promises.add(a_promise(id="promise-0", window_closes_at=CLOSES_AT - HOUR))
        work.promises.add(a_promise(id="promise-2", window_closes_at=CLOSES_AT + HOUR))
        due = work.promises.closed_unkept(CLOSES_AT + 2 * HOUR, 2)
    assert [promise.id for promise in due] == ["promise-0", "promise-1"]


def test_warning_is_due_until_it_is_put_off_or_the_promise_settled(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.promises.warnings_due(CLOSES_AT, 10) == []
        work.promises.set_next_warning("promise-1", MONDAY_TEN + HOUR)
        assert work.promises.warnings_due(MONDAY_TEN + HOUR - timedelta(seconds=1), 10) == []
        assert work.promises.warnings_due(MONDAY_TEN + HOUR, 10) == [a_promise()]
        work.promises.set_next_warning("promise-1", None)
        assert work.promises.warnings_due(CLOSES_AT, 10) == []
        work.promises.set_next_warning("promise-1", MONDAY_TEN + HOUR)
        work.promises.save(a_promise(state=PromiseState.MOVED))
        assert work.promises.warnings_due(CLOSES_AT, 10) == []


def test_open_promises_are_counted_by_window_from_an_instant_on(unit_of_work: Maker) -> None:
    window = CallbackWindow(opens_at=a_promise().window_opens_at, closes_at=CLOSES_AT)
    longer = CallbackWindow(opens_at=window.opens_at, closes_at=CLOSES_AT + HOUR)
    with unit_of_work() as work:
        work.promises.add(a_promise(id="promise-2"))
        work.promises.add(a_promise(id="promise-3", state=PromiseState.KEPT))
        work.promises.add(a_promise(id="promise-4", window_closes_at=longer.closes_at))
        assert work.promises.open_windows(window.opens_at) == {window: 2, longer: 1}
        assert work.promises.open_windows(CLOSES_AT) == {longer: 1}
        assert work.promises.open_windows(CLOSES_AT + HOUR) == {}
        assert work.promises.silent_windows(window.opens_at) == {}
        work.promises.add(a_promise(id="silent", is_silent=True))
        assert work.promises.silent_windows(window.opens_at) == {window: 1}


def test_window_takes_no_more_than_its_capacity_from_eight_callers(unit_of_work: Maker, at_once: AtOnce) -> None:
    window = CallbackWindow(opens_at=a_promise().window_opens_at, closes_at=CLOSES_AT)

    def promise(caller: int) -> bool:
        with unit_of_work() as work:
            has_room = work.promises.open_windows(window.opens_at).get(window, 0) < 4
            if has_room:
                work.promises.add(a_promise(id=f"of caller {caller}"))
                work.commit()
            return has_room

    assert sum(at_once(promise)) == 3


@pytest.mark.requirement("S0-12")
def test_breach_of_a_promise_is_written_once(unit_of_work: Maker, at_once: AtOnce) -> None:
    def breach(rival: int) -> bool:
        with unit_of_work() as work:
            is_first = work.promises.add_breach(a_breach(id=f"breach-{rival}"))
            work.commit()
            return is_first

    assert sum(at_once(breach)) == 1
    with unit_of_work() as work:
        assert len(work.promises.breaches_of_ticket("ticket-1")) == 1


def test_breach_is_due_until_its_climb_ends(unit_of_work: Maker) -> None:
    with unit_of_work() as work:
        assert work.promises.add_breach(a_breach())
        assert work.promises.breaches_due(CLOSES_AT - timedelta(seconds=1), 10) == []
        assert work.promises.breaches_due(CLOSES_AT, 10) == [a_breach()]
        quiet = a_breach(next_step_at=CLOSES_AT + HOUR, quiet_until=CLOSES_AT + HOUR)
        work.promises.save_breach(quiet)
        assert work.promises.breaches_due(CLOSES_AT, 10) == []
        assert work.promises.breaches_due(CLOSES_AT + HOUR, 10) == [quiet]
        work.promises.save_breach(replace(quiet, ended_at=CLOSES_AT + HOUR))
        assert work.promises.breaches_due(CLOSES_AT + 2 * HOUR, 10) == []


@pytest.mark.requirement("S2-14")
def test_step_is_climbed_once_by_eight_workers(unit_of_work: Maker, at_once: AtOnce) -> None:
    def climb(worker: int) -> bool:
        with unit_of_work() as work:
            is_first = work.promises.take_step(a_step(told=f"worker {worker}"))
            work.commit()
            return is_first

    assert sum(at_once(climb)) == 1
    with unit_of_work() as work:
        assert len(work.promises.steps("ticket-1")) == 1


def test_same_step_of_another_breach_is_another_step(unit_of_work: Maker) -> None:
    later = a_step(subject_id="breach-2", taken_at=a_step().taken_at + HOUR)
    with unit_of_work() as work:
        assert work.promises.take_step(later)
        assert work.promises.take_step(a_step())
        assert work.promises.steps("ticket-1") == [a_step(), later]


def test_who_only_looks_reads_what_others_would_hold(unit_of_work: Maker, engine: Engine) -> None:
    with unit_of_work() as work:
        work.decision_terms.add(a_decision_term())
        work.commit()
    reader = open_reader(url_of(engine))
    with open_store(reader, NoJobs)() as work:
        promises, terms = work.promises, work.decision_terms
        found = (promises.open_of_ticket("ticket-1"), promises.lock(a_promise().id))
        found += (terms.current_of("ticket-1"), terms.lock(a_decision_term().id))
    reader.dispose()
    assert None not in found
