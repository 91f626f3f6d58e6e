"""Calls that this process has answered and that may come back to it. They are what it must not leave alone when it
ends.

Whether such a call still lasts stands in its row, for another process may have ended it.
Knows: ids of calls. Must not know: sockets, what is said.
"""

import threading
from collections.abc import Callable
from time import monotonic

from cachetools import FIFOCache

from voicebot.domain.call import CallStatus
from voicebot.errors import VoicebotError
from voicebot.service.hotline import Hotline
from voicebot.service.lookup import get_call

ANSWERED_CALLS = "voicebot.live_calls"
"""Where the application keeps its `AnsweredCalls`."""
MOST_CALLS = 2_000
"""How many are remembered, far more than one process can carry at a time."""
UNSURE_FOR_S = 60.0
"""While the database is away a call counts as lasting for so long after we last had to do with it."""
LINGER_S = 5.0
"""After the last answer, because a goodbye was played, and the carrier still fetches what comes after it."""


class AnsweredCalls:
    """Remembers calls by id."""

    def __init__(
        self,
        hotline: Hotline,
        *,
        is_carrying: Callable[[], bool],
        linger_s: float = LINGER_S,
        unsure_for_s: float = UNSURE_FOR_S,
        most: int = MOST_CALLS,
    ) -> None:
        self._hotline = hotline
        self._is_carrying = is_carrying
        self._linger_s = linger_s
        self._unsure_for_s = unsure_for_s
        self._lock = threading.Lock()
        # The call met longest ago goes first. Looking at one does not count as meeting it, as it would in an LRUCache.
        self._met: FIFOCache[str, float] = FIFOCache(maxsize=most)
        self._met_at: float | None = None

    def met(self, call_id: str) -> None:
        """Note that this process has just had to do with a call."""
        with self._lock:
            self._met_at = self._met[call_id] = monotonic()

    def is_quiet(self) -> bool:
        """Tell whether none of them lasts, no stream is carried, and nothing was answered just now.

        A call's row says that it ended as soon as the last turn is taken. Its goodbye is still to be played then, and
        the carrier still fetches its `<Hangup/>`, without which the caller hears the carrier's own words of failure.
        While the database is away those that we had to do with lately count as lasting.
        """
        if self._is_carrying():
            return False
        if self._met_at is not None and monotonic() - self._met_at < self._linger_s:
            return False
        with self._lock:
            met = tuple(self._met.items())
        return not any(self._lasts(call_id, met_at) for call_id, met_at in met)

    def _lasts(self, call_id: str, met_at: float) -> bool:
        try:
            call = get_call(self._hotline, call_id)
        except VoicebotError:
            return monotonic() - met_at < self._unsure_for_s
        if call is not None and call.status is CallStatus.LIVE:
            return True
        with self._lock:
            self._met.pop(call_id, None)
        return False
