"""A full budget takes nothing from another, and within one nobody takes what another party needs."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from queue import SimpleQueue

import pytest

from voicebot.web.transport.budgets import Budget, Share
from voicebot.web.transport.pools import Pools, Work

CALLER, STRANGER = "203.0.113.0/24", "198.51.100.0/24"


class House:
    """Pools whose works end when they are told to; what was begun, ended and displaced is written down."""

    def __init__(self, shared: dict[Budget, Share]) -> None:
        self.pools = Pools(shared)
        self._begun: SimpleQueue[str] = SimpleQueue()
        self.displaced: list[str] = []
        self._ends: dict[str, threading.Event] = {}
        self._done = threading.Semaphore(0)

    def come(self, name: str, party: str = "", *, budget: Budget = Budget.STRANGERS) -> bool:
        """Ask for a thread; the work lasts until `end`."""
        end = self._ends[name] = threading.Event()

        def run() -> bool:
            self._begun.put(name)
            return end.wait(20)

        work = Work(run=run, on_done=self._note_done, on_displaced=lambda: self.displaced.append(name))
        return self.pools.start(budget, party, work)

    def end(self, name: str, *, budget: Budget = Budget.STRANGERS) -> None:
        """Let a work end, and wait until its thread is free and taken by the next."""
        self._ends[name].set()
        assert self._done.acquire(timeout=20)
        self.pools.give_back(budget)

    def begun(self, many: int) -> list[str]:
        """Return the next names whose works began, in their order."""
        return [self._begun.get(timeout=20) for _ in range(many)]

    def close(self) -> None:
        for end in self._ends.values():
            end.set()
        self.pools.shutdown()

    def _note_done(self, _done: "Future[bool]") -> None:
        self._done.release()


@pytest.fixture
def house() -> Iterator[House]:
    house = House({Budget.STRANGERS: Share(1, 4), Budget.CARRIER: Share(1, 0), Budget.CLIPS: Share(2, 400)})
    yield house
    house.close()


def test_strangers_who_fill_their_threads_leave_the_carriers_free(house: House) -> None:
    assert [house.come(f"s{number}", STRANGER) for number in range(6)] == [True] * 5 + [False]
    assert house.come("call", budget=Budget.CARRIER)
    assert house.begun(2) == ["s0", "call"]


def test_a_thread_that_is_given_back_is_taken_again(house: House) -> None:
    for number in range(3):
        assert house.come(f"c{number}", budget=Budget.CARRIER)
        house.end(f"c{number}", budget=Budget.CARRIER)
    assert house.come("one", budget=Budget.CARRIER)
    assert not house.come("two", budget=Budget.CARRIER)


def test_one_party_is_served_in_the_order_in_which_it_came(house: House) -> None:
    for number in range(4):
        house.come(f"s{number}", STRANGER)
    for number in range(4):
        house.end(f"s{number}")
    assert house.begun(4) == ["s0", "s1", "s2", "s3"]


def test_whoever_comes_to_a_crowd_of_one_party_is_the_next(house: House) -> None:
    for number in range(4):
        house.come(f"s{number}", STRANGER)
    house.come("call", CALLER)
    house.end("s0")
    house.end("s1")
    assert house.begun(3) == ["s0", "s1", "call"]


def test_a_flood_of_one_party_makes_room_for_another_and_refuses_its_own(house: House) -> None:
    for number in range(5):
        house.come(f"s{number}", STRANGER)
    assert house.come("call", CALLER)
    assert house.displaced == ["s4"], "the newest of the flood goes"
    assert not house.come("s5", STRANGER)
    assert house.displaced == ["s4"]


def test_a_party_that_has_no_more_than_others_waits_on_when_full(house: House) -> None:
    for party in "abcde":
        assert house.come(party, party)
    assert not house.come("f", "f")
    assert house.displaced == []


def test_a_flood_of_clips_from_elsewhere_makes_a_caller_wait_for_one_of_them(house: House) -> None:
    for number in range(1000):
        house.come(f"s{number}", STRANGER, budget=Budget.CLIPS)
    assert house.come("clip", CALLER, budget=Budget.CLIPS)
    for number in range(2):
        house.end(f"s{number}", budget=Budget.CLIPS)
    assert "clip" in house.begun(4)
