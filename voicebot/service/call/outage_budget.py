"""How many callers get the last words and a recording while the database is away and nobody can count them there.

A recording costs us at the carrier, so a number that rings on and on must hear a busy line then, too. The budgets are
the policy's as it stood at the start. What is counted is this process's own, of calls in an outage alone, and is gone
with the process. Calls at once and minutes of talk are not known, because nobody tells when a recording ends.
Knows: budgets, numbers. Must not know: why the database is away, TwiML.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from voicebot.domain.budget import (
    DAY,
    HOUR,
    CallLimits,
    OverBudget,
    Party,
    Scope,
    Use,
    block_of,
    measure_over,
    parties_of_call,
)


@dataclass(frozen=True, slots=True)
class _Call:
    sid: str
    sender: str
    block: str
    at: datetime


class OutageBudget:
    """Counts in memory. Threads share it."""

    def __init__(self, limits: CallLimits, now: Callable[[], datetime]) -> None:
        self._limits = limits
        self._now = now
        self._lock = threading.Lock()
        self._calls: deque[_Call] = deque()

    def may_come_in(self, sid: str, sender: str) -> OverBudget | None:
        """Count a call and let it in (None), or return the limit it is over. `sender` is E.164 or WITHHELD.

        A webhook that comes again is not counted again.
        """
        now = self._now()
        with self._lock:
            while self._calls and now - self._calls[0].at >= DAY:
                self._calls.popleft()
            if any(call.sid == sid for call in self._calls):
                return None
            for party in parties_of_call(self._limits, sender):
                measure = measure_over(party.budget, self._use(party, now))
                if measure is not None:
                    return OverBudget(party.scope, measure)
            self._calls.append(_Call(sid, sender, block_of(sender, named=self._limits.named), now))
            return None

    def _use(self, party: Party, now: datetime) -> Use:
        mine = [call for call in self._calls if _is_of(call, party)]
        return Use(an_hour=sum(now - call.at < HOUR for call in mine), a_day=len(mine))


def _is_of(call: _Call, party: Party) -> bool:
    if party.scope is Scope.ALL:
        return True
    return (call.block if party.scope is Scope.PREFIX else call.sender) == party.key
