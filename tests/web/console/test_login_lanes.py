"""One password is checked at a time, and strangers cannot fill the places of who is known."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

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


def test_one_is_checked_at_a_time_in_whatever_lane() -> None:
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


def test_a_block_has_one_slow_place_so_that_others_find_room() -> None:
    lanes, crowd = LoginLanes(pause=lambda _s: None), Crowd()
    for block in ("a", "a", "a"):
        crowd.come(lambda block=block: lanes.slowed(block))
    assert [crowd.refused.acquire(timeout=10) for _ in range(2)] == [True, True]
    for number in range(SLOW_PLACES - 1):
        crowd.come(lambda number=number: lanes.slowed(f"b{number}"))
    assert not crowd.refused.acquire(timeout=0.2)
    crowd.come(lambda: lanes.slowed("late"))
    assert crowd.refused.acquire(timeout=10)
    crowd.go_home()


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
