"""Who came first is let in first; whose patience is over leaves the queue; nobody is held up by what is stuck."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.builders import a_ticket
from tests.databases import postgres_database
from voicebot.adapters.store import SqlUnitOfWork, is_on_this_machine, migrate, open_engine, open_store
from voicebot.adapters.store.engine import WRITER_TURNS
from voicebot.adapters.store.writer_turns import WriterTurns
from voicebot.domain.promise import PromiseState
from voicebot.errors import Unavailable

from .conftest import NoJobs

PATIENT_S = 30.0
TURNS = 4
"""That a PostgreSQL server on this machine gives a process."""


def waiting_in(turns: WriterTurns, served: list[int], number: int) -> threading.Thread:
    """Begin to wait in a thread, and return once it stands in the queue."""
    before = turns.waiting

    def wait() -> None:
        assert turns.take()
        served.append(number)
        turns.give_back()

    thread = threading.Thread(target=wait)
    thread.start()
    while turns.waiting == before:
        threading.Event().wait(0.001)
    return thread


def test_turns_come_in_the_order_in_which_they_were_asked_for() -> None:
    turns, served = WriterTurns(PATIENT_S), list[int]()
    assert turns.take()
    threads = [waiting_in(turns, served, number) for number in range(8)]
    turns.give_back()
    for thread in threads:
        thread.join()
    assert served == list(range(8))
    assert turns.take()


def test_whose_patience_is_over_has_no_turn_and_keeps_none_from_the_next() -> None:
    turns = WriterTurns(0.01)
    assert turns.take()
    assert not turns.take()
    turns.give_back()
    assert turns.take()


def test_as_many_work_at_once_as_there_are_turns_and_each_that_ends_lets_one_in() -> None:
    turns, served = WriterTurns(PATIENT_S, at_once=2), list[int]()
    assert turns.take()
    assert turns.take()
    threads = [waiting_in(turns, served, number) for number in range(4)]
    turns.give_back()
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 3], "one turn alone serves all of them, in their order"
    turns.give_back()
    assert turns.take()
    assert turns.take()
    assert not WriterTurns(0.01, at_once=0).take()


@pytest.mark.parametrize("fails", [False, True])
def test_a_unit_of_work_gives_its_turn_back_however_it_ends(
    fails: bool, unit_of_work: Callable[[], SqlUnitOfWork]
) -> None:
    for _ in range(3):
        try:
            with unit_of_work() as work:
                assert work.promises.open_of_ticket("none") is None
                if fails:
                    raise KeyError(PromiseState.OPEN)
                work.commit()
        except KeyError:
            pass


def test_while_one_works_the_next_waits_only_as_long_as_the_engine_is_patient(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}", busy_timeout_ms=20)
    migrate(engine)
    store = open_store(engine, NoJobs)
    with store(), pytest.raises(Unavailable), store():
        pass
    with store() as work:
        work.commit()
    engine.dispose()


@pytest.fixture
def beside(postgres: str) -> Iterator[Engine]:
    """An engine on a migrated PostgreSQL database of this machine."""
    with postgres_database(postgres) as url:
        engine = open_engine(url)
        if not is_on_this_machine(engine.url):
            pytest.skip("needs a PostgreSQL server on this machine")
        migrate(engine)
        yield engine
        engine.dispose()


def test_who_waits_for_a_stuck_transaction_holds_up_nobody_else(beside: Engine) -> None:
    store, have_begun = open_store(beside, NoJobs), threading.Barrier(TURNS + 1)

    def wait_for_it() -> None:
        with store() as work:
            have_begun.wait(PATIENT_S)
            work.tickets.hold("stuck")

    with beside.connect() as stuck, ThreadPoolExecutor(TURNS) as threads:
        stuck.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended('actions:stuck', 0))")
        waiting = [threads.submit(wait_for_it) for _ in range(TURNS)]
        have_begun.wait(PATIENT_S)
        with store() as work:
            work.tickets.add(a_ticket())
            work.commit()
        assert not any(each.done() for each in waiting), "they still wait, and have every turn there is"
        stuck.rollback()
        assert [each.result(PATIENT_S) for each in waiting] == [None] * TURNS
    with store() as work:
        assert len(work.tickets.all()) == 1


def test_who_went_ahead_without_a_turn_gives_none_back(beside: Engine) -> None:
    store = open_store(beside, NoJobs)
    turns: WriterTurns = beside.get_execution_options()[WRITER_TURNS]
    with ExitStack() as all_turns:
        for _ in range(TURNS):
            all_turns.enter_context(store())
        with store() as ahead:
            ahead.tickets.add(a_ticket())
            ahead.commit()
    assert all(turns.take() for _ in range(TURNS))
    assert not turns.take(), "there are no more than before"


@pytest.mark.parametrize(
    ("url", "has_turns"),
    [
        ("postgresql://voicebot@localhost/voicebot", True),
        ("postgresql://voicebot@127.0.0.1:5433/voicebot", True),
        ("postgresql://voicebot@[::1]/voicebot", True),
        ("postgresql://voicebot@/voicebot?host=/run/postgresql", True),
        ("postgresql:///voicebot", True),
        ("postgresql://voicebot@db.example/voicebot", False),
        ("postgresql://voicebot@/voicebot?host=db.example", False),
        ("postgresql://voicebot@/voicebot?host=localhost&host=db.example", False),
    ],
)
def test_a_database_elsewhere_is_waited_for_by_as_many_as_come(url: str, has_turns: bool) -> None:
    assert (WRITER_TURNS in open_engine(url).get_execution_options()) == has_turns
