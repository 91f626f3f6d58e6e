"""Lets the units of work of one process follow one another in the order in which they came, one or a few at a time.

SQLite has one writer at a time, and who finds it busy tries again after a pause, the longer the longer it has waited.
With many at once the lock is often free while all pause, and who came last may be first. This was measured at 50 texts
a second (November 2026, a busy machine), p50 60 ms and p99 2.6 s. Between processes that is how it stays. PostgreSQL
has many, so there a turn is a courtesy that keeps threads from crowding the interpreter (engine.py).
Knows: threads. Must not know: databases.
"""

import threading
from collections import deque


class WriterTurns:
    """So many turns at a time, first come, first served."""

    def __init__(self, patience_s: float, *, at_once: int = 1, is_courtesy: bool = False) -> None:
        self.is_courtesy = is_courtesy
        """Whoever gets no turn in time may go ahead without one."""
        self._patience_s = patience_s
        self._guard = threading.Lock()
        self._free = at_once
        self._waiting: deque[threading.Lock] = deque()

    def take(self) -> bool:
        """Wait for a turn, and return False when the patience is over."""
        with self._guard:
            if self._free:
                self._free -= 1
                return True
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        return called.acquire(timeout=self._patience_s) or not self._gave_up(called)

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    def give_back(self) -> None:
        """Let the next one in."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _gave_up(self, called: threading.Lock) -> bool:
        """Leave the queue, and return False for who was called at the last moment."""
        with self._guard:
            if called not in self._waiting:
                return False
            self._waiting.remove(called)
            return True
