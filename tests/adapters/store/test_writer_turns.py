"""Who came first is let in first; whose patience is over leaves the queue."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from voicebot.adapters.store import SqlUnitOfWork, migrate, open_engine, open_store
from voicebot.adapters.store.writer_turns import WriterTurns
from voicebot.domain.promise import PromiseState
from voicebot.errors import Unavailable

from .conftest import NoJobs

PATIENT_S = 30.0


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
