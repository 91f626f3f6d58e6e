"""Lets one password be checked at a time, and keeps places apart, that is for known devices, for strangers, for slowed
ones.

Checking a password is made to be dear, and a request that waits holds a thread. So few may wait, and strangers cannot
fill the places of those who are known. While somebody guesses, strangers pass one by one with a pause before each
check. Then it is the turn of whose block of networks guessed least, and whoever guessed less takes the place of who
guessed more, so one who has not guessed waits for nobody but others who have not.
Knows: locks. Must not know: who is known, what is counted.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count

from flask import abort

WAITING_PLACES = 8
"""Threads that strangers' logins may hold at once, while the web process keeps more beyond its calls."""
KNOWN_PLACES = 4
SLOW_PLACES = 4
"""Beside the one whose password is being checked."""
PATIENCE_S = 5.0
"""How long a login waits for its turn."""
PAUSE_S = 2.0
"""Before each slowed check, so that there are at most 43,200 guesses a day for all passwords together, in each
process.
"""
SLOW_PATIENCE_S = (SLOW_PLACES + 1) * (PAUSE_S + PATIENCE_S)

BUSY = "Many people are logging in at this moment. Try again in a few seconds."


class LoginLanes:
    """The ways to the one check. Each raises HTTPException (503) when its places are taken."""

    def __init__(self, *, pause: Callable[[float], object] | None = None) -> None:
        self._pause = pause or threading.Event().wait
        self._known, self._strangers = (threading.BoundedSemaphore(places) for places in (KNOWN_PLACES, WAITING_PLACES))
        self._check = threading.Lock()
        self._line = _Line()

    @contextmanager
    def known(self) -> Iterator[None]:
        """Check a password from a known device."""
        with _place(self._known), _turn(self._check, PATIENCE_S):
            yield

    @contextmanager
    def stranger(self) -> Iterator[None]:
        """Check a stranger's password."""
        with _place(self._strangers), _turn(self._check, PATIENCE_S):
            yield

    @contextmanager
    def slowed(self, block: str, guesses: tuple[int, ...] = ()) -> Iterator[None]:
        """Check a stranger's password while somebody guesses, where `guesses` are wrong tries of late, of the block
        first.
        """
        with self._line.turn(block, guesses, SLOW_PATIENCE_S):
            self._pause(PAUSE_S)
            with _turn(self._check, PATIENCE_S):
                yield


@dataclass(eq=False, slots=True)
class _Waiting:
    """Somebody who waits for a slowed check."""

    block: str
    rank: tuple[tuple[int, ...], int]
    """Wrong tries, then the order of coming, where the least is next."""
    is_displaced: bool = False


class _Line:
    """Who waits for a slowed check, namely few, and of one block one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[_Waiting] = []
        self._is_busy = False
        self._arrivals = count()

    @contextmanager
    def turn(self, block: str, guesses: tuple[int, ...], patience_s: float) -> Iterator[None]:
        """Wait for one's turn. Raises: HTTPException (503) when there is no place, or no more."""
        with self._changed:
            me = _Waiting(block, (guesses, next(self._arrivals)))
            self._take_place(me)
            self._changed.wait_for(lambda: me.is_displaced or self._is_turn_of(me), patience_s)
            is_turn = self._is_turn_of(me)
            if not me.is_displaced:
                self._waiting.remove(me)
            if not is_turn:
                abort(503, BUSY)
            self._is_busy = True
        try:
            yield
        finally:
            with self._changed:
                self._is_busy = False
                self._changed.notify_all()

    def _is_turn_of(self, me: _Waiting) -> bool:
        return not self._is_busy and not me.is_displaced and min(self._waiting, key=lambda each: each.rank) is me

    def _take_place(self, me: _Waiting) -> None:
        """Wait in line, in the place of who guessed more if there is none, be it of one's own block, or of all."""
        rivals = [each for each in self._waiting if each.block == me.block]
        if not rivals and len(self._waiting) >= SLOW_PLACES:
            rivals = self._waiting
        if rivals:
            worst = max(rivals, key=lambda each: each.rank)
            if worst.rank < me.rank:
                abort(503, BUSY)
            worst.is_displaced = True
            self._waiting.remove(worst)
        self._waiting.append(me)
        self._changed.notify_all()


@contextmanager
def _place(places: threading.BoundedSemaphore) -> Iterator[None]:
    if not places.acquire(blocking=False):
        abort(503, BUSY)
    try:
        yield
    finally:
        places.release()


@contextmanager
def _turn(lock: threading.Lock, patience_s: float) -> Iterator[None]:
    if not lock.acquire(timeout=patience_s):
        abort(503, BUSY)
    try:
        yield
    finally:
        lock.release()
