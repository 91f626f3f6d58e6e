"""The caller's audio between its arrival and its hearing. A decoder may need seconds for what came, and a process that
is killed meanwhile takes its memory along.

So what belongs to an answer is stored as it arrives. Whether it belongs to one is judged by whoever hears it, and holds
until the wait ends. Behind a key that nobody has heeded yet nothing is stored ahead, because the key may end the answer
or refuse the recording.
Knows: bytes and keys in their order, two threads. Must not know: where they are stored, what ends an answer.
"""

import threading
from collections import deque
from collections.abc import Callable
from itertools import islice

Store = Callable[[bytes], bool]
"""Stores the next piece of an answer. Returns False when the disk refused it."""


class Arrivals:
    """One call's pieces of audio and keys that came and were not heeded. One thread adds them, another takes them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[bytes | None] = deque()
        """Audio, and None for a key."""
        self._stored = 0
        """How many of these, from the first, are stored already."""
        self._store: Store | None = None

    def came(self, audio: bytes | None) -> None:
        """Take what has just come, audio or a key, and store it if it belongs to an answer."""
        with self._lock:
            self._waiting.append(audio)
            self._store_ahead()

    def taken(self) -> None:
        """Forget the first, because it is heeded now."""
        with self._lock:
            self._store_ahead()
            if self._waiting:
                self._waiting.popleft()
                self._stored = max(0, self._stored - 1)

    def follow(self, store: Store) -> None:
        """Store all that waits and all that comes, until told to stop."""
        with self._lock:
            self._store = store
            self._store_ahead()

    def stop(self) -> None:
        """Store nothing more. When this returns nobody does."""
        with self._lock:
            self._store, self._stored = None, 0

    def _store_ahead(self) -> None:
        for audio in islice(self._waiting, self._stored, None):
            if audio is None or self._store is None:
                return
            if not self._store(audio):
                self._store = None
                return
            self._stored += 1
