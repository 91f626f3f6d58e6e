"""Which requests and faults of a call this process has seen before.

The carrier gives all tries of one request the same token. Turns, incoming calls, texts and receipts need none, because
they are known by their own numbers. Fetching what follows a lost stream has no number, and counted twice it would cost
the caller the stream. A second fault at the same address of a call is told from a first by both together.

In memory, since a repeat comes within seconds. After a restart, or from a carrier that sends no token, the call goes on
by recording or is resumed once more than it would have been, but nothing is lost.
Source: Twilio, usage/webhooks/webhooks-connection-overrides: equal across retries (twilio.md 1.1, not always sent).
Knows: keys. Must not know: routes.
"""

import threading
from collections.abc import Hashable

from cachetools import LRUCache

IDEMPOTENCY_HEADER = "I-Twilio-Idempotency-Token"
REMEMBERED = 5_000


class SeenRequests:
    """The keys seen last, which threads share."""

    def __init__(self, *, most: int = REMEMBERED) -> None:
        self._keys: LRUCache[Hashable, None] = LRUCache(maxsize=most)
        self._lock = threading.Lock()

    def is_repeat(self, key: Hashable) -> bool:
        """Remember the key, and return True when it was seen before. An empty one is never a repeat."""
        if not key:
            return False
        with self._lock:
            is_repeat = key in self._keys
            self._keys[key] = None
        return is_repeat
