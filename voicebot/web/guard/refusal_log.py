"""Counts and tells refused requests, with every one in the counter, in the log one line a second for each route.

A stranger may send a thousand a second, and a line for each would fill the disk and cost more than the refusal.
Knows: counter, log. Must not know: why something is refused.
"""

import threading
from collections import Counter

import structlog
from cachetools import TTLCache

from voicebot.web.counters import BAD_SIGNATURES

PAUSE_S = 1.0
MOST_KEYS = 1_000
"""Many more than there are routes, and fields that may be wrong at them."""
CURES = {
    "To": "if that number is this hotline's too, add it to VOICEBOT_MORE_NUMBERS",
    "AccountSid": "compare TWILIO_ACCOUNT_SID with the account that owns the number",
}
"""What puts right a refusal of somebody who is ours."""

log = structlog.get_logger(__name__)


class RefusalLog:
    """Tells of refusals at most once a second for each route, with their number since the last line."""

    def __init__(self, *, pause_s: float = PAUSE_S) -> None:
        self._lock = threading.Lock()
        self._untold: Counter[str] = Counter()
        self._just_told: TTLCache[str, None] = TTLCache(maxsize=MOST_KEYS, ttl=pause_s)

    def note(self, route: str) -> None:
        """Count one refusal at a route (its rule, never a path)."""
        BAD_SIGNATURES.labels(route).inc()
        times = self._times_to_tell(route)
        if times:
            log.warning("bad_signature", route=route, times=times)

    def note_stray(self, route: str, field: str) -> None:
        """Tell of a signed request that is for somebody else by one of its fields, but what the field says is not
        told.
        """
        times = self._times_to_tell(f"{field} {route}")
        if times:
            log.warning("not_for_us", route=route, field=field, times=times, cure=CURES.get(field, ""))

    def _times_to_tell(self, route: str) -> int:
        with self._lock:
            self._untold[route] += 1
            if route in self._just_told:
                return 0
            self._just_told[route] = None
            return self._untold.pop(route)
