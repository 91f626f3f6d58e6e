"""One password is checked at a time, and strangers cannot fill the places of who is known."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from queue import SimpleQueue
from time import monotonic

import pytest
from werkzeug.exceptions import ServiceUnavailable

from voicebot.web.console.login_lanes import KNOWN_PLACES, PAUSE_S, SLOW_PLACES, WAITING_PLACES, LoginLanes

Lane = Callable[[], AbstractContextManager[None]]


class Crowd:
    """People who wait in lanes, each in a thread; whoever is let in waits until the doors open."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside = 0
        self.most_inside = 0
        self.refused = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    def come(self, lane: Lane) -> None:
        """Let one more come."""
        thread = threading.Thread(target=self._wait, args=(lane,))
        self._threads.append(thread)
        thread.start()

    def go_home(self) -> None:
        """Open the doors and wait until all are gone."""
        self.open.set()
        for thread in self._threads:
            thread.join(10)

    def _wait(self, lane: Lane) -> None:
        try:
            with lane():
                self.inside += 1
                self.most_inside = max(self.most_inside, self.inside)
                assert self.open.wait(10)
                self.inside -= 1
        except ServiceUnavailable:
            self.refused.release()


def test_one_password_is_checked_at_a_time_in_whatever_lane() -> None:
    lanes, crowd = LoginLanes(pause=lambda _s: None), Crowd()
    for lane in (lanes.known, lanes.stranger, lambda: lanes.slowed("a"), lanes.known):
        crowd.come(lane)
    crowd.go_home()
    assert crowd.most_inside == 1


def test_strangers_fill_their_own_places_and_no_others() -> None:
    lanes, crowd = LoginLanes(pause=lambda _s: None), Crowd()
    for _ in range(WAITING_PLACES + 1):
        crowd.come(lanes.stranger)
    assert crowd.refused.acquire(timeout=10)
    for _ in range(KNOWN_PLACES):
        crowd.come(lanes.known)
    crowd.come(lambda: lanes.slowed("a"))
    assert not crowd.refused.acquire(timeout=0.2)
    crowd.come(lanes.known)
    assert crowd.refused.acquire(timeout=10)
    crowd.go_home()


class Slow:
    """The slow lane: one is being checked until told to go on, the others wait."""

    def __init__(self) -> None:
        self.entered: SimpleQueue[str] = SimpleQueue()
        self.refused: SimpleQueue[str] = SimpleQueue()
        self._go_on = threading.Semaphore(0)
        self._lanes = LoginLanes(pause=lambda _s: None)
        self._threads: list[threading.Thread] = []

    def come(self, name: str, block: str, *guesses: int) -> None:
        """Let one come, and wait until they have a place in the line, or none."""
        thread = threading.Thread(target=self._try, args=(name, block, guesses))
        self._threads.append(thread)
        before = len(self._lanes._line._waiting)
        thread.start()
        until = monotonic() + 20
        while len(self._lanes._line._waiting) == before and self.entered.empty() and self.refused.empty():
            assert monotonic() < until
            thread.join(0.01)
            if not thread.is_alive():
                break

    def go_on(self) -> None:
        """Let the check at hand end."""
        self._go_on.release()

    def close(self) -> None:
        for _ in self._threads:
            self._go_on.release()
        for thread in self._threads:
            thread.join(20)

    def _try(self, name: str, block: str, guesses: tuple[int, ...]) -> None:
        try:
            with self._lanes.slowed(block, guesses):
                self.entered.put(name)
                assert self._go_on.acquire(timeout=20)
        except ServiceUnavailable:
            self.refused.put(name)


@pytest.fixture
def slow() -> Iterator[Slow]:
    slow = Slow()
    slow.come("at hand", "z", 9)
    assert slow.entered.get(timeout=20) == "at hand"
    yield slow
    slow.close()


def test_of_one_block_one_waits_so_that_others_find_room(slow: Slow) -> None:
    slow.come("a1", "a", 3, 3, 3)
    slow.come("a2", "a", 3, 3, 3)
    assert slow.refused.get(timeout=20) == "a2"
    slow.come("honest neighbour", "a", 3, 0, 0)
    assert slow.refused.get(timeout=20) == "a1"


def test_who_has_not_guessed_is_next_though_guessers_of_many_blocks_fill_the_line(slow: Slow) -> None:
    for number in range(SLOW_PLACES):
        slow.come(f"g{number}", f"b{number}", 5 + number)
    slow.come("another guesser", "late", 100)
    assert slow.refused.get(timeout=20) == "another guesser"
    slow.come("honest", "home", 0)
    assert slow.refused.get(timeout=20) == f"g{SLOW_PLACES - 1}"
    slow.go_on()
    assert slow.entered.get(timeout=20) == "honest"
    slow.go_on()
    assert slow.entered.get(timeout=20) == "g0"


def test_those_who_guessed_alike_are_served_in_the_order_they_came(slow: Slow) -> None:
    for number in range(SLOW_PLACES):
        slow.come(f"s{number}", f"b{number}", 0)
    slow.come("one too many", "late", 0)
    assert slow.refused.get(timeout=20) == "one too many"
    for number in range(SLOW_PLACES):
        slow.go_on()
        assert slow.entered.get(timeout=20) == f"s{number}"


def test_a_slowed_check_pauses_first_and_its_place_is_given_back() -> None:
    pauses: list[float] = []
    lanes = LoginLanes(pause=pauses.append)
    for _ in range(SLOW_PLACES + 2):
        with lanes.slowed("a"):
            pass
    assert pauses == [PAUSE_S] * (SLOW_PLACES + 2)


def test_a_check_that_fails_gives_its_place_back() -> None:
    lanes = LoginLanes(pause=lambda _s: None)
    for _ in range(WAITING_PLACES + 1):
        with pytest.raises(ZeroDivisionError), lanes.stranger():
            raise ZeroDivisionError
