"""The threads of the web process, with a pool for each budget, and for each a bound on who may wait for one.

Within a budget each party (a network, budgets.py) has its turn, so a flood from one place makes another party wait for
one request of the flood, not for all. When too many wait, the newest of the party that has most waiting goes.
Knows: threads, budgets. Must not know: sockets, how a request is answered.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from voicebot.web.transport.budgets import Budget, Share


@dataclass(frozen=True, slots=True)
class Work:
    """One request to be answered."""

    run: Callable[[], bool]
    """What a thread does."""
    on_done: Callable[["Future[bool]"], object]
    """Called by that thread at the end, where it must lead to `Pools.give_back`."""
    on_displaced: Callable[[], object]
    """Called instead, by the thread of the loop, when the work waited and its place went to another party."""


class Pools:
    """Called by the thread of the worker's loop only, while what it hands out runs elsewhere."""

    def __init__(self, shares: Mapping[Budget, Share]) -> None:
        self._pools = {budget: _Pool(budget, share) for budget, share in shares.items()}

    def start(self, budget: Budget, party: str, work: Work) -> bool:
        """Begin the work as soon as it is its turn, and return False when too many wait and none of them has to go for
        it.
        """
        return self._pools[budget].start(party, work)

    def give_back(self, budget: Budget) -> None:
        """Count one work of this budget as done, and begin the next."""
        self._pools[budget].give_back()

    def shutdown(self, wait: bool = True) -> None:
        """Take no more work, and with `wait`, until all that has begun is done."""
        for pool in self._pools.values():
            pool.executor.shutdown(wait=wait)


class _Pool:
    """The threads of one budget."""

    def __init__(self, budget: Budget, share: Share) -> None:
        self.executor = ThreadPoolExecutor(max_workers=share.threads, thread_name_prefix=budget.value)
        self._free = share.threads
        self._most_waiting = share.most_waiting
        self._waiting = _Turns()

    def start(self, party: str, work: Work) -> bool:
        if self._free:
            self._begin(work)
            return True
        if len(self._waiting) >= self._most_waiting:
            displaced = self._waiting.take_from_crowd(party)
            if displaced is None:
                return False
            displaced.on_displaced()
        self._waiting.add(party, work)
        return True

    def give_back(self) -> None:
        self._free += 1
        if len(self._waiting):
            self._begin(self._waiting.take_next())

    def _begin(self, work: Work) -> None:
        self._free -= 1
        self.executor.submit(work.run).add_done_callback(work.on_done)


class _Turns:
    """Who waits, with the parties by turns, each one's works in the order in which they came."""

    def __init__(self) -> None:
        self._parties: OrderedDict[str, deque[Work]] = OrderedDict()
        self._many = 0

    def __len__(self) -> int:
        return self._many

    def add(self, party: str, work: Work) -> None:
        self._parties.setdefault(party, deque()).append(work)
        self._many += 1

    def take_next(self) -> Work:
        party, works = self._parties.popitem(last=False)
        self._many -= 1
        work = works.popleft()
        if works:
            self._parties[party] = works
        return work

    def take_from_crowd(self, party: str) -> Work | None:
        """Take the newest work of who has most, if that is more than this party would have, or return None."""
        crowd = max(self._parties, key=lambda each: len(self._parties[each]), default=party)
        if len(self._parties.get(crowd, ())) <= len(self._parties.get(party, ())) + 1:
            return None
        self._many -= 1
        return self._parties[crowd].pop()
