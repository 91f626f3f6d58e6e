"""Which requests the carrier has sent before, by the token it gives all tries of one request.

Turns, births, texts and receipts need none: they are known by their own numbers. Fetching what follows a lost stream
has no number, and counted twice it would cost the caller the stream. In memory, since a repeat comes within seconds;
after a restart, or from a carrier that sends no token, the call goes on by recording, and nothing is lost.
Source: Twilio, usage/webhooks/webhooks-connection-overrides: equal across retries (twilio.md 1.1: not always sent).
Knows: tokens. Must not know: routes.
"""

import threading
from collections import OrderedDict

IDEMPOTENCY_HEADER = "I-Twilio-Idempotency-Token"
REMEMBERED_TOKENS = 5_000


class TokenMemory:
    """The newest tokens; threads share it."""

    def __init__(self, *, tokens: int = REMEMBERED_TOKENS) -> None:
        self._tokens = tokens
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def is_repeat(self, token: str) -> bool:
        """Remember the token; True when it was seen before. No token is never a repeat."""
        if not token:
            return False
        with self._lock:
            is_repeat = token in self._seen
            self._seen[token] = None
            while len(self._seen) > self._tokens:
                self._seen.popitem(last=False)
        return is_repeat
