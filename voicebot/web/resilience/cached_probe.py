"""Asks something that may hang, so that whoever wants to know waits no longer than a moment, or not at all.

One thread asks at a time, whatever the number of those who wait, since strangers who poll a health page cost one
question a second, and while nothing answers they are told so at once instead of holding threads that callers need. Not
a `TTLCache`, because that keeps an answer, but everybody who finds none would ask, or wait without an end.
Knows: threads, the process's clock. Must not know: what is asked.
"""

import threading
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class CachedProbe(Generic[Answer]):
    """Remembers the last answer to one question for a while."""

    def __init__(self, ask: Callable[[], Answer], *, fresh_for_s: float, patience_s: float) -> None:
        """`ask` must not raise, and one that does counts as no answer."""
        self._ask = ask
        self._fresh_for_s = fresh_for_s
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._answer: Answer | None = None
        self._answered_at = float("-inf")
        self._asking: threading.Event | None = None
        self._asked_at = 0.0

    def answer(self) -> Answer | None:
        """Return an answer no older than `fresh_for_s`, or None when none came within `patience_s` of asking."""
        with self._lock:
            if self._is_fresh():
                return self._answer
            asking = self._asking or self._begin()
            left_s = self._asked_at + self._patience_s - monotonic()
        asking.wait(max(0.0, left_s))
        with self._lock:
            return self._answer if self._is_fresh() else None

    def _is_fresh(self) -> bool:
        return monotonic() - self._answered_at <= self._fresh_for_s

    def _begin(self) -> threading.Event:
        self._asking = threading.Event()
        self._asked_at = monotonic()
        threading.Thread(target=self._run, args=(self._asking,), name="probe", daemon=True).start()
        return self._asking

    def _run(self, asking: threading.Event) -> None:
        try:
            answer = self._ask()
            with self._lock:
                self._answer, self._answered_at = answer, monotonic()
        finally:
            with self._lock:
                self._asking = None
            asking.set()
