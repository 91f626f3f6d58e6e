"""Lets one password be checked at a time, and keeps places apart: for known devices, for strangers, for slowed ones.

Checking a password is made to be dear, and a request that waits holds a thread. So few may wait, and strangers cannot
fill the places of those who are known. While somebody guesses, strangers pass one by one with a pause before each
check; of one block of networks only one waits at a time, so that a guesser with many addresses leaves room for others.
Knows: locks. Must not know: who is known, what is counted.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import abort

WAITING_PLACES = 8
"""Threads that strangers' logins may hold at once; the web process keeps more beyond its calls."""
KNOWN_PLACES = 4
SLOW_PLACES = 4
PATIENCE_S = 5.0
"""How long a login waits for its turn."""
PAUSE_S = 2.0
"""Before each slowed check: at most 43,200 guesses a day for all passwords together, in each process."""

BUSY = "Many people are logging in at this moment. Try again in a few seconds."


class LoginLanes:
    """The ways to the one check. Each raises: HTTPException (503) when its places are taken."""

    def __init__(self, *, pause: Callable[[float], object] | None = None) -> None:
        self._pause = pause or threading.Event().wait
        self._known, self._strangers, self._slowed = (
            threading.BoundedSemaphore(places) for places in (KNOWN_PLACES, WAITING_PLACES, SLOW_PLACES)
        )
        self._check, self._slow_turn, self._book = (threading.Lock() for _ in range(3))
        self._blocks: set[str] = set()

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
    def slowed(self, block: str) -> Iterator[None]:
        """Check a stranger's password while somebody guesses."""
        patience_s = SLOW_PLACES * (PAUSE_S + PATIENCE_S)
        with self._alone(block), _place(self._slowed), _turn(self._slow_turn, patience_s):
            self._pause(PAUSE_S)
            with _turn(self._check, PATIENCE_S):
                yield

    @contextmanager
    def _alone(self, block: str) -> Iterator[None]:
        with self._book:
            if block in self._blocks:
                abort(503, BUSY)
            self._blocks.add(block)
        try:
            yield
        finally:
            with self._book:
                self._blocks.discard(block)


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
