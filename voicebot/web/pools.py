"""The threads of the web process: a pool for each budget, and for each a bound on who may wait for one.

Knows: threads, budgets. Must not know: sockets, how a request is answered.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from voicebot.web.budgets import Budget, Share

Result = TypeVar("Result")


class Pools:
    """Called by the thread of the worker's loop only; what it hands out runs elsewhere."""

    def __init__(self, shares: Mapping[Budget, Share]) -> None:
        self._most = {budget: share.threads + share.most_waiting for budget, share in shares.items()}
        self._taken: Counter[Budget] = Counter()
        self._pools = {
            budget: ThreadPoolExecutor(max_workers=share.threads, thread_name_prefix=budget.value)
            for budget, share in shares.items()
        }

    def start(self, budget: Budget, work: Callable[[], Result]) -> "Future[Result] | None":
        """Begin the work as soon as its budget has a thread; None when too many wait for one."""
        if self._taken[budget] >= self._most[budget]:
            return None
        self._taken[budget] += 1
        return self._pools[budget].submit(work)

    def give_back(self, budget: Budget) -> None:
        """Count one work of this budget as done."""
        self._taken[budget] -= 1

    def shutdown(self, wait: bool = True) -> None:
        """Take no more work; with `wait`, until all of it is done."""
        for pool in self._pools.values():
            pool.shutdown(wait=wait)
